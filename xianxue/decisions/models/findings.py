"""What the checks said, what was found, and the letters that were written about it."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.choices import Certainty, Severity
from xianxue.decisions.models.proposals import Proposal
from xianxue.decisions.models.rules import RuleSet
from xianxue.kernel.access.models import ReachModel
from xianxue.kernel.crypto import SealedTextField
from xianxue.kernel.procedures.models import MatterSubject
from xianxue.kernel.ui import formats
from xianxue.organisations.models import Unit


class CheckRun(ReachModel):
    """What all checks said of one proposal, or of a school's ledgers and lists (no proposal). Never changed.

    Written only when something differs from the run before: `outcomes` (check code → verdict, reason, inputs) with the
    rule version and the digest of the facts that went in. `is_last`: the newest of its subject.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("学校"))
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="check_runs", verbose_name=_("议题")
    )
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name=_("规则版本"))
    ran_at = models.DateTimeField(_("检查时间"))
    digest = models.CharField(_("结果摘要"), max_length=64)
    outcomes = models.JSONField(_("检查结果"))
    is_last = models.BooleanField(_("最近一次"), default=True)

    reach_fields = ("unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("规则检查")
        constraints = (
            models.UniqueConstraint(
                fields=("proposal",),
                condition=Q(is_last=True, proposal__isnull=False),
                name="one_last_run_a_proposal",
                violation_error_message=_("未能保存检查结果：这项议题刚刚由别人检查过。请重新打开查看。"),
            ),
            models.UniqueConstraint(
                fields=("unit",),
                condition=Q(is_last=True, proposal__isnull=True),
                name="one_last_run_a_school",
                violation_error_message=_("未能保存检查结果：这所学校的台账刚刚由别人检查过。请重新打开查看。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.unit_id} {self.proposal_id} {self.ran_at:%F}"


class NightlyCheck(ReachModel):
    """When a school was last checked by night: a run that was cut off goes on where it stopped."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="+", verbose_name=_("学校"))
    checked_at = models.DateTimeField(_("检查时间"))
    proposals = models.PositiveIntegerField(_("检查的议题"), default=0)

    reach_fields = ("unit_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("夜间检查")

    def __str__(self) -> str:
        return f"{self.unit_id} {self.checked_at:%F}"


class Finding(MatterSubject):
    """A failed check on one thing, followed until it is settled: explained, confirmed or dismissed, put right.

    `key` names the thing, so that the same failure is one finding: the proposal's number, a voucher's, a pair's.
    `check_code` with `rule_set` and `parameters` say which rule; `inputs` what it saw; `gone_on` when it failed no more.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="findings", verbose_name=_("学校"))
    county = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("主管单位"))
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name=_("议题")
    )
    check_code = models.CharField(_("检查项"), max_length=4)
    key = models.CharField(_("检查对象"), max_length=80)
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name=_("规则版本"))
    severity = models.PositiveSmallIntegerField(_("严重程度"), choices=Severity)
    certainty = models.CharField(_("确定程度"), max_length=10, choices=Certainty)
    reason = models.CharField(_("问题"), max_length=300)
    parameters = models.JSONField(_("参数"), default=dict)
    inputs = models.JSONField(_("检查依据的数据"), default=dict)
    found_on = models.DateField(_("发现日期"))
    gone_on = models.DateField(_("不再存在日期"), null=True, blank=True)
    explanation = SealedTextField(_("学校说明"), blank=True)
    verdict_reason = SealedTextField(_("认定理由"), blank=True)
    is_confirmed = models.BooleanField(_("是否认定"), null=True, blank=True)

    class Meta(MatterSubject.Meta):
        verbose_name = verbose_name_plural = _("发现的问题")
        constraints = (
            models.UniqueConstraint(
                fields=("unit", "check_code", "key"),
                condition=Q(gone_on__isnull=True),
                name="one_finding_a_failure",
                violation_error_message=_("未能登记：同一个问题已经列出，还没有消除。请在原有的一条上办理。"),
            ),
        )
        indexes = (models.Index(fields=("check_code", "unit"), name="findings_by_check"),)

    def __str__(self) -> str:
        return self.matter_title()

    def matter_title(self) -> str:
        """What was found."""
        return _t("%(code)s：%(reason)s") % {"code": self.check_code, "reason": self.reason[:100]}

    def parties(self) -> dict[str, int]:
        """The school, those who watch over it, and the county."""
        return {"school": self.unit_id, "watch": self.unit_id, "county": self.county_id}

    def persons_concerned(self) -> list[int]:
        """Whose doing the check names: who did not leave the room, who was silent or missed what had to be attended."""
        one = self.inputs.get("person")
        return [*self.inputs.get("persons", ()), *([] if one is None else [one])]

    def facts(self) -> list[tuple[Any, str]]:
        """What was found, how grave it is, what the school and those who judged said."""
        day = formats.china_date(self.gone_on, year="always") if self.gone_on else ""
        found = [
            (_("问题"), self.reason),
            (_("严重程度"), self.get_severity_display()),
            (_("确定程度"), self.get_certainty_display()),
            (_("发现日期"), formats.china_date(self.found_on, year="always")),
            (_("不再存在日期"), day),
            (_("学校说明"), self.explanation),
            (_("认定理由"), self.verdict_reason),
        ]
        return [(label, text) for label, text in found if text]


class NoticeLetter(MatterSubject):
    """A letter of notice (提示函) to a school, made from findings, with its reply until a day."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="notice_letters", verbose_name=_("学校"))
    county = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("主管单位"))
    number = models.CharField(
        _("函号"), max_length=30, unique=True, error_messages={"unique": _("未能签发：这个函号已经用过。请再办一次。")}
    )
    issued_on = models.DateField(_("发函日期"))
    reply_due_on = models.DateField(_("回复期限"))
    findings = models.ManyToManyField(Finding, related_name="letters", verbose_name=_("发现的问题"))
    demand = SealedTextField(_("工作要求"), blank=True)
    reply = SealedTextField(_("学校回复"), blank=True)
    replied_on = models.DateField(_("回复日期"), null=True, blank=True)

    class Meta(MatterSubject.Meta):
        verbose_name = verbose_name_plural = _("提示函")

    def __str__(self) -> str:
        return self.matter_title()

    def matter_title(self) -> str:
        """To whom, with its number."""
        return _t("致%(unit)s的提示函 %(number)s") % {"unit": self.unit, "number": self.number}

    def parties(self) -> dict[str, int]:
        """The school and the county."""
        return {"school": self.unit_id, "county": self.county_id}

    def facts(self) -> list[tuple[Any, str]]:
        """Number and limit."""
        return [(_("函号"), self.number), (_("回复期限"), self.reply_due_on.isoformat())]
