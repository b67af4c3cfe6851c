"""What gives people their reach: postings, requests that a second person confirms, and delegations."""

from django.db import models
from django.db.models import F, Q
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from xianxue.accounts.choices import RequestKind
from xianxue.accounts.models.users import User
from xianxue.kernel.access import role_choices
from xianxue.organisations.models import Unit
from xianxue.organisations.roles import ADMINISTRATORS


class Posting(models.Model):
    """A role at a unit, from one day to another: what a user may reach."""

    user = models.ForeignKey(User, models.PROTECT, related_name="postings", verbose_name=_("用户"))
    role = models.CharField(_("角色"), max_length=20, choices=role_choices)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="postings", verbose_name=_("单位"))
    office = models.CharField(_("所在科室"), max_length=30, blank=True)
    started_on = models.DateField(_("开始日期"))
    ended_on = models.DateField(_("结束日期"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("任职授权")
        constraints = (
            models.UniqueConstraint(
                fields=("user", "role", "unit"),
                condition=Q(ended_on__isnull=True),
                name="one_open_posting_per_role",
                violation_error_message=_("未能授权：这个人在这个单位已有同一角色的授权。请先结束原有的授权。"),
            ),
            # Postings that have an end are kept apart by the rule: the databases have no common way to compare periods.
            models.UniqueConstraint(
                fields=("user",),
                condition=Q(ended_on__isnull=True, role__in=ADMINISTRATORS),
                name="one_administrator_role_per_person",
                violation_error_message=_(
                    "未能授权：系统、安全、审计管理员须由三个不同的人担任。请另选一人，或先结束他的另一项管理员授权。"
                ),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="posting_ends_after_it_starts",
                violation_error_message=_("未能保存：授权的结束日期早于开始日期。请核对两个日期。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_role_display()} {self.unit_id}"

    @property
    def role_name(self) -> str:
        """The role in words."""
        return self.get_role_display()


class AccountRequest(models.Model):
    """What one administrator asks for and takes effect only when another person confirms it."""

    kind = models.CharField(_("事项"), max_length=10, choices=RequestKind)
    user = models.ForeignKey(User, models.PROTECT, related_name="account_requests", verbose_name=_("用户"))
    role = models.CharField(_("角色"), max_length=20, choices=role_choices, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("单位"))
    office = models.CharField(_("所在科室"), max_length=30, blank=True)
    started_on = models.DateField(_("开始日期"), null=True, blank=True)
    reason = models.CharField(_("理由"), max_length=200)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("申请人"))
    asked_at = models.DateTimeField(_("申请时间"), auto_now_add=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("确认人")
    )
    decided_at = models.DateTimeField(_("确认时间"), null=True, blank=True)
    is_granted = models.BooleanField(_("是否同意"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("账号事项申请")
        constraints = (
            models.CheckConstraint(
                condition=~Q(asked_by=F("user")),
                name="nobody_asks_for_oneself",
                violation_error_message=_("未能提出申请：不能为自己申请。请由另一位管理员提出。"),
            ),
            models.CheckConstraint(
                condition=Q(is_granted__isnull=True)
                | Q(is_granted=False)
                | (~Q(decided_by=F("asked_by")) & ~Q(decided_by=F("user"))),
                name="a_second_person_confirms",
                violation_error_message=_("未能办理：确认人须是申请人和本人以外的第三人。请另请一位有权的人确认。"),
            ),
            models.CheckConstraint(
                condition=Q(is_granted__isnull=True, decided_by__isnull=True, decided_at__isnull=True)
                | Q(is_granted__isnull=False, decided_by__isnull=False, decided_at__isnull=False),
                name="a_decision_names_who_and_when",
                violation_error_message=_("未能办理：确认须写明由谁、在何时作出。请重新打开后再办。"),
            ),
            models.CheckConstraint(
                condition=~Q(kind=RequestKind.ROLE) | (~Q(role="") & Q(unit__isnull=False, started_on__isnull=False)),
                name="a_role_is_asked_for_at_a_unit",
                violation_error_message=_("未能提出申请：申请角色须写明角色、单位和开始日期。请补全后再提出。"),
            ),
            models.UniqueConstraint(
                fields=("user", "kind"),
                condition=Q(is_granted__isnull=True),
                name="one_open_request_per_user",
                violation_error_message=_("未能提出申请：这个人已有同类的申请等待确认。请先办完原有的申请。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.asked_at:%Y-%m-%d}"

    @property
    def asked_when(self) -> str:
        """When it was asked for, in China, to the minute."""
        return f"{localtime(self.asked_at):%Y-%m-%d %H:%M}"

    @property
    def kind_name(self) -> str:
        """What is asked for, in words."""
        return self.get_kind_display()

    @property
    def role_name(self) -> str:
        """The role asked for, in words; empty when none is."""
        return self.get_role_display() if self.role else ""


class Delegation(models.Model):
    """代办: a posting's role, used by somebody else from one day to another."""

    giver = models.ForeignKey(User, models.PROTECT, related_name="delegations_given", verbose_name=_("委托人"))
    taker = models.ForeignKey(User, models.PROTECT, related_name="delegations_taken", verbose_name=_("代办人"))
    posting = models.ForeignKey(Posting, models.PROTECT, related_name="delegations", verbose_name=_("任职授权"))
    started_on = models.DateField(_("开始日期"))
    ended_on = models.DateField(_("结束日期"))
    reason = models.CharField(_("理由"), max_length=200)
    given_at = models.DateTimeField(_("委托时间"), auto_now_add=True)
    recalled_at = models.DateTimeField(_("收回时间"), null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = _("代办委托")
        constraints = (
            models.CheckConstraint(
                condition=~Q(giver=F("taker")),
                name="nobody_delegates_to_oneself",
                violation_error_message=_("未能委托：不能委托给自己。请另选一位代办人。"),
            ),
            models.CheckConstraint(
                condition=Q(ended_on__gte=F("started_on")),
                name="delegation_ends_after_it_starts",
                violation_error_message=_("未能委托：结束日期早于开始日期。请核对两个日期。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.started_on} – {self.ended_on}"

    @property
    def is_recalled(self) -> bool:
        """Whether it was ended before its time."""
        return self.recalled_at is not None
