"""A meeting: when and where, who was to come and came, what was on the agenda."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.accounts.models import User
from xianxue.kernel.access.models import ReachModel
from xianxue.kernel.crypto import SealedTextField
from xianxue.kernel.procedures.models import MatterSubject
from xianxue.kernel.ui import formats
from xianxue.meetings.choices import (
    AgendaKind,
    AttendanceRole,
    ItemOutcome,
    ItemState,
    Presence,
    RecusalGround,
    RecusalSource,
)
from xianxue.meetings.models.bodies import Body
from xianxue.organisations.models import Unit
from xianxue.people.models import Person


class Meeting(MatterSubject):
    """A meeting of a body. Times are moments; what the record says was *entered* may be later than what it tells of.

    `roster_total`, `present_total`: for bodies that count only. `revision` counts what the desk wrote.
    `record_digest`: what the members sign, and what lies under the lock.
    """

    body = models.ForeignKey(Body, models.PROTECT, related_name="meetings", verbose_name=_("议事机构"))
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="meetings", verbose_name=_("单位"))
    number = models.CharField(_("会议编号"), max_length=20)
    title = models.CharField(_("会议名称"), max_length=80)
    place = models.CharField(_("会议地点"), max_length=60, blank=True)
    starts_at = models.DateTimeField(_("通知的开会时间"))
    chair = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="chaired", verbose_name=_("主持人")
    )
    recorder = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="recorded", verbose_name=_("记录人")
    )
    noticed_at = models.DateTimeField(_("通知时间"), null=True, blank=True)
    began_at = models.DateTimeField(_("开始时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("结束时间"), null=True, blank=True)
    entered_at = models.DateTimeField(_("记录录入时间"), null=True, blank=True)
    locked_at = models.DateTimeField(_("锁定时间"), null=True, blank=True)
    roster_total = models.PositiveIntegerField(_("应到人数"), null=True, blank=True)
    present_total = models.PositiveIntegerField(_("实到人数"), null=True, blank=True)
    revision = models.PositiveIntegerField(_("记录版次"), default=0)
    record_digest = models.CharField(_("记录摘要"), max_length=64, blank=True)

    class Meta(MatterSubject.Meta):
        verbose_name = verbose_name_plural = _("会议")
        constraints = (
            models.UniqueConstraint(
                fields=("body", "number"),
                name="one_meeting_per_number",
                violation_error_message=_("未能保存：这个会议机构已有同一编号的会议。请重新打开后再保存。"),
            ),
        )
        indexes = (models.Index(fields=("unit", "starts_at"), name="meetings_of_unit"),)

    def __str__(self) -> str:
        return self.matter_title()

    def matter_title(self) -> str:
        """Name and number of the meeting."""
        return f"{self.title}（{self.number}）" if self.number else self.title

    def parties(self) -> dict[str, int]:
        """The unit that meets."""
        return {"unit": self.unit_id}

    def evidence_subjects(self) -> list[tuple[str, int]]:
        """The meeting, its items and their votes: what the desk wrote between two steps."""
        items = list(self.items.order_by("number").values_list("pk", "vote"))
        votes = [("meetings.vote", vote) for _item, vote in items if vote]
        return [("meetings.meeting", self.pk), *(("meetings.agendaitem", item) for item, _vote in items), *votes]

    def facts(self) -> list[tuple[Any, str]]:
        """Body, time, place, chair."""
        starts = timezone.localtime(self.starts_at)
        found = [
            (_("议事机构"), str(self.body)),
            (_("通知的开会时间"), f"{formats.china_date(starts.date(), year='always')} {starts:%H:%M}"),
            (_("会议地点"), self.place),
            (_("主持人"), self.chair.name if self.chair else _t("未定")),
        ]
        return [(label, text) for label, text in found if text]


class AgendaItem(ReachModel):
    """An item of the agenda. What it is about is said by the app that put it there.

    `added_at` against the notice tells 临时动议; `late_reason` and `late_approved_by` are why it was let in.
    `voted_with`: the item with which it was put to one vote, which should not be.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="items", verbose_name=_("会议"))
    number = models.PositiveSmallIntegerField(_("议程序号"))
    kind = models.CharField(_("议程类别"), max_length=10, choices=AgendaKind)
    title = models.CharField(_("议程名称"), max_length=120)
    state = models.CharField(_("议程状态"), max_length=10, choices=ItemState, default=ItemState.WAITING)
    added_at = models.DateTimeField(_("列入时间"))
    late_reason = models.CharField(_("临时动议理由"), max_length=200, blank=True)
    late_approved_by = models.CharField(_("同意临时动议的人"), max_length=60, blank=True)
    materials_at = models.DateTimeField(_("材料送达时间"), null=True, blank=True)
    began_at = models.DateTimeField(_("开始讨论时间"), null=True, blank=True)
    ended_at = models.DateTimeField(_("议毕时间"), null=True, blank=True)
    summary = SealedTextField(_("讨论摘要"), blank=True)
    resolution = SealedTextField(_("决定"), blank=True)
    outcome = models.CharField(_("结果"), max_length=10, choices=ItemOutcome, blank=True)
    postponed_until = models.DateField(_("缓议至"), null=True, blank=True)
    postponed_reason = models.CharField(_("缓议理由"), max_length=200, blank=True)
    voted_with = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="voted_along", verbose_name=_("一并表决的议程")
    )

    reach_fields = ("meeting__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("议程")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "number"),
                name="one_item_per_number",
                violation_error_message=_("未能保存：这次会议已有同一序号的议程。请重新打开后再保存。"),
            ),
        )

    def __str__(self) -> str:
        return self.title


