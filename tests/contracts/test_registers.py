"""What every register keeps, whoever declares it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.models import Model
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import PARTS
from tests.contracts.declared import samples
from tests.contracts.stage import Stage
from xianxue.kernel import resources
from xianxue.kernel.access import in_reach
from xianxue.kernel.access.models import ReachModel
from xianxue.kernel.resources import Register, asked, paths
from xianxue.kernel.resources.urls import addresses
from xianxue.kernel.resources.views import RegisterView, find
from xianxue.kernel.ui import menu
from xianxue.organisations.selectors import codes

REGISTERS = resources.all_registers()
every_register = pytest.mark.parametrize("register", REGISTERS, ids=str)
every_part = pytest.mark.parametrize("part", PARTS)


def rows_asked(stage: Stage, register: Register, part: str, query: str) -> list[int]:
    """Keys of the rows that a list's address shows to a person."""
    with in_reach(stage.cast.reach(part)):
        return list(asked.read(register, QueryDict(query)).rows().values_list("pk", flat=True))


def test_every_register_has_a_sample_and_every_sample_a_register() -> None:
    assert sorted(samples()) == sorted(item.code for item in REGISTERS)


def test_every_address_of_a_register_is_a_page_that_asks_it() -> None:
    """The gate stands in one class; tests/house sees to it that nobody goes round it."""
    for register in REGISTERS:
        for pattern in addresses(register):
            view: Any = pattern.callback
            assert issubclass(view.view_class, RegisterView), pattern.name
            assert view.view_initkwargs["register"] is register, pattern.name


@pytest.mark.postgres
@every_register
def test_the_list_shows_a_row_and_leads_to_its_page(stage: Stage, register: Register) -> None:
    row, reader = stage.row(register), stage.reader(register)
    client = stage.cast.client(reader)
    # Newest rows may stand on a later page: the search or the address alone must not be needed to see the list.
    page = client.get(register.url())
    assert page.status_code == 200
    assert row.pk in rows_asked(stage, register, reader, "")
    shown = client.get(register.url("detail", row.pk))
    assert shown.status_code == 200
    with in_reach(stage.cast.reach(reader)):
        title = register.title(register.fetched(register.visible().filter(pk=row.pk))[0])
    assert shown.context["page"].title == title


@pytest.mark.postgres
@every_register
def test_a_search_finds_the_row_by_its_beginning_and_nothing_by_nonsense(stage: Stage, register: Register) -> None:
    if not register.search:
        pytest.skip("has no search, by declaration")
    row, reader = stage.row(register), stage.reader(register)
    for path in register.search:
        text = paths.value(row, path)
        if text:
            found = rows_asked(stage, register, reader, f"q={str(text)[:4]}")
            assert row.pk in found, path
    assert rows_asked(stage, register, reader, "q=没有这样的东西") == []


@pytest.mark.postgres
@every_register
def test_a_filter_keeps_the_row_that_meets_it_and_refuses_nonsense(stage: Stage, register: Register) -> None:
    row, reader = stage.row(register), stage.reader(register)
    shut = {name: item.domain for name, item in register.all_filters.items() if item.domain}
    for name in shut:
        asked_for = rows_asked(stage, register, reader, f"{name}=no-such-value")
        assert asked_for == rows_asked(stage, register, reader, ""), name
    for domain in set(shut.values()):
        stage.open(domain, reader)
    for name, item in register.all_filters.items():
        with in_reach(stage.cast.reach(reader)):
            options = [str(value) for value, _label in item.options()] if item.options else []
        if options:
            _options_part_the_rows(stage, register, reader, name, options)
        elif item.kind == "days":
            _days_hold_the_row(stage, register, reader, name, row)
        else:
            assert rows_asked(stage, register, reader, f"{name}=没有这样的值") == [], name


