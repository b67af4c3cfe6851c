"""The kernel's own registers: who read what, and emergencies."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xianxue.kernel import restricted
from xianxue.kernel.columns import Column, Text
from xianxue.kernel.resources.panels import Fields
from xianxue.kernel.resources.register import Action, Register, register
from xianxue.kernel.restricted.models import Opening, ReadRecord
from xianxue.kernel.restricted.selectors import emergencies, records_in_oversight


@register
class ReadRecordRegister(Register):
    """Who read whose restricted facts, when and for which purpose."""

    code, model, label = "read-records", ReadRecord, _("查阅记录")
    system, menu_order = "records", 60
    columns = (
        Column("at", _("查阅时间"), Text(20), path="at_shown"),
        Column("reader", _("查阅人"), Text(60)),
        Column("subject_label", _("被查阅人"), Text(60)),
        Column("domain", _("受限领域"), Text(20), path="domain_shown"),
        Column("what", _("查阅内容"), Text(120)),
        Column("purpose", _("查阅目的"), Text(20), path="purpose_shown"),
        Column("people", _("涉及人数"), Text(10)),
    )
    search, search_label = ("subject_label", "reader"), _("被查阅人、查阅人")
    order = ("-at", "-pk")
    unit_paths = ()
    view = restricted.overseers
    creates = False
    in_search = False
    panels = (Fields(),)

    def rows(self, on: Any = None) -> "QuerySet[Any]":
        return records_in_oversight()

    def title(self, row: Any) -> str:
        return f"{row.subject_label or row.what} · {row.reader}"


@register
class EmergencyRegister(Register):
    """Emergencies: the glass was broken, by whom, why, and what the overseer found."""

    code, model, label = "emergencies", Opening, _("紧急查阅")
    system, menu_order = "records", 61
    columns = (
        Column("subject_label", _("被查阅人"), Text(60)),
        Column("reader", _("查阅人"), Text(60)),
        Column("domain", _("受限领域"), Text(20), path="domain_shown"),
        Column("started_at", _("开始时间"), Text(20), path="started_shown"),
        Column("reason", _("紧急理由"), Text(200)),
        Column("verdict", _("复核结论"), Text(12), path="verdict_shown"),
        Column("judged_by", _("复核人"), Text(60)),
    )
    order = ("-started_at", "-pk")
    view = restricted.overseers
    creates = False
    in_search = False
    panels = (Fields(),)
    actions = (Action(_("复核"), "restricted-judge", restricted.overseers, on_row=True),)

    def rows(self, on: Any = None) -> "QuerySet[Any]":
        return emergencies()

    def title(self, row: Any) -> str:
        return f"{row.subject_label} · {row.reader}"
