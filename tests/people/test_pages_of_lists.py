"""Pages of the pupils' list, however they are found: the same as a plain walk, none repeats a row or loses one."""

from collections.abc import Iterator
from datetime import date
from itertools import product

import pytest
from django.db import connection
from django.http import QueryDict
from django.test.utils import CaptureQueriesContext

from tests.factories.people import EnrolmentFactory, PersonFactory
from tests.people.places import Place
from tests.people.sending import Sending
from xianxue.kernel.access import OutOfReach, in_reach
from xianxue.kernel.resources import asked, get, listing, slices
from xianxue.people.choices import ExitReason
from xianxue.people.models import Enrolment

NAMES = ("张小明", "单红", "张小明")
PAGE = 3


@pytest.fixture(autouse=True)
def _long_lists(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty pupils with many ties, some without a class, on pages that count as long and as deep."""
    monkeypatch.setattr(slices, "FEW_ROWS", 0)
    monkeypatch.setattr(slices, "DEEP", 0)
    monkeypatch.setattr(slices, "LOOKED_THROUGH", 2)
    monkeypatch.setattr(listing, "PAGE", PAGE)
    first = (place.rooms["甲", 2024, 1], place.rooms["甲", 2024, 2], None)
    seats = [*product((place.first,), first), (place.second, place.rooms["乙", 2024, 1])]
    for number in range(40):
        school, room = seats[number * 7 % len(seats)]
        person = PersonFactory(name=NAMES[number % len(NAMES)])
        EnrolmentFactory(person=person, school=school, classroom=room, entered_on=date(2024, 9, 1 + number % 4))
        # Guardians and others whom the list does not show stand between the names.
        PersonFactory(name="李大红")


@pytest.fixture
def reader(officer: Sending) -> Iterator[Sending]:
    with in_reach(officer.reach):
        yield officer


def page(query: str, number: int) -> list[int]:
    found, _total, _page = listing.page_of(asked.read(get("pupils"), QueryDict(f"{query}&page={number}")))
    return [row.pk for row in found]


def plain(query: str) -> list[int]:
    return list(asked.read(get("pupils"), QueryDict(query)).rows().values_list("pk", flat=True))


def paged(query: str) -> list[int]:
    last = -(-len(plain(query)) // PAGE)
    return [pk for number in range(1, last + 1) for pk in page(query, number)]


@pytest.mark.usefixtures("reader")
def test_pages_in_every_order_are_those_of_a_plain_walk() -> None:
    register = get("pupils")
    names = [name for name in register.by_name if register.sorting(name)]
    assert {"name", "grade", "class_name", "entered_on"} <= set(names)
    orders = ["", *(f"sort={sign}{name}" for name in names for sign in ("", "-"))]
    assert [query for query in orders if paged(query) != plain(query)] == []
    assert len(plain("")) == 40


@pytest.mark.usefixtures("reader")
def test_so_are_pages_of_what_a_search_or_a_filter_leaves() -> None:
    queries = [
        f"{narrow}&sort={sort}" for narrow in ("q=明", "q=sh", "on=2024-09-02") for sort in ("", "name", "-name")
    ]
    assert [query for query in queries if paged(query) != plain(query)] == []
    assert [len(plain(query)) for query in queries[::3]] == [27, 13, 20]


def test_two_readers_by_turns_see_their_own_pages(registrar: Sending, other_registrar: Sending) -> None:
    seen: list[set[int]] = []
    for reader in (registrar, other_registrar, registrar, other_registrar):
        with in_reach(reader.reach):
            everything = paged("sort=name")
            assert everything == plain("sort=name")
            seen.append(set(everything))
    assert seen[:2] == seen[2:]
    assert not seen[0] & seen[1]
    assert len(seen[0] | seen[1]) == 40


def test_a_reach_that_shrank_shows_less_on_the_next_request(officer: Sending, registrar: Sending) -> None:
    with in_reach(officer.reach):
        before = paged("")
    with in_reach(registrar.reach):
        assert set(paged("")) < set(before)
        wanted = asked.read(get("pupils"), QueryDict("page=9"))
        rows = wanted.rows()
    with in_reach(officer.reach), pytest.raises(OutOfReach):
        slices.keys(rows, wanted.order(), 0, 1, 40)


@pytest.mark.usefixtures("reader")
def test_what_is_skipped_is_walked_without_its_joins() -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page("", 5)
    (walk,) = [
        one["sql"] for one in queries if f"LIMIT {PAGE} OFFSET" in one["sql"] and '"name_pinyin"' not in one["sql"]
    ]
    assert "JOIN" not in walk


@pytest.mark.usefixtures("reader")
def test_who_was_seen_is_not_asked_for_again_and_only_for_grants_of_that_scope(registrar: Sending) -> None:
    register, row = get("pupils"), Enrolment.objects.order_by("pk")[0]
    register.seen(row)
    with CaptureQueriesContext(connection) as queries:
        assert register.allows(register.view, row)
    assert len(queries) == 0
    Enrolment.objects.filter(pk=row.pk).update(school=place_of_other(row), classroom=None)
    with in_reach(registrar.reach):
        assert not register.allows(register.change, row)


def place_of_other(row: Enrolment) -> object:
    return Enrolment.objects.exclude(school=row.school).order_by("pk")[0].school


@pytest.mark.usefixtures("reader")
def test_those_who_left_are_on_no_page() -> None:
    Enrolment.objects.filter(person__name="单红").update(
        status="left", ended_on=date(2024, 9, 20), exit_reason=ExitReason.TRANSFERRED
    )
    assert paged("") == plain("")
    assert len(plain("")) == 27
