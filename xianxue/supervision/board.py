"""The overdue board: what is late and by how much, whose move it is, and the sums by procedure and by unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.kernel.access import Reach, current_reach
from xianxue.kernel.procedures import all_procedures
from xianxue.kernel.procedures.models import Matter, Todo
from xianxue.kernel.procedures.names import unit_names
from xianxue.kernel.procedures.selectors import readable, visible_matters, with_limits
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.figures import Figure
from xianxue.kernel.ui.parts import Pill
from xianxue.kernel.ui.tables import Cell, FilterControl, FilterOption, HeadCell, Row, TableView, pager
from xianxue.kernel.work import selectors as work
from xianxue.kernel.work.selectors import Standing
from xianxue.supervision.work_list import PAGE, Asked, WorkLine, WorkList, work_list

UNITS_SHOWN = 30


@dataclass(frozen=True)
class Board:
    """What the page draws."""

    figures: Sequence[Figure]
    late: TableView
    procedures: TableView
    units: TableView


def late_todos(today: date) -> QuerySet[Todo]:
    """What should have been done by now, in matters that the reader sees."""
    todos: QuerySet[Any] = with_limits(Todo.objects.filter(readable(current_reach(), "matter")))
    return todos.filter(until__lt=today)


def sums(matters: QuerySet[Matter], today: date) -> QuerySet[Any, Any]:
    """Additive parts by procedure: open, late, finished this year, and of those in time. A rate is made of the parts."""
    year = Q(finished_on__gte=date(today.year, 1, 1))
    in_time = Q(finish_due_on__isnull=True) | Q(finished_on__lte=F("finish_due_on"))
    late = Exists(late_todos(today).filter(matter=OuterRef("pk")))
    return (
        matters.order_by()
        .annotate(is_late=late)
        .values("procedure")
        .annotate(
            open=Count("pk", filter=Q(finished_on__isnull=True)),
            late=Count("pk", filter=Q(is_late=True)),
            finished=Count("pk", filter=year),
            in_time=Count("pk", filter=year & in_time),
        )
    )


def build(reach: Reach, given: Asked) -> Board:
    """The board, for the units in reach: what is late of everything that waits. A fixed number of queries."""
    today, asked = timezone.localdate(), replace(given, part="late")
    matters = visible_matters().filter(procedure=asked.kind) if asked.kind else visible_matters()
    parts = list(sums(matters, today))
    late = work_list(reach, "in_sight", asked)
    standings = work.standings(reach, today, work.Asked(kind=asked.kind))
    every = work.Asked(asked.kind, parts=work.limits(today))
    every_late = work.counts(reach, today, "in_sight", every).parts["late"]
    escalated = late_todos(today).filter(escalated_level__gt=0, matter__in=matters.values("pk")).count()
    return Board(
        _figures(parts, every_late, escalated),
        _late_table(asked, late),
        _procedure_table(parts),
        _unit_table(standings, asked),
    )


def _figures(parts: Sequence[Mapping[str, Any]], late: int, escalated: int) -> list[Figure]:
    total = {name: sum(part[name] for part in parts) for name in ("open", "finished", "in_time")}
    return [
        Figure(_("在办"), total["open"], _("件")),
        Figure(_("逾期"), late, _("件"), status=Pill(_("需督办"), "late") if late else None),
        Figure(_("已上报"), escalated, _("件")),
        Figure(_("今年办结"), total["finished"], _("件")),
        Figure(_("今年按期办结"), rate(total["in_time"], total["finished"]), note=_parts(total)),
    ]


def rate(in_time: int, finished: int) -> str | None:
    """In percent, rounded half up to one place; None over nothing."""
    return f"{formats.grouped(in_time * 100 / finished, 1)}%" if finished else None


def _parts(total: Mapping[str, int]) -> str:
    return f"{total['in_time']}/{total['finished']}" if total["finished"] else ""


def _late_table(asked: Asked, late: WorkList) -> TableView:
    heads = (
        ("title", _("事项")), ("actor", _("等谁办")), ("asked", _("要办")), ("late", _("逾期")), ("until", _("期限")),
        ("note", _("说明")), ("kind", _("类别")),
    )  # fmt: skip
    kept = {name: value for name, value in asked.kept.items() if name != "part"}
    return TableView(
        columns=[HeadCell(name, label) for name, label in heads],
        rows=[_late_row(line) for line in late.lines],
        total=late.total,
        href=reverse("overdue"),
        label=_("逾期事项"),
        filters=[_kinds(asked, late)],
        kept=[(name, value) for name, value in kept.items() if name != "kind"],
        pager=pager(late.total, late.page, PAGE, reverse("overdue"), kept.items()),
        empty_title=_("没有逾期的事项"),
    )


def _late_row(line: WorkLine) -> Row:
    item = line.item
    cells = [
        Cell(item.line.title),
        Cell(item.line.actor),
        Cell(item.line.asked),
        Cell(line.limit.text, "pill", tone=line.limit.tone),
        Cell(formats.china_date(item.until)),
        Cell(item.line.note),
        Cell(str(item.kind.label)),
    ]
    return Row(cells, href=item.line.href, pk=str(item.key))


def _kinds(asked: Asked, late: WorkList) -> FilterControl:
    options = [FilterOption("", _("全部类别"), not asked.kind)]
    options += [FilterOption(code, label, code == asked.kind, number) for code, label, number in late.kinds]
    return FilterControl("kind", _("类别"), "select", options, asked.kind)


def _procedure_table(parts: Sequence[Mapping[str, Any]]) -> TableView:
    heads = (
        ("label", _("流程")),
        ("open", _("在办")),
        ("late", _("逾期")),
        ("finished", _("今年办结")),
        ("rate", _("按期率")),
    )
    by_code = {part["procedure"]: part for part in parts}
    rows = [
        Row(
            [
                Cell(str(item.label)),
                *(Cell(formats.grouped(by_code[item.code][name]), "number") for name in ("open", "late", "finished")),
                Cell(rate(by_code[item.code]["in_time"], by_code[item.code]["finished"]) or "", "number"),
            ],
            href=_address({"kind": item.code}),
        )
        for item in all_procedures()
        if item.code in by_code
    ]
    return TableView(
        columns=[HeadCell(name, label, numeric=name != "label") for name, label in heads],
        rows=rows,
        total=len(rows),
        name="procedures",
        label=_("按流程"),
        empty_title=_("还没有办件"),
    )


def _unit_table(standings: Mapping[int, Standing], asked: Asked) -> TableView:
    sizes = {
        unit: (sum(one.late.values()), sum(one.late.values()) + sum(one.due.values()) + sum(one.now.values()))
        for unit, one in standings.items()
    }
    units = sorted(sizes, key=lambda unit: (-sizes[unit][0], -sizes[unit][1], unit))[:UNITS_SHOWN]
    names = unit_names(units)
    kept = {"kind": asked.kind} if asked.kind else {}
    return TableView(
        columns=[
            HeadCell("unit", _("单位")),
            HeadCell("waiting", _("待办"), numeric=True),
            HeadCell("late", _("逾期"), numeric=True),
        ],
        rows=[
            Row(
                [
                    Cell(names.get(unit, "")),
                    Cell(formats.grouped(sizes[unit][1]), "number"),
                    Cell(formats.grouped(sizes[unit][0]), "number"),
                ],
                href=_address({**kept, "unit": str(unit)}),
            )
            for unit in units
        ],
        total=len(units),
        name="units",
        label=_("按单位"),
        empty_title=_("没有待办"),
    )


def _address(query: Mapping[str, str]) -> str:
    return f"{reverse('overdue')}?{urlencode(query)}"
