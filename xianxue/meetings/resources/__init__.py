"""The registers of bodies, their members, interests, and meetings."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.columns import Column, Date, Text, YesNo
from xianxue.kernel.resources import Action, Facts, Fields, History, Register, register
from xianxue.kernel.ui import details
from xianxue.meetings import sheets
from xianxue.meetings.access import KEEPS_ROSTERS, READS
from xianxue.meetings.choices import BodyKind
from xianxue.meetings.models import Body, Interest, Meeting, Seat

UNIT = Column("unit", _("学校"), Text(60), path="unit__name")
FROM, UNTIL = Column("started_on", _("任职日期"), Date()), Column("ended_on", _("免职日期"), Date())


@register
class BodyRegister(Register):
    """The bodies that decide in schools."""

    code, model, label, counter = "bodies", Body, _("议事机构"), _("个")
    system, menu_order, in_settings, creates = "decisions", 24, True, False
    columns = (
        Column("name", _("机构名称"), Text(60)),
        UNIT,
        Column("kind_label", _("会议类型"), Text(20)),
        Column("counts_only", _("只计人数"), YesNo()),
        Column("stead", _("代行职责"), Text(40)),
        Column("started_on", _("设立日期"), Date()),
        Column("ended_on", _("撤销日期"), Date()),
    )
    annotations = ("kind_label", "stead")
    search, search_label = ("name", "unit__name"), _("机构名称、学校")
    filters = ("started_on",)
    order = ("unit_id", "pk")
    view = READS
    actions = (
        Action(_("登记议事机构"), "meeting-body-new", KEEPS_ROSTERS),
        Action(_("变更议事机构"), "meeting-body-change", KEEPS_ROSTERS, on_row=True),
    )

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        for row in rows:
            row.kind_label = row.get_kind_display()
            row.stead = "、".join(str(BodyKind(kind).label) for kind in row.stands_in_for)

    def hint(self, row: Body) -> str:
        return row.unit.shown_name


@register
class SeatRegister(Register):
    """Who sits in which body, from when to when."""

    code, model, label, counter = "seats", Seat, _("议事机构成员"), _("人")
    system, menu_order, in_settings, creates = "decisions", 25, True, False
    columns = (
        Column("person", _("成员"), Text(60), path="person__name"),
        Column("body", _("议事机构"), Text(60), path="body__name"),
        Column("unit", _("学校"), Text(60), path="body__unit__name"),
        Column("duty", _("职务"), Text(20)),
        Column("is_chief", _("主要负责人"), YesNo()),
        Column("is_discipline", _("纪检委员"), YesNo()),
        FROM,
        UNTIL,
    )
    search, search_label = ("person__name", "duty"), _("姓名、职务")
    filters = ("is_chief", "is_discipline", "started_on")
    order = ("body_id", "order", "pk")
    view, change, sheet = READS, KEEPS_ROSTERS, sheets.SEATS.code
    actions = (
        Action(_("登记任职"), "meeting-seat-new", KEEPS_ROSTERS),
        Action(_("登记免职"), "meeting-seat-end", KEEPS_ROSTERS, on_row=True),
    )

    def title(self, row: Seat) -> str:
        return f"{row.person.name} {row.duty}"

    def hint(self, row: Seat) -> str:
        return row.body.name


@register
class InterestRegister(Register):
    """What members have declared."""

    code, model, label, counter = "interests", Interest, _("利害关系"), _("条")
    system, menu_order, in_settings, creates = "decisions", 26, True, False
    columns = (
        Column("person", _("成员"), Text(60), path="person__name"),
        UNIT,
        Column("ground_label", _("关系"), Text(20)),
        Column("related", _("相关人员"), Text(60), path="related__name"),
        Column("organisation", _("相关单位"), Text(80)),
        Column("started_on", _("开始日期"), Date()),
        Column("ended_on", _("结束日期"), Date()),
    )
    annotations = ("ground_label",)
    search, search_label = ("person__name", "organisation"), _("姓名、相关单位")
    filters = ("started_on",)
    order = ("unit_id", "pk")
    view = READS
    actions = (Action(_("登记利害关系"), "meeting-interest-new", KEEPS_ROSTERS),)

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        for row in rows:
            row.ground_label = row.get_ground_display()

    def title(self, row: Interest) -> str:
        return row.person.name

    def hint(self, row: Interest) -> str:
        return row.unit.shown_name


def _links(row: Meeting) -> Iterable[details.Fact]:
    yield details.Fact(str(_("会议记录")), str(_("查看")), reverse("meeting-member", args=(row.pk,)))
    yield details.Fact(str(_("办理过程")), str(_("查看")), reverse("matter", args=(row.matter_id,)))


@register
class MeetingRegister(Register):
    """Every meeting, with its record a click away."""

    code, model, label, counter = "meetings", Meeting, _("会议台账"), _("次")
    system, menu_order, creates = "decisions", 13, False
    columns = (
        Column("title", _("会议名称"), Text(80)),
        Column("number", _("会议编号"), Text(20)),
        UNIT,
        Column("body", _("议事机构"), Text(60), path="body__name"),
        Column("day", _("会议日期"), Date()),
        Column("state", _("办理状态"), Text(20)),
        Column("entered", _("录入日期"), Date()),
    )
    annotations = ("day", "state", "entered")
    search, search_label = ("title", "number"), _("会议名称、会议编号")
    order = ("-starts_at", "-pk")
    sort_paths = {"day": ("starts_at",), "entered": ("entered_at",)}
    view = READS
    unit_paths = ("unit_id",)
    panels = (Fields(), Facts(title=_("会议"), facts=_links, aside=True), History())

    def shown(self, rows: Any) -> Any:
        return rows.select_related("matter")

    def dress(self, rows: Sequence[Any], on: date | None = None) -> None:
        for row in rows:
            row.day = timezone.localdate(row.starts_at)
            row.state = str(row.matter.current.label)
            row.entered = timezone.localdate(row.entered_at) if row.entered_at else None

    def hint(self, row: Meeting) -> str:
        return row.unit.shown_name
