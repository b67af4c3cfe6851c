"""Nothing is readable outside a reach, by whatever path."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.db.models import Count, Max, QuerySet

from xianxue.kernel.access import (
    EVERY_UNIT,
    NO_UNIT,
    OutOfReach,
    Reach,
    UnitScope,
    current_reach,
    everyone_signed_in,
    holds,
    in_reach,
    nobody,
    whole_county,
)
from xianxue.organisations.models import Unit

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture
def two_schools() -> tuple[Unit, Unit]:
    """First and Second Primary."""
    make = Unit.unguarded.create
    return make(kind="school", name="第一小学", path="/1/"), make(kind="school", name="第二小学", path="/2/")


def reach_of(*units: Unit, role: str = "registrar") -> Reach:
    return Reach(roles={role: UnitScope(frozenset(unit.pk for unit in units))}, user_id=1)


WAYS: dict[str, Callable[[QuerySet[Unit]], Any]] = {
    "list": list,
    "exists": lambda rows: rows.exists(),
    "count": lambda rows: rows.count(),
    "get": lambda rows: rows.get(),
    "first": lambda rows: rows.first(),
    "values": lambda rows: list(rows.values("name")),
    "iterator": lambda rows: list(rows.iterator()),
    "aggregate": lambda rows: rows.aggregate(Max("pk")),
    "annotate": lambda rows: list(rows.values("kind").annotate(n=Count("pk"))),
    "in_bulk": lambda rows: rows.in_bulk(),
    "dates": lambda rows: list(rows.dates("opened_on", "year")),
    "union": lambda rows: list(rows.union(rows)),
    "explain": lambda rows: rows.explain(),
    "update": lambda rows: rows.update(name="改名"),
    "delete": lambda rows: rows.delete(),
    "raw": lambda rows: list(rows.raw("SELECT * FROM organisations_unit")),
    "subquery": lambda rows: Unit.unguarded.filter(pk__in=rows.values("pk")).count(),
    "contains": lambda rows: rows.contains(Unit(pk=1)),
    "earliest": lambda rows: rows.earliest("pk"),
    "bulk_update": lambda rows: rows.bulk_update([Unit(pk=1, name="改名")], ["name"]),
}


@pytest.mark.parametrize("way", WAYS)
def test_no_way_of_reading_or_writing_works_outside_a_reach(way: str, two_schools: tuple[Unit, Unit]) -> None:
    with pytest.raises(OutOfReach), transaction.atomic():
        WAYS[way](Unit.objects.all())
    assert Unit.unguarded.filter(name__in=["第一小学", "第二小学"]).count() == 2


@pytest.mark.parametrize("way", WAYS)
def test_a_query_made_in_one_reach_does_not_run_in_another(way: str, two_schools: tuple[Unit, Unit]) -> None:
    with whole_county("test"):
        rows = Unit.objects.all()
    with in_reach(reach_of(two_schools[0])), pytest.raises(OutOfReach), transaction.atomic():
        WAYS[way](rows)


def test_a_query_holds_the_rows_in_reach_only(two_schools: tuple[Unit, Unit]) -> None:
    first, second = two_schools
    with in_reach(reach_of(first)):
        assert list(Unit.objects.all()) == [first]
        assert Unit.objects.count() == 1
        assert not Unit.objects.filter(pk=second.pk).exists()
        assert Unit.objects.filter(pk=second.pk).update(name="改名") == 0
    with in_reach(reach_of()):
        assert Unit.objects.count() == 0
    with in_reach(reach_of(first, second)):
        assert Unit.objects.count() == 2


def test_reaches_nest_and_end(two_schools: tuple[Unit, Unit]) -> None:
    outer, inner = reach_of(two_schools[0]), reach_of(two_schools[1])
    with in_reach(outer):
        with in_reach(inner):
            assert current_reach() is inner
        assert current_reach() is outer
    with pytest.raises(OutOfReach):
        current_reach()


def test_a_scope_of_nothing_is_not_a_scope_of_everything(two_schools: tuple[Unit, Unit]) -> None:
    assert not Unit.unguarded.filter(NO_UNIT.q("pk")).exists()
    assert Unit.unguarded.filter(EVERY_UNIT.q("pk")).count() == Unit.unguarded.count()
    assert Unit.unguarded.filter(NO_UNIT.q("pk") | EVERY_UNIT.q("pk")).count() == Unit.unguarded.count()


def test_a_grant_answers_whether_and_where() -> None:
    reach = Reach(roles={"head": UnitScope(frozenset({1})), "auditor": UnitScope(frozenset({1, 2}))}, user_id=7)
    assert holds("head").scope(reach) == UnitScope(frozenset({1}))
    assert (holds("head") | holds("auditor")).scope(reach) == UnitScope(frozenset({1, 2}))
    assert not holds("registrar").scope(reach)
    assert not nobody.scope(reach)
    assert (nobody | holds("head")).scope(reach) == UnitScope(frozenset({1}))
    assert (holds("head") | everyone_signed_in).scope(reach).every
    assert not everyone_signed_in.scope(Reach())


def test_the_system_holds_every_role() -> None:
    with whole_county("test") as reach:
        assert holds("registrar").scope(reach).every
