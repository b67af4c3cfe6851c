"""The tree of units: what lies below, and what stands above."""

from collections.abc import Collection
from functools import reduce
from operator import or_

from django.db.models import Q, QuerySet

from xianxue.kernel.access import current_reach, remembered
from xianxue.kernel.columns import Referent
from xianxue.organisations.choices import SCHOOL_KINDS, UnitKind
from xianxue.organisations.models import Classroom, School, Unit


def descendants(unit: Unit) -> QuerySet[Unit]:
    """The unit and all units below it that are in reach."""
    return Unit.objects.filter(path__startswith=unit.path)


def ancestors(unit: Unit) -> QuerySet[Unit]:
    """The units above, from the root down; asked for by people whose reach ends below, so without the reach."""
    above = [int(part) for part in unit.path.strip("/").split("/")][:-1]
    return Unit.unguarded.filter(pk__in=above).order_by("path")


def county_of(unit: Unit) -> Unit | None:
    """The county to which a unit belongs; the unit itself if it is one; None above the counties."""
    if unit.kind == UnitKind.COUNTY:
        return unit
    return ancestors(unit).filter(kind=UnitKind.COUNTY).first()


def unit_names(unit_ids: Collection[int]) -> dict[int, str]:
    """Names of units, whoever asks: for parties of a matter that the reader may see. One query."""
    named = Unit.unguarded.filter(pk__in=unit_ids).values_list("pk", "short_name", "name")
    return {pk: short or name for pk, short, name in named}


def units_below(unit_ids: Collection[int]) -> frozenset[int]:
    """The units and all below them, whoever asks: it makes a reach narrower, never wider. Two queries."""
    paths = Unit.unguarded.filter(pk__in=unit_ids).values_list("path", flat=True)
    below = reduce(or_, (Q(path__startswith=path) for path in paths), Q(pk__in=[]))
    return frozenset(Unit.unguarded.filter(below).values_list("pk", flat=True))


def schools_of_classes(unit_ids: Collection[int]) -> dict[int, int]:
    """Class → school, of those of the units that are classes, whoever asks. One query."""
    return dict(Classroom.unguarded.filter(pk__in=unit_ids).values_list("pk", "school_id"))


def unit_named(text: str) -> int | None:
    """Primary key of the one unit in reach with that code or full name; None for none and for several."""
    found = Unit.objects.filter(Q(code=text) | Q(name=text) & ~Q(kind=UnitKind.CLASSROOM)).values_list("pk", flat=True)
    first = list(found[:2])
    return first[0] if len(first) == 1 else None


def schools_in_reach() -> QuerySet[School]:
    """Schools and kindergartens in reach, with their units, in the order of the tree."""
    return School.objects.select_related("unit").order_by("unit__path")


def open_units(kind: str | None = None) -> QuerySet[Unit]:
    """Units in reach that are not closed, of one kind or of all."""
    units = Unit.objects.filter(closed_on__isnull=True)
    return units.filter(kind=kind) if kind else units


def classrooms_of(school: School) -> QuerySet[Classroom]:
    """Classes of a school in reach, youngest cohort first."""
    return Classroom.objects.filter(school=school).order_by("stage", "-cohort_year", "number")


def school_referents() -> list[Referent]:
    """What a cell that names a school can mean: the schools in reach, by code, name or short name."""
    return remembered(("schools", current_reach().units), _school_referents)


def _school_referents() -> list[Referent]:
    units = Unit.objects.filter(kind__in=SCHOOL_KINDS).order_by("path")
    return [
        Referent(pk, name, tuple(filter(None, (code, short_name))), pk)
        for pk, name, short_name, code in units.values_list("pk", "name", "short_name", "code")
    ]
