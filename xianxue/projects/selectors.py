"""What is read about capital projects."""

from collections.abc import Collection
from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from xianxue.kernel.access import UnitScope
from xianxue.kernel.columns import Referent
from xianxue.organisations.choices import UnitKind
from xianxue.organisations.models import SchoolYear, Unit
from xianxue.projects.choices import BUILDING_KINDS, GATE_CLOSED, GATE_DELIVERED
from xianxue.projects.models import CapitalProject, ProjectFunding, ProjectGate

OWNERS = (UnitKind.COUNTY, UnitKind.OFFICE, UnitKind.SCHOOL, UnitKind.KINDERGARTEN)


def _reached(gate: int, *, start: date | None = None, end: date | None = None) -> Exists:
    """Whether a project reached the gate, from `start` on and before or on `end`."""
    gates = ProjectGate.objects.filter(project=OuterRef("pk"), gate=gate, reached_on__isnull=False)
    gates = gates.filter(reached_on__gte=start) if start else gates
    return Exists(gates.filter(reached_on__lte=end) if end else gates)


def building_projects(start: date, end: date) -> QuerySet[CapitalProject]:
    """Projects of new building and extension that were listed by `end` and not closed before `start`."""
    closed_before = _reached(GATE_CLOSED, end=start) & ~_reached(GATE_CLOSED, start=start)
    return CapitalProject.objects.filter(kind__in=BUILDING_KINDS, listed_on__lte=end).exclude(closed_before)


def approved_totals(projects: Collection[str]) -> dict[str, int]:
    """What is approved for each of these projects (keys as text), in 分, where it is known."""
    found = CapitalProject.objects.filter(pk__among=[int(pk) for pk in projects], approved_fen__isnull=False)
    return {str(pk): approved for pk, approved in found.values_list("pk", "approved_fen")}


def projects_of(scope: UnitScope) -> QuerySet[CapitalProject]:
    """Projects of these units."""
    return CapitalProject.objects.filter(scope.q("unit_id")).order_by("code")


def delivered_between(start: date, end: date) -> QuerySet[CapitalProject]:
    """Projects handed over between two days."""
    return CapitalProject.objects.filter(_reached(GATE_DELIVERED, start=start, end=end))


def delivered_or_due(start: date, end: date, due: date) -> QuerySet[CapitalProject]:
    """Projects handed over between two days, or still to be handed over from `start` on until `due`."""
    delivered = Q(_reached(GATE_DELIVERED, start=start, end=end))
    not_before = ~Q(_reached(GATE_DELIVERED, end=end))
    return CapitalProject.objects.filter(delivered | not_before & Q(expected_on__gte=start, expected_on__lte=due))


def school_year_end(year: int) -> date:
    """Last day of the school year that begins in a calendar year; 31 August where none is registered."""
    found = SchoolYear.objects.filter(start_year=year).values_list("ends_on", flat=True).first()
    return found or date(year + 1, 8, 31)


def funding_of(project: CapitalProject) -> QuerySet[ProjectFunding]:
    """A project's money by source."""
    return ProjectFunding.objects.filter(project=project).order_by("-planned_fen")


def gates_of(project: CapitalProject) -> QuerySet[ProjectGate]:
    """A project's gates in order."""
    return ProjectGate.objects.filter(project=project).order_by("gate")


def project_referents() -> list[Referent]:
    """What a cell that names a project can mean: the projects in reach, by number or name."""
    columns = ("pk", "name", "code", "unit_id")
    return [Referent(pk, name, (code,), unit) for pk, name, code, unit in CapitalProject.objects.values_list(*columns)]


def owner_referents() -> list[Referent]:
    """What a cell that names a project's owner can mean: bureau, offices and schools in reach."""
    units = Unit.objects.filter(kind__in=OWNERS).order_by("path")
    return [
        Referent(pk, name, tuple(filter(None, (code, short))), pk)
        for pk, name, short, code in units.values_list("pk", "name", "short_name", "code")
    ]


def owners() -> list[tuple[str, str]]:
    """Units that have projects, as (primary key, name), for a filter."""
    found = CapitalProject.objects.order_by("unit__path").values_list("unit_id", "unit__name").distinct()
    return [(str(pk), name) for pk, name in dict(found).items()]
