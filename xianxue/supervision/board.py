"""The overdue board: what is late and by how much, whose move it is, and the sums by procedure and by unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.kernel.access import current_reach
from xianxue.kernel.procedures import all_procedures
from xianxue.kernel.procedures.calendar import LateDays
from xianxue.kernel.procedures.models import Matter, Todo
from xianxue.kernel.procedures.names import unit_names
from xianxue.kernel.procedures.selectors import readable, visible_matters, with_limits
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.figures import Figure
from xianxue.kernel.ui.parts import Pill
from xianxue.kernel.ui.tables import Cell, FilterControl, FilterOption, HeadCell, Row, TableView, pager
from xianxue.supervision.todo import PAGE, steps_waited_for

UNITS_SHOWN = 30


@dataclass(frozen=True)
class Asked:
    """What the board was asked for; what means nothing is left out."""

    procedure: str = ""
    unit: int = 0
    page: int = 1

    @classmethod
    def read(cls, given: Mapping[str, str]) -> "Asked":
        """From the query of the address."""
        known = {item.code for item in all_procedures()}
        procedure = given.get("procedure", "")
        return cls(
            procedure if procedure in known else "", _number(given.get("unit", "")), _number(given.get("page", "")) or 1
        )

    @property
    def kept(self) -> dict[str, str]:
        """The conditions in force, as a query."""
        given = {"procedure": self.procedure, "unit": str(self.unit) if self.unit else ""}
        return {name: value for name, value in given.items() if value}


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and 0 < len(text) < 19 else 0


@dataclass(frozen=True)
class Board:
    """What the page draws."""

    figures: Sequence[Figure]
    late: TableView
    procedures: TableView
    units: TableView


def late_todos(today: date) -> QuerySet[Todo]:
    """What should have been done by now, in matters that the reader sees: by its own limit, or not accepted in time."""
    not_accepted = Q(matter__accepted_on__isnull=True, matter__accept_due_on__lt=today)
    todos = with_limits(Todo.objects.filter(readable(current_reach(), "matter")))
    return todos.filter(Q(until__lt=today) | not_accepted)


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


def build(asked: Asked) -> Board:
    """The board, for the units in reach. A fixed number of queries."""
    today = timezone.localdate()
    matters = visible_matters()
    todos = with_limits(Todo.objects.filter(readable(current_reach(), "matter")))
    if asked.procedure:
        matters, todos = matters.filter(procedure=asked.procedure), todos.filter(matter__procedure=asked.procedure)
    parts = list(sums(matters, today))
    late = late_todos(today).filter(pk__in=todos.values("pk"))
    by_unit = _by_unit(todos, late)
    if asked.unit:
        late = late.filter(unit_id=asked.unit)
    return Board(
        _figures(parts, late), _late_table(asked, late, today), _procedure_table(parts), _unit_table(by_unit, asked)
    )


def _figures(parts: Sequence[Mapping[str, Any]], late: QuerySet[Todo]) -> list[Figure]:
    total = {name: sum(part[name] for part in parts) for name in ("open", "late", "finished", "in_time")}
    escalated = late.filter(escalated_level__gt=0).count()
    return [
        Figure(_("在办"), total["open"], _("件")),
        Figure(_("逾期"), total["late"], _("件"), status=Pill(_("需督办"), "late") if total["late"] else None),
        Figure(_("已上报"), escalated, _("件")),
        Figure(_("今年办结"), total["finished"], _("件")),
        Figure(_("今年按期办结"), rate(total["in_time"], total["finished"]), note=_parts(total)),
    ]


def rate(in_time: int, finished: int) -> str | None:
    """In percent, rounded half up to one place; None over nothing."""
    return f"{formats.grouped(in_time * 100 / finished, 1)}%" if finished else None


def _parts(total: Mapping[str, int]) -> str:
    return f"{total['in_time']}/{total['finished']}" if total["finished"] else ""


def _late_table(asked: Asked, late: QuerySet[Todo], today: date) -> TableView:
    total = late.count()
    page = min(asked.page, max(1, -(-total // PAGE)))
    rows: list[Any] = list(
        late.select_related("matter").order_by(F("until").asc(nulls_last=True), "pk")[(page - 1) * PAGE : page * PAGE]
    )
    names = unit_names([row.unit_id for row in rows])
    limits = [day for row in rows for day in (row.until, row.matter.accept_due_on) if day]
    days = LateDays(today, min(limits, default=None))
    heads = (
        ("title", _("事项")), ("unit", _("等谁办")), ("step", _("要办")), ("days", _("逾期")), ("until", _("期限")),
        ("clocks", _("受理、办结时限")), ("escalated", _("上报")), ("procedure", _("流程")),
    )  # fmt: skip
    return TableView(
        columns=[HeadCell(name, label) for name, label in heads],
        rows=[_late_row(row, names, days) for row in rows],
        total=total,
        href=reverse("overdue"),
        label=_("逾期事项"),
        filters=[_procedures(asked)],
        kept=[(name, value) for name, value in asked.kept.items() if name != "procedure"],
        pager=pager(total, page, PAGE, reverse("overdue"), asked.kept.items()),
        empty_title=_("没有逾期的事项"),
    )


def _late_row(todo: Any, names: Mapping[int, str], days: LateDays) -> Row:
    matter = todo.matter
    late = max((number for number in (days.of(todo.until), _accept_late(matter, days)) if number), default=None)
    words = _("%(days)s 个工作日") % {"days": late} if late else _("已逾期")
    cells = [
        Cell(matter.title),
        Cell(names.get(todo.unit_id, "")),
        Cell(steps_waited_for(todo)),
        Cell(words, "pill", tone="late"),
        Cell(formats.china_date(todo.until)),
        Cell(_clocks(matter, days.today)),
        Cell(_escalated(todo)),
        Cell(str(matter.declaration.label)),
    ]
    return Row(cells, href=reverse("matter", args=(matter.pk,)), pk=str(todo.pk))


def _accept_late(matter: Matter, days: LateDays) -> int | None:
    return days.of(matter.accept_due_on) if matter.accepted_on is None else 0


def _clocks(matter: Matter, today: date) -> str:
    parts = []
    if matter.accept_due_on and matter.accepted_on is None:
        words = _("受理已逾期") if matter.accept_due_on < today else _("待受理")
        parts.append(words)
    if matter.paused_on:
        parts.append(_("暂停计时"))
    elif matter.finish_due_on:
        word = _("办结已逾期") if matter.finish_due_on < today else _("办结期限")
        parts.append(f"{word} {formats.china_date(matter.finish_due_on)}")
    return "，".join(parts)


def _escalated(todo: Todo) -> str:
    if not todo.escalated_level:
        return _("未上报")
    words = {"day": formats.china_date(todo.escalated_on), "level": todo.escalated_level}
    return _("%(day)s 已报第 %(level)s 级") % words


def _procedures(asked: Asked) -> FilterControl:
    reach = current_reach()
    known = [(item.code, str(item.label)) for item in all_procedures() if item.read.scope(reach)]
    options = [FilterOption(code, label, code == asked.procedure) for code, label in (("", _("全部流程")), *known)]
    return FilterControl("procedure", _("流程"), "select", options, asked.procedure)


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
            href=_address({"procedure": item.code}),
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


def _by_unit(todos: QuerySet[Todo], late: QuerySet[Todo]) -> list[dict[str, Any]]:
    found: QuerySet[Any, Any] = (
        todos.order_by()
        .annotate(is_late=Exists(late.filter(pk=OuterRef("pk"))))
        .values("unit_id")
        .annotate(
            waiting=Count("pk"),
            late=Count("pk", filter=Q(is_late=True)),
            escalated=Count("pk", filter=Q(is_late=True, escalated_level__gt=0)),
        )
    )
    return list(found.order_by("-late", "-waiting", "unit_id")[:UNITS_SHOWN])


def _unit_table(found: Sequence[Mapping[str, Any]], asked: Asked) -> TableView:
    names = unit_names([row["unit_id"] for row in found])
    heads = (("unit", _("单位")), ("waiting", _("待办")), ("late", _("逾期")), ("escalated", _("已上报")))
    kept = {"procedure": asked.procedure} if asked.procedure else {}
    return TableView(
        columns=[HeadCell(name, label, numeric=name != "unit") for name, label in heads],
        rows=[
            Row(
                [
                    Cell(names.get(row["unit_id"], "")),
                    *(Cell(formats.grouped(row[name]), "number") for name in ("waiting", "late", "escalated")),
                ],
                href=_address({**kept, "unit": str(row["unit_id"])}),
            )
            for row in found
        ],
        total=len(found),
        name="units",
        label=_("按单位"),
        empty_title=_("没有待办"),
    )


def _address(query: Mapping[str, str]) -> str:
    return f"{reverse('overdue')}?{urlencode(query)}"