class Concern(ReachModel):
    """Whom an item concerns: a candidate, a supplier. Members with an interest in it must leave the room."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="concerns", verbose_name=_("议程"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("涉及人员")
    )
    organisation = models.CharField(_("涉及单位"), max_length=80, blank=True)

    reach_fields = ("item__meeting__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("议程涉及对象")
        constraints = (
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(organisation=""),
                name="concern_names_somebody",
                violation_error_message=_("未能保存：议程涉及的对象须写明人或单位。请至少填一项。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_id} {self.organisation}"


class Attendance(ReachModel):
    """A person called to a meeting, with the seat as it was on the day of the meeting.

    A written opinion of somebody absent is kept here; it is not a vote (中办 2022 意见（五）). Guests from outside are no
    persons of the register: `name`, `duty`, and for an inspector `user`, say who they are.
    """

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="attendances", verbose_name=_("会议"))
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="attendances", verbose_name=_("人员")
    )
    name = models.CharField(_("姓名"), max_length=60)
    duty = models.CharField(_("职务"), max_length=20, blank=True)
    role = models.CharField(_("到会身份"), max_length=10, choices=AttendanceRole)
    is_chief = models.BooleanField(_("主要负责人"), default=False)
    is_discipline = models.BooleanField(_("纪检委员"), default=False)
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("账号"))
    served_at = models.DateTimeField(_("通知送达时间"), null=True, blank=True)
    read_at = models.DateTimeField(_("阅知时间"), null=True, blank=True)
    presence = models.CharField(_("到会情况"), max_length=10, choices=Presence, blank=True)
    arrived_at = models.DateTimeField(_("到会时间"), null=True, blank=True)
    left_at = models.DateTimeField(_("离会时间"), null=True, blank=True)
    absence_reason = models.CharField(_("缺席原因"), max_length=100, blank=True)
    written_opinion = SealedTextField(_("书面意见"), blank=True)

    reach_fields = ("meeting__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("到会人员")
        constraints = (
            models.UniqueConstraint(
                fields=("meeting", "person"),
                name="one_attendance_per_person",
                violation_error_message=_("未能保存：这个人已在这次会议的到会名单上。请更改原有的一条。"),
            ),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(role=AttendanceRole.MEMBER),
                name="member_is_a_person",
                violation_error_message=_("未能保存：会议成员须是已登记的人员。请从名单中选择。"),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Recusal(ReachModel):
    """A member who must not take part in an item, why, and when the member left and came back."""

    item = models.ForeignKey(AgendaItem, models.PROTECT, related_name="recusals", verbose_name=_("议程"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("回避人员"))
    ground = models.CharField(_("回避事由"), max_length=10, choices=RecusalGround)
    source = models.CharField(_("回避来源"), max_length=10, choices=RecusalSource)
    left_at = models.DateTimeField(_("离场时间"), null=True, blank=True)
    returned_at = models.DateTimeField(_("返回时间"), null=True, blank=True)

    reach_fields = ("item__meeting__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("回避")
        constraints = (
            models.UniqueConstraint(
                fields=("item", "person"),
                name="one_recusal_per_item",
                violation_error_message=_("未能保存：这个人已登记回避这项议程。请更改原有的一条。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.item_id} {self.person_id}"
