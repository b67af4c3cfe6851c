"""Pages of insight as each part sees them: the county's figures, one school's own, nothing of others."""

import re
from io import BytesIO
from typing import Any

import polars as pl
import pytest
from django.urls import reverse

from tests.cast import PARTS, Cast
from tests.kernel.indicators.sample import make_county
from xianxue.insight import catalogue
from xianxue.insight.cockpit import as_of
from xianxue.insight.figures import figures_json
from xianxue.insight.refresh import refresh, stale_years
from xianxue.kernel import indicators
from xianxue.kernel.access import system_actor, whole_county
from xianxue.kernel.commands import command
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.indicators import services
from xianxue.kernel.ui.systems import actions

BY = system_actor("test")


@pytest.fixture
def cast(db: None) -> Cast:
    cast = make_county()
    for year in (2023, 2024):
        services.compute(year, by=BY)
    return cast


def text(cast: Cast, part: str, address: str) -> str:
    answer = cast.client(part).get(address)
    assert answer.status_code == 200, address
    return " ".join(answer.content.decode().split())


def test_everybody_has_a_first_page(cast: Cast) -> None:
    for part in PARTS:
        assert "<h1>" in text(cast, part, "/"), part


def test_the_county_sees_the_published_figures_and_what_is_missing(cast: Cast) -> None:
    page = text(cast, "director", "/?year=2024")
    assert "全县一览" in page
    assert ">1,620</span>" in page
    for figure in catalogue.figures():
        assert figure.label in page
    assert page.count("尚无记录") == 5


def test_a_head_sees_the_own_school_only(cast: Cast) -> None:
    page = text(cast, "head", "/?year=2024")
    assert "第一小学" in page
    assert "第二小学" not in page
    assert ">1,080</span>" in page
    assert ">1,620</span>" not in page


def test_a_class_teacher_is_told_why_there_are_no_figures(cast: Cast) -> None:
    assert "还没有数字" in text(cast, "class_teacher", "/?year=2024")


def test_a_figure_that_nobody_delivers_says_so_and_never_0(cast: Cast) -> None:
    page = text(cast, "director", reverse("figure", args=("new_media_posts",)))
    assert "还没有启用" in page
    assert 'value-number">0' not in page


def test_every_figure_opens_to_school_and_rows(cast: Cast) -> None:
    for item in indicators.all():
        page = text(cast, "director", f"{reverse('figure', args=(item.code,))}?year=2024")
        assert str(item.label) in page
        assert str(item.definition) in page
        school = reverse("figure-unit", args=(item.code, cast.first_primary.pk))
        assert text(cast, "director", f"{school}?year=2024")
        assert text(cast, "director", f"{reverse('figure-rows', args=(item.code,))}?year=2024")


def test_a_figure_is_found_by_the_id_of_the_catalogue_too(cast: Cast) -> None:
    assert "aid.grants" in text(cast, "director", "/figures/aid_grants/?year=2024")


def test_rows_of_another_school_are_not_there(cast: Cast) -> None:
    address = reverse("figure-unit", args=("aid.grants", cast.second_primary.pk))
    assert cast.client("head").get(f"{address}?year=2024").status_code == 404
    export = reverse("figure-rows-export", args=("aid.grants",))
    assert cast.client("head").get(f"{export}?year=2024&unit={cast.second_primary.pk}").status_code == 404


def test_a_reader_of_the_number_need_not_be_a_reader_of_the_names(cast: Cast) -> None:
    address = f"{reverse('figure-rows', args=('aid.grants',))}?year=2024"
    assert "不能看明细" in text(cast, "project_officer", address)
    export = reverse("figure-rows-export", args=("aid.grants",))
    assert cast.client("project_officer").get(f"{export}?year=2024").status_code == 404


@pytest.mark.parametrize(("query", "rows"), [("", 3), ("&unit={school}", 1)])
def test_the_exported_rows_are_as_many_as_the_figure(query: str, rows: int, cast: Cast) -> None:
    address = f"{reverse('figure-rows-export', args=('aid.grants',))}?year=2024"
    answer = cast.client("aid_officer").get(address + query.format(school=cast.first_primary.pk))
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]  # a file is streamed
    assert pl.read_excel(BytesIO(content)).height == rows


@pytest.mark.parametrize(
    "address", ["/figures/nothing/", "/?year=abc", "/?year=20240", "/figures/aid.grants/?period=1"]
)
def test_what_does_not_exist_is_404(address: str, cast: Cast) -> None:
    assert cast.client("director").get(address).status_code == 404


def test_the_big_screen_has_the_five_actions(cast: Cast) -> None:
    page = text(cast, "director", "/screen/?year=2024")
    assert all(label in page for label in actions().values())


def test_what_is_late_says_what_is_missing_and_whose_move_it_is(cast: Cast) -> None:
    page = text(cast, "director", "/attention/")
    cells = re.findall(r"<td[^>]*>(.*?)</td>", page)
    assert cells[-4:-2] == ["确定为议题", "第一小学（校长、书记）"]
    assert (cells.count("说明情况"), cells.count("确定为议题")) == (3, 2)


def test_the_day_of_a_past_year_is_its_last(cast: Cast) -> None:
    assert as_of(2023).isoformat() == "2023-12-31"


@pytest.mark.parametrize(("part", "status"), [("director", 302), ("auditor", 403), ("head", 403)])
def test_who_may_recompute(part: str, status: int, cast: Cast) -> None:
    events = Event.objects.count()
    assert cast.client(part).post("/recompute/", {"year": "2024"}).status_code == status
    assert Event.objects.count() == events + (2 if status == 302 else 0)


def test_the_cockpit_asks_the_same_whatever_the_number_of_rows(cast: Cast, django_assert_max_num_queries: Any) -> None:
    client = cast.client("director")
    client.get("/?year=2024")
    with django_assert_max_num_queries(45):
        client.get("/?year=2024")


def test_figures_follow_the_records_once_it_is_quiet(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    assert 2024 not in stale_years()
    _change(by=BY)
    assert 2024 in stale_years()
    assert refresh() == []
    monkeypatch.setattr("xianxue.insight.refresh.is_quiet", lambda: True)
    assert 2024 in refresh()
    assert stale_years() == []


@command("test.change", label="测试改动")
def _change(*, by: Any) -> None:
    record(Subject("people.person", 1, "某人"), {"name": ["旧", "新"]})


def test_a_stale_page_says_so(cast: Cast) -> None:
    _change(by=BY)
    assert "此后有新的记录" in text(cast, "director", "/?year=2024")


def test_values_of_figures_for_the_command_line(cast: Cast) -> None:
    with whole_county("test"):
        rows = figures_json(2024)
    assert [row["id"] for row in rows] == [figure.id for figure in catalogue.figures()]
    found = {row["id"]: (row["value"], row["rows"], row["status"]) for row in rows}
    assert found["aid_grants"] == (3, 3, "computed")
    assert found["aid_amount_yuan"] == (1562.5, 3, "computed")
    assert found["new_media_posts"] == (None, 0, "no_records")
    assert all(row["unit"] and row["period"] for row in rows)
