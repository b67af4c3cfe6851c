"""The registers of projects; money and gates are reached from their project."""

from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

from django.db.models import QuerySet, Sum
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.columns import Column, Text, code_table
from xianxue.kernel.resources import (
    Action,
    Custom,
    Fields,
    Grid,
    History,
    NewLine,
    Papers,
    Register,
    Related,
    choice,
    register,
    yes_no,
)
from xianxue.kernel.ui import details, formats
from xianxue.kernel.ui.figures import Figure
from xianxue.kernel.ui.parts import Step
from xianxue.projects import selectors, sheets
from xianxue.projects.access import KEEPS_PROJECTS, SEES_PROJECTS
from xianxue.projects.models import CapitalProject, ProjectFunding, ProjectGate

UNIT = Column("unit", _("所属单位"), Text(60), path="unit__name")
OF_PROJECT = Column("project", _("项目"), Text(80), path="project__name")


def gates_missing(project: CapitalProject, gates: Sequence[ProjectGate]) -> Iterator[NewLine]:
    """Gates of which the project has no dates yet."""
    known = {str(gate.gate) for gate in gates}
    for gate in code_table("project_gate").labels:
        if gate not in known:
            yield NewLine(f"gate{gate}", {"project": str(project.pk), "gate": gate})


def _money_panel(project: CapitalProject) -> details.Panel | None:
    """Planned, received and paid as figures, with what has been paid against what has been built."""
    sums = selectors.funding_of(project).aggregate(
        planned=Sum("planned_fen"), received=Sum("received_fen"), paid=Sum("paid_fen")
    )
    if sums["planned"] is None:
        return None
    labels = {"planned": _("计划"), "received": _("到位"), "paid": _("支付")}
    figures = [
        Figure(str(label), formats.grouped(sums[name] / 1_000_000, 0), str(_("万元"))) for name, label in labels.items()
    ]
    share = sums["paid"] * 100 // sums["planned"] if sums["planned"] else None
    if share is not None:
        figures.append(Figure(str(_("已支付占计划")), share, "%"))
    figures.append(Figure(str(_("形象进度")), project.built_percent, "%"))
    return details.FiguresPanel(str(_("资金与进度")), figures=figures)


def _gates_panel(project: CapitalProject) -> details.Panel | None:
    """The fourteen gates as steps: reached, next, to come."""
    names = code_table("project_gate").labels
    rows = list(selectors.gates_of(project))
    if not rows:
        return None
    last = max((row.gate for row in rows if row.reached_on), default=0)
    steps = [_step(row, names.get(str(row.gate), str(row.gate)), last) for row in rows]
    done = sum(1 for row in rows if row.reached_on)
    note = str(_("已完成 %(done)s / %(all)s")) % {"done": done, "all": len(rows)}
    return details.StepsPanel(str(_("进度")), note=note, steps=steps)


def _step(row: ProjectGate, name: str, last: int) -> Step:
    if row.reached_on:
        return Step(name, formats.china_date(row.reached_on, year="always"), "done")
    note = str(_("计划 %(day)s")) % {"day": formats.china_date(row.planned_on, year="always")} if row.planned_on else ""
    return Step(name, note, "current" if row.gate == last + 1 else "todo")


@register
class ProjectRegister(Register):
    """Capital projects."""

    code, model, label, counter = "projects", CapitalProject, _("建设项目"), _("个")
    system, menu_order = "capital_projects", 30
    columns = (
        Column("name", _("项目名称"), Text(80)),
        Column("code", _("项目编号"), Text(30)),
        UNIT,
        *sheets.PROJECT[3:],
    )
    list_columns = ("name", "unit", "kind", "is_livelihood", "approved", "places", "listed_on", "delivery_on")
    search, search_label = ("name", "code", "unit__name"), _("项目名称、编号、单位")
    filters = (
        "kind",
        yes_no("is_livelihood", _("民生实事"), "is_livelihood"),
        choice("unit", _("所属单位"), "unit_id", selectors.owners),
        "listed_on",
        "delivery_on",
    )
    order = ("code",)
    view, change, sheet = SEES_PROJECTS, KEEPS_PROJECTS, "projects"
    papers: ClassVar[Any] = {
        "approval": _("立项批复"),
        "contract": _("中标通知书和合同"),
        "acceptance": _("验收材料"),
        "settlement": _("结算、决算审计报告"),
        "photo": _("现场照片"),
    }
    actions = (Action(_("填写进度"), "project-gates-grid", KEEPS_PROJECTS, on_row=True),)
    panels = (
        Fields(),
        Custom(build=_money_panel),
        Related(
            title=_("资金"),
            rows=selectors.funding_of,
            columns=sheets.FUNDING[1:],
            register="project-funding",
            empty=_("没有登记资金。"),
        ),
        Papers(),
        History(),
        Custom(build=_gates_panel, aside=True),
    )

    def note(self, row: CapitalProject) -> str:
        return f"{row.code} · {row.unit.name}"

    def hint(self, row: CapitalProject) -> str:
        return row.unit.shown_name


@register
class FundingRegister(Register):
    """Money of projects by source."""

    code, model, label = "project-funding", ProjectFunding, _("项目资金")
    system, menu_order, in_menu, in_search = "capital_projects", 31, False, False
    columns = (OF_PROJECT, *sheets.FUNDING[1:])
    filters = ("source",)
    order = ("project__code", "source")
    view, change, sheet = SEES_PROJECTS, KEEPS_PROJECTS, "project_funding"

    def title(self, row: ProjectFunding) -> str:
        source = code_table("funding_source").labels.get(row.source, row.source)
        return f"{row.project.name} · {source}"

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("project")


@register
class GateRegister(Register):
    """Gates of projects."""

    code, model, label = "project-gates", ProjectGate, _("项目进度")
    system, menu_order, in_menu, in_search = "capital_projects", 32, False, False
    columns = (OF_PROJECT, *sheets.GATE[1:])
    filters = ("gate", "planned_on", "reached_on")
    order = ("project__code", "gate")
    view, change, sheet = SEES_PROJECTS, KEEPS_PROJECTS, "project_gates"
    grid = Grid(
        label=_("填写进度"),
        unit_label=_("项目"),
        units=selectors.projects_of,
        path="project_id",
        fixed=("gate",),
        columns=("planned_on", "reached_on"),
        missing=gates_missing,
        home="projects",
        sort=lambda cells: int(cells["gate"] or 0),
    )

    def title(self, row: ProjectGate) -> str:
        gate = code_table("project_gate").labels.get(str(row.gate), str(row.gate))
        return f"{row.project.name} · {gate}"

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("project")
