"""Bodies that decide, who sits in them from when to when, and what interests their members have."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from xianxue.accounts.models import User
from xianxue.kernel.access.models import ReachModel
from xianxue.meetings.choices import BodyKind, RecusalGround
from xianxue.organisations.models import Unit
from xianxue.people.models import Person


class Body(ReachModel):
    """A body of a unit (会议机构): its party organisation's leadership, its administrative team, its congress.

    `counts_only`: so many members that a meeting states their number and those present, and lists nobody (教代会).
    `stands_in_for`: kinds of bodies whose place it takes where the unit has none of its own (联合支部).
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="bodies", verbose_name=_("单位"))
    kind = models.CharField(_("会议类型"), max_length=16, choices=BodyKind)
    name = models.CharField(_("机构名称"), max_length=60)
    counts_only = models.BooleanField(_("只计人数"), default=False)
    stands_in_for = models.JSONField(_("代行职责"), default=list, blank=True)
    started_on = models.DateField(_("设立日期"))
    ended_on = models.DateField(_("撤销日期"), null=True, blank=True)

    reach_fields = ("unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("议事机构")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "kind"),
                condition=Q(ended_on__isnull=True) & ~Q(kind=BodyKind.OTHER),
                name="one_body_of_a_kind",
                violation_error_message=_("未能保存：这个单位已有同一种类的会议机构。请更改原有的一个。"),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="body_ends_after_it_starts",
                violation_error_message=_("未能保存：会议机构的结束日期早于开始日期。请核对两个日期。"),
            ),
        )

    def __str__(self) -> str:
        return self.name


class Seat(ReachModel):
    """A person's place in a body, from one day to another, both included.

    `is_chief`: 主要负责人, who speaks last; `is_discipline`: 纪检委员. `user` is the account by which the person signs.
    """

    body = models.ForeignKey(Body, models.PROTECT, related_name="seats", verbose_name=_("议事机构"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="seats", verbose_name=_("成员"))
    user = models.ForeignKey(User, models.PROTECT, null=True, blank=True, related_name="seats", verbose_name=_("账号"))
    duty = models.CharField(_("职务"), max_length=20)
    is_chief = models.BooleanField(_("主要负责人"), default=False)
    is_discipline = models.BooleanField(_("纪检委员"), default=False)
    order = models.PositiveSmallIntegerField(_("排序"), default=0)
    started_on = models.DateField(_("任职日期"))
    ended_on = models.DateField(_("免职日期"), null=True, blank=True)

    reach_fields = ("body__unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("议事机构成员")
        constraints = (
            models.UniqueConstraint(
                fields=("body", "person"),
                condition=Q(ended_on__isnull=True),
                name="one_open_seat_per_body",
                violation_error_message=_("未能保存：这个人已是这个会议机构的成员。请更改原有的一条，或先结束它。"),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="seat_ends_after_it_starts",
                violation_error_message=_("未能保存：成员的结束日期早于开始日期。请核对两个日期。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.body_id} {self.person_id}"


class Interest(ReachModel):
    """A member's standing declaration (利害关系申报): kin among the staff, a firm that one has to do with.

    Names `related` (a person of the register) or `organisation` (a firm, as its licence writes it), or both.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="interests", verbose_name=_("单位"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="interests", verbose_name=_("成员"))
    ground = models.CharField(_("关系"), max_length=10, choices=RecusalGround)
    related = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("相关人员")
    )
    organisation = models.CharField(_("相关单位"), max_length=80, blank=True)
    note = models.CharField(_("说明"), max_length=200, blank=True)
    started_on = models.DateField(_("开始日期"))
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)

    reach_fields = ("unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("利害关系")
        constraints = (
            models.CheckConstraint(
                condition=Q(related__isnull=False) | ~Q(organisation=""),
                name="interest_names_somebody",
                violation_error_message=_("未能保存：利害关系须写明涉及的人或单位。请至少填一项。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.person_id} {self.ground}"