def _options_part_the_rows(stage: Stage, register: Register, reader: str, name: str, options: list[str]) -> None:
    every = {pk for value in options for pk in rows_asked(stage, register, reader, f"{name}={value}")}
    assert every <= set(rows_asked(stage, register, reader, "")), name
    page = stage.cast.client(reader).get(f"{register.url()}?{name}={options[0]}")
    assert page.status_code == 200, name
    assert page.context["page"].table.chips[0].label.startswith(str(register.all_filters[name].label))
    assert rows_asked(stage, register, reader, f"{name}=no-such-value") == [], name


def _days_hold_the_row(stage: Stage, register: Register, reader: str, name: str, row: Model) -> None:
    day = paths.value(row, register.by_name[name].orm_path)
    if day is not None:
        assert row.pk in rows_asked(stage, register, reader, f"{name}_from={day}&{name}_to={day}"), name
    assert rows_asked(stage, register, reader, f"{name}_from=nonsense") == [], name
    assert rows_asked(stage, register, reader, f"{name}_from=2999-01-01") == [], name


@pytest.mark.postgres
@every_register
def test_sorting_keeps_all_rows_in_both_directions(stage: Stage, register: Register) -> None:
    for number in range(3):
        stage.row(register, number)
    reader = stage.reader(register)
    every = sorted(rows_asked(stage, register, reader, ""))
    names = [column.name for column in register.columns if register.sorting(column.name)]
    for name in names:
        up, down = (rows_asked(stage, register, reader, f"sort={mark}{name}") for mark in ("", "-"))
        assert sorted(up) == sorted(down) == every, name
    for name in names[:1]:
        page = stage.cast.client(reader).get(f"{register.url()}?sort={name}&columns={name}")
        heads = page.context["page"].table.columns
        assert [head.sorted for head in heads if head.name == name] == ["ascending"], name


@every_register
def test_no_column_chosen_breaks_the_list(stage: Stage, register: Register) -> None:
    stage.row(register)
    query = "&".join(f"columns={column.name}" for column in register.columns)
    page = stage.cast.client(stage.reader(register)).get(
        f"{register.url()}?{query}&columns=no-such&sort=no-such&page=99"
    )
    assert page.status_code == 200
    assert sorted(head.name for head in page.context["page"].table.columns) == sorted(register.by_name)


def _queries(client: Client, address: str) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return [query["sql"] for query in captured.captured_queries]


