"""What no page of ours sends: it gets an answer in words, never a program error."""

import pytest
from django.db import OperationalError
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from tests.contracts.stage import Stage
from xianxue.kernel import resources
from xianxue.kernel.access import in_reach
from xianxue.kernel.resources import Register, asked

pytestmark = pytest.mark.postgres

ODD = ("%00", "a%00b", "9" * 5_000, "-1", "²", "2024-99-99", "..", "%F0%A0%AE%B7", "%ED%A0%80", "%22%3E%3Cscript%3E")


@pytest.mark.parametrize("register", resources.all_registers(), ids=str)
def test_odd_parameters_of_a_list(stage: Stage, register: Register) -> None:
    client = stage.cast.client(stage.who(register, register.view)[0])
    names = ["q", "sort", "page", "on", "columns"]
    for item in register.all_filters.values():
        names += [f"{item.name}_from", f"{item.name}_to"] if item.kind == "days" else [item.name]
    query = "&".join(f"{name}={text}" for name, text in zip(names * len(ODD), ODD * len(names), strict=False))
    assert client.get(f"{register.url()}?{query}").status_code == 404
    for text in ODD:
        query = "&".join(f"{name}={text}" for name in names)
        if "%00" not in text:
            _read_and_run(stage, register, query)
        if text in {ODD[0], ODD[-1]}:
            answer = client.get(f"{register.url()}?{query}")
            assert answer.status_code == (404 if "%00" in text else 200), text
            assert b"<script>" not in answer.content.replace(b'<script type="module"', b"").replace(b"<script src", b"")


def _read_and_run(stage: Stage, register: Register, query: str) -> None:
    """What a page of the list does with its address, without drawing it."""
    with in_reach(stage.cast.reach(stage.who(register, register.view)[0])):
        wanted = asked.read(register, QueryDict(query))
        assert len(list(wanted.rows()[:50])) <= wanted.rows().count()


@pytest.mark.parametrize("year", ["", "-1", "abc", "9" * 5_000, "²", "99999"])
def test_an_odd_year_is_no_year(stage: Stage, year: str) -> None:
    client = stage.cast.client("director")
    assert client.post(reverse("recompute"), {"year": year}).status_code in {403, 404}
    assert stage.cast.client("county_officer").post(reverse("recompute"), {"year": year}).status_code in {403, 404}


def test_a_busy_database_gets_a_sentence(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(*_arguments: object, **_named: object) -> None:
        raise OperationalError

    monkeypatch.setattr("xianxue.kernel.resources.listing.table", locked)
    client = Client(raise_request_exception=False)
    client.force_login(stage.cast.users["head"])
    answer = client.get(resources.get("pupils").url())
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "10")
    assert "刚才的操作没有完成，也没有写入：数据库正忙，或暂时连不上。" in answer.content.decode()


def test_a_foreign_host_name_is_a_bad_request(db: None) -> None:
    answer = Client(raise_request_exception=False).get("/", headers={"host": "evil.example"})
    assert answer.status_code == 400
    assert "没有看懂这次请求" in answer.content.decode()


@pytest.mark.parametrize("page", ["/", "/registers/pupils/", "/registers/search/?q=x", "/imports/", "/account/"])
def test_no_page_stays_in_the_cache_of_a_shared_computer(stage: Stage, page: str) -> None:
    answer = stage.cast.client("registrar").get(page)
    assert "no-store" in answer.headers["Cache-Control"]
