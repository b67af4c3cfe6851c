"""Whole pages on invented content: they are drawn, have one heading, and carry no code of their own."""

import re
from collections.abc import Iterator

import pytest
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.test import RequestFactory, override_settings

from xianxue.kernel.ui import charts, gallery, menu
from xianxue.kernel.ui.forms import FormPage, FormSection
from xianxue.kernel.ui.jobs import JobPage
from xianxue.kernel.ui.middleware import POLICY, ContentSecurityPolicy

CODE = {
    "a script in the page": re.compile(r"<script(?![^>]*\bsrc=)"),
    "a style in the page": re.compile(r"<style|\sstyle="),
    "an event attribute": re.compile(r"<[^>]*\son[a-z]+="),
    "another host": re.compile(r"(?:src|href)=\"(?:https?:)?//"),
}


@pytest.fixture(autouse=True)
def own_site(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(menu, "_tabs", {})
    with override_settings(
        ROOT_URLCONF="tests.kernel.ui.gallery_urls", UI_SHELL="tests.kernel.ui.gallery_urls.shell_of"
    ):
        yield


def request() -> HttpRequest:
    return RequestFactory().get("/ui/")


@pytest.mark.parametrize("name", ["gallery", *gallery.PAGES])
def test_a_page_is_drawn_with_one_heading_and_no_code(name: str) -> None:
    view = gallery.gallery(request()) if name == "gallery" else gallery.sample_page(request(), name)
    text = view.content.decode()
    assert text.count("<h1") == 1
    assert '<html lang="zh-CN"' in text
    assert re.search(r"<title>\s*\S", text)
    for what, pattern in CODE.items():
        assert not pattern.search(text), what
    identifiers = re.findall(r'\sid="([^"]+)"', text)
    assert name == "gallery" or len(identifiers) == len(set(identifiers))


def test_a_page_that_is_not_in_the_gallery_is_not_found() -> None:
    with pytest.raises(Http404):
        gallery.sample_page(request(), "nothing")


@pytest.mark.parametrize("name", ["400", "403", "403_csrf", "404", "500"])
def test_an_error_page_says_what_happened_and_needs_no_request(name: str) -> None:
    text = render_to_string(f"{name}.html")
    assert f'<p class="error-code">{name[:3]}</p>' in text
    assert "回到首页" in text
    assert re.search(r"<h1>[一-鿿]+</h1>", text)


def test_a_moving_job_asks_again_and_a_finished_one_does_not() -> None:
    moving = JobPage("名册", "running", "正在检查", poll_href="/imports/1/", total=10)
    assert 'hx-get="/imports/1/" hx-trigger="load delay:1500ms"' in render_to_string(
        "ui/job/state.html", {"page": moving}
    )
    done = JobPage("名册", "done", "已写入", poll_href="/imports/1/")
    assert "hx-get" not in render_to_string("ui/job/state.html", {"page": done})


def test_a_form_page_shows_all_fields_or_those_of_its_sections() -> None:
    form = gallery.SignInForm()
    assert [len(fields) for _, fields in FormPage("登录", form, "登录").groups] == [2]
    sections = (FormSection("身份", ("username",)),)
    assert [fields[0].name for _, fields in FormPage("登录", form, "登录", sections=sections).groups] == ["username"]
    with pytest.raises(KeyError):
        _ = FormPage("登录", form, "登录", sections=(FormSection("身份", ("nobody",)),)).groups


def test_a_chart_stands_beside_the_table_that_says_the_same() -> None:
    chart = charts.Chart("议题", "bar", ("1 月", "2 月"), (charts.Series("2024", (3, None)),), "个")
    text = " ".join(render_to_string("ui/chart.html", {"chart": chart, "rows": [("1 月", ["3"])]}).split())
    assert 'data-controller="chart" data-chart="{&quot;title&quot;: &quot;议题&quot;' in text
    assert '<tr><th scope="row">1 月</th><td class="numeric">3</td></tr>' in text
    assert chart.table == [("1 月", [3]), ("2 月", [None])]


def test_a_series_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="2024: 1 values for 2 categories"):
        charts.Chart("议题", "bar", ("1 月", "2 月"), (charts.Series("2024", (3,)),))


def test_every_answer_carries_the_policy_unless_it_has_its_own() -> None:
    answer = ContentSecurityPolicy(lambda _: gallery.gallery(request()))(request())
    assert answer.headers["Content-Security-Policy"] == POLICY
    assert "unsafe" not in POLICY
