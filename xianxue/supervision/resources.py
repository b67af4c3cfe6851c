"""The register of matters: all of them, for those who may read them, with the columns of a case book."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any, ClassVar

from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Grant, current_reach
from xianxue.kernel.columns import Column, Date, Text
from xianxue.kernel.procedures import all_procedures
from xianxue.kernel.procedures.models import Matter, Todo
from xianxue.kernel.procedures.names import unit_names
from xianxue.kernel.procedures.selectors import visible_matters
from xianxue.kernel.resources import Filter, Register, register
from xianxue.supervision.access import reads_matters
from xianxue.supervision.board import late_todos


def _procedures() -> Iterable[tuple[str, str]]:
    reach = current_reach()
    return [(item.code, str(item.label)) for item in all_procedures() if item.read.scope(reach)]


def _of_procedure(value: str) -> Q:
    return Q(procedure=value)


def _standings() -> Iterable[tuple[str, str]]:
    return [("open", str(_("在办"))), ("late", str(_("逾期"))), ("finished", str(_("已办结")))]


def _by_standing(value: str) -> Q | None:
    if value == "late":
        return Q(pk__in=late_todos(timezone.localdate()).values("matter_id"))
    return {"open": Q(finished_on__isnull=True), "finished": Q(finished_on__isnull=False)}.get(value)


def _units() -> Iterable[tuple[str, str]]:
    known = visible_matters().order_by().values_list("unit_id", flat=True).distinct()
    return [(str(pk), name) for pk, name in sorted(unit_names(list(known)).items(), key=lambda item: item[1])]


def _started_by(value: str) -> Q | None:
    return Q(unit_id=int(value)) if value.isdecimal() and len(value) < 19 else None


@register
class Matters(Register):
    """Every run of every procedure."""

    code = "matters"
    label = _("办件")
    counter = _("件")
    model = Matter
    system = "work"
    menu_order = 60
    columns = (
        Column("title", _("事项名称"), Text(120)),
        Column("procedure_name", _("流程"), Text(40)),
        Column("state_name", _("状态"), Text(40)),
        Column("unit_name", _("发起单位"), Text(60)),
        Column("waits_for", _("等谁办"), Text(60)),
        Column("opened_on", _("收件日期"), Date()),
        Column("accept_due_on", _("受理期限"), Date()),
        Column("accepted_on", _("受理日期"), Date()),
        Column("finish_due_on", _("办结期限"), Date()),
        Column("finished_on", _("办结日期"), Date()),
    )
    list_columns = ("title", "procedure_name", "state_name", "waits_for", "opened_on", "finish_due_on", "finished_on")
    search = ("title",)
    search_label = _("事项名称")
    filters: ClassVar[Any] = (
        Filter("standing", _("办理情况"), _by_standing, _standings),
        Filter("procedure", _("流程"), _of_procedure, _procedures),
        Filter("unit", _("发起单位"), _started_by, _units),
        "opened_on",
        "finished_on",
    )
    annotations = ("procedure_name", "state_name", "unit_name", "waits_for")
    order = ("-pk",)
    sort_paths: ClassVar[Any] = {"procedure_name": ("procedure",), "state_name": ("procedure", "state")}
    view: ClassVar[Grant] = reads_matters
    unit_paths = ()
    subject_type = "procedures.matter"

    def rows(self, on: date | None = None) -> "QuerySet[Any]":
        """Matters that the reader may see by their procedure's own grant."""
        return visible_matters()

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        """Words for procedure, state, unit and who is waited for."""
        waiting: dict[int, list[int]] = {}
        todos = Todo.objects.filter(matter__in=[row.pk for row in rows])
        for matter_id, unit_id in todos.values_list("matter_id", "unit_id"):
            waiting.setdefault(matter_id, []).append(unit_id)
        names = unit_names([row.unit_id for row in rows] + [unit for units in waiting.values() for unit in units])
        for row in rows:
            row.procedure_name, row.state_name = str(row.declaration.label), str(row.current.label)
            row.unit_name = names.get(row.unit_id or 0, "")
            row.waits_for = "、".join(dict.fromkeys(names.get(unit, "") for unit in waiting.get(row.pk, [])))

    def url(self, page: str = "list", *args: Any) -> str:
        """A row's page is the matter's own."""
        return reverse("matter", args=args) if page == "detail" else super().url(page, *args)
