"""Gates of projects that were not reached on the planned day."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Reach
from xianxue.kernel.columns import code_table
from xianxue.kernel.procedures.names import in_words
from xianxue.kernel.work import Line, WorkSource, source
from xianxue.organisations.choices import SCHOOL_KINDS
from xianxue.projects.access import KEEPS_PROJECTS, SEES_PROJECTS
from xianxue.projects.models import ProjectGate


@source
class LateGates(WorkSource):
    """They wait for the office that keeps the projects: it enters when a gate was reached, or a new day."""

    code = "projects.gates"
    label = gettext_lazy("项目节点")
    system = "capital_projects"
    unit = "project__unit_id"
    until = "planned_on"
    acts = KEEPS_PROJECTS
    sees = SEES_PROJECTS

    def waiting(self, today: date) -> QuerySet[Any]:
        """The first gate of each project that was planned before the day and has not been reached."""
        reached = ProjectGate.unguarded.filter(project=OuterRef("project"), reached_on__isnull=False).order_by()
        late = ProjectGate.unguarded.filter(reached_on__isnull=True, planned_on__lt=today)
        earlier = late.filter(project=OuterRef("project"), gate__lt=OuterRef("gate"))
        highest = reached.values("project").annotate(highest=Max("gate")).values("highest")
        first: QuerySet[Any] = late.filter(~Exists(earlier)).alias(highest=highest)
        # A gate below the last one reached was passed without a date: that is missing data, not a late project.
        return first.filter(Q(highest__isnull=True) | Q(highest__lt=F("gate")))

    def lines(self, keys: Sequence[int], reach: Reach) -> Mapping[int, Line]:
        """Project and gate."""
        del reach
        names = code_table("project_gate").labels
        gates = ProjectGate.unguarded.filter(pk__in=keys).select_related("project__unit")
        return {gate.pk: _line(gate, names) for gate in gates}


def _line(gate: ProjectGate, names: Mapping[str, str]) -> Line:
    unit = gate.project.unit
    return Line(
        title=gate.project.name,
        asked=_("“%(gate)s”节点未完成") % {"gate": names.get(str(gate.gate), gate.gate)},
        actor=in_words(KEEPS_PROJECTS),
        href=reverse("projects-detail", args=(gate.project_id,)),
        note=unit.shown_name if unit.kind in SCHOOL_KINDS else unit.name,
    )