@every_register
def test_the_number_of_queries_does_not_grow_with_the_rows(
    stage: Stage, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Tables of codes are asked after every two seconds, which may fall on either page.
    monkeypatch.setattr(codes, "TRUSTED_SECONDS", 3_600.0)
    client, first = stage.cast.client(stage.reader(register)), stage.row(register)
    pages = [
        f"{register.url()}?" + "&".join(f"columns={column.name}" for column in register.columns),
        register.url("export"),
        register.url("detail", first.pk),
    ]
    text = _text(register, first)
    for address in pages:
        client.get(address)
    one = {address: _queries(client, address) for address in pages}
    found = _search_queries(stage, register, text)
    for number in (1, 2):
        stage.row(register, number)
    for address in pages:
        three = _queries(client, address)
        assert len(three) == len(one[address]), "\n".join([address, *three])
    assert len(_search_queries(stage, register, text)) == len(found), register.code


def _search_queries(stage: Stage, register: Register, text: str) -> list[str]:
    """Queries of this register's part of the search over everything; the page of all parts is tried once, below."""
    with in_reach(stage.cast.reach(stage.reader(register))), CaptureQueriesContext(connection) as captured:
        find.hits_of(register, text)
    return [query["sql"] for query in captured.captured_queries]


def test_the_search_over_everything_asks_no_more_with_more_rows(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codes, "TRUSTED_SECONDS", 3_600.0)
    searched = [item for item in REGISTERS if item.search and item.in_search]
    texts = {_text(item, stage.row(item, 5)) for item in searched}
    client, asked = stage.cast.client("county_officer"), {}
    for number in (6, 7):
        pages = {text: client.get("/registers/search/", {"q": text}) for text in texts}
        assert any(page.context["found"] for page in pages.values())
        asked[number] = {text: len(_queries(client, f"/registers/search/?q={text}")) for text in texts}
        for item in searched:
            stage.row(item, number)
    assert asked[6] == asked[7]


def _text(register: Register, row: Model) -> str:
    return next((str(value)[:2] for path in register.search if (value := paths.value(row, path))), "x")


@every_register
def test_what_is_out_of_reach_does_not_exist(stage: Stage, register: Register) -> None:
    if not register.units_of:
        pytest.skip("rows belong to no unit, by declaration")
    mine = stage.row(register, 1, stage.cast.second_primary)
    theirs = stage.row(register, 0, stage.cast.first_primary)
    unit = register.unit_of(theirs)
    outside = stage.who(register, register.view, wanted=lambda scope: not scope.every and bool(scope))
    outsiders = [part for part in outside if unit not in stage.cast.reach(part).units]
    drawn = stage.one_of_each(lambda part: tuple(stage.visible(register, part)), outsiders)
    for part in drawn.values() or ["other_registrar"]:
        client = stage.cast.client(part)
        absent = client.get(register.url("detail", 999_999))
        own_pages = [register.url("detail", theirs.pk)] + ([register.url("edit", theirs.pk)] if register.sheet else [])
        for address in own_pages:
            answer = client.get(address)
            assert (answer.status_code, answer.content) == (404, absent.content), address
        for column in register.columns:
            if column.sealed:
                answer = client.post(register.url("reveal", theirs.pk, column.name))
                assert answer.status_code == 404
        if part in outside:
            assert theirs.pk not in rows_asked(stage, register, part, "")
            assert client.get(register.url()).context["page"].table.total == len(stage.visible(register, part))
            assert mine.pk in stage.visible(register, part) or part != "other_registrar"
        for text in filter(None, (paths.value(theirs, path) for path in register.search)):
            assert register.url("detail", theirs.pk) not in _found(stage, register, part, str(text)), part


def _found(stage: Stage, register: Register, part: str, text: str) -> list[str]:
    """Where the register's part of the search over everything leads: its page as a whole is tried in test_leaks."""
    with in_reach(stage.cast.reach(part)):
        hits = find.hits_of(register, text)
    return [hit.href for hit in hits.hits] if hits else []


def _narrows(register: Register) -> bool:
    """Whether the register shows fewer rows than its units hold, by a rule of its own (the reader's own, undecided pairs)."""
    own_reach = any("rows_in" in vars(kind) for kind in register.model.__mro__ if kind is not ReachModel)
    return own_reach or any(vars(kind).keys() & {"rows", "within", "visible"} for kind in type(register).__mro__[:-2])


@every_register
def test_each_role_reaches_exactly_the_rows_of_its_units(stage: Stage, register: Register) -> None:
    rows = [stage.row(register, number, school) for number, school in enumerate(stage.schools())]
    units = {row.pk: {paths.value(row, path) for path in register.units_of} for row in rows}
    for part in PARTS:
        reach = stage.cast.reach(part)
        scope = register.view.scope(reach)
        expected = {
            pk
            for pk, theirs in units.items()
            if scope and (not theirs or any(unit in scope and unit in reach.units for unit in theirs))
        }
        visible = set(stage.visible(register, part)) & set(units)
        assert visible <= expected, part
        assert visible == expected or _narrows(register), part
        with in_reach(reach):
            assert register.may_view() == bool(scope), part


def _statuses(client: Client, register: Register) -> dict[str, int]:
    pages = ["list", "export", *(["new"] if register.sheet and register.creates else [])]
    return {page: client.get(register.url(page)).status_code for page in pages}


@every_register
def test_a_register_opens_to_those_who_may_and_does_not_exist_for_the_others(stage: Stage, register: Register) -> None:
    def decide(part: str) -> tuple[bool, bool]:
        reach = stage.reach(part)
        return bool(register.view.scope(reach)), bool(register.change.scope(reach))

    for (sees, changes), part in stage.one_of_each(decide).items():
        expected = {"list": 200, "export": 200, "new": 200 if changes else 403}
        for page, status in _statuses(stage.cast.client(part), register).items():
            assert status == (expected[page] if sees else 404), (part, page)
    assert set(_statuses(stage.cast.client("nobody"), register).values()) == {302}


@every_part
def test_the_menu_shows_a_register_exactly_to_those_who_see_it(stage: Stage, part: str) -> None:
    reach = stage.cast.reach(part)
    tabs = {tab.href for group in menu.entries(reach) for entry in group.entries for tab in entry.tabs}
    shown = [item.code for item in REGISTERS if item.url() in tabs]
    assert shown == [item.code for item in REGISTERS if item.in_menu and item.view.scope(reach)]


def test_the_pages_of_a_system_lead_to_one_another(stage: Stage) -> None:
    client = stage.cast.client("director")
    for group in menu.entries(stage.cast.reach("director")):
        for entry in group.entries:
            page = client.get(entry.tabs[0].href, follow=True).content.decode()
            bar = page.partition('<div class="system-tabs">')[2].partition("<h1")[0]
            links = re.findall(r'<a[^>]* href="([^"]*)"', bar)
            assert links[: len(entry.tabs)] == ([tab.href for tab in entry.tabs] if len(entry.tabs) > 1 else []), entry


def _sealed(register: Register) -> Iterator[tuple[str, Any]]:
    for column in register.columns:
        if column.sealed:
            yield column.name, column


@every_register
def test_sealed_values_are_masked_until_they_are_asked_for_and_asking_is_recorded(
    stage: Stage, register: Register
) -> None:
    columns = dict(_sealed(register))
    if not columns:
        pytest.skip("seals nothing, by declaration")
    row = stage.row(register)
    reader = stage.reader(register)
    with in_reach(stage.cast.reach(reader)):
        loaded = register.fetched(register.visible().filter(pk=row.pk))[0]
    values = {name: paths.value(loaded, column.orm_path) for name, column in columns.items()}
    assert any(values.values()), "the sample has no sealed value to hide"
    revealers = stage.who(register, register.reveal)

    def decide(part: str) -> tuple[bool, ...]:
        return row.pk in stage.visible(register, part), part in revealers, row.pk in _in_scope(stage, register, part)

    for (sees, *_rights), part in stage.one_of_each(decide, stage.who(register, register.view)).items():
        client = stage.cast.client(part)
        if not sees:
            continue
        pages = [register.url() + "?" + "&".join(f"columns={name}" for name in columns), register.url("detail", row.pk)]
        for page in pages:
            text = client.get(page).content.decode()
            assert [name for name, value in values.items() if value and str(value) in text] == []
        name, value = next((name, value) for name, value in values.items() if value)
        address = register.url("reveal", row.pk, name)
        assert client.get(address).status_code == 405
        answer = client.post(address)
        if register.reveal_domain and part in revealers and row.pk in _in_scope(stage, register, part):
            assert "/restricted/" in answer.headers["Location"]
            stage.open(register.reveal_domain, part)
            answer = client.post(address)
        if part in revealers and row.pk in _in_scope(stage, register, part):
            assert str(value) in answer.content.decode()
            detail = client.get(register.url("detail", row.pk)).content.decode()
            assert "查看原值" in detail
            assert str(value) not in detail
        else:
            assert answer.status_code == 403


def _in_scope(stage: Stage, register: Register, part: str) -> list[int]:
    with in_reach(stage.reach(part)):
        return list(register.within(register.rows(), register.reveal).values_list("pk", flat=True))
