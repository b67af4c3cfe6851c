"""What the checks said, what was found, and the letters that were written about it."""

from collections.abc import Collection
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.models.proposals import Proposal
from xianxue.decisions.models.rules import RuleSet
from xianxue.kernel.checks.models import AbstractFinding, AbstractRun, AbstractVisit
from xianxue.kernel.crypto import SealedTextField
from xianxue.kernel.procedures.models import MatterSubject
from xianxue.organisations.models import Unit

PROPOSAL = "decisions.proposal"


class _OfProposals(models.Model):
    """How a row says which proposal it is about; a school's ledgers and lists have none."""

    subject_fields: ClassVar[tuple[str, ...]] = ("proposal_id",)
    version_field: ClassVar[str] = "rule_set_id"
    may_be_removed: ClassVar[bool] = False

    class Meta:
        abstract = True

    @classmethod
    def of_suite(cls, _suite: str) -> dict[str, Any]:
        """The tables hold nothing else."""
        return {}

    @classmethod
    def naming(cls, subject_type: str, key: int) -> tuple[Any, ...]:
        """The key of a proposal; None for a school."""
        return (key if subject_type == PROPOSAL else None,)

    @classmethod
    def about(cls, subject_type: str, keys: Collection[int]) -> Q:
        """The rows about these proposals, or about the ledgers of these schools."""
        return Q(proposal_id__among=keys) if subject_type == PROPOSAL else Q(proposal=None, unit_id__among=keys)


class CheckRun(_OfProposals, AbstractRun):
    """What all checks said of one proposal, or of a school's ledgers and lists (no proposal)."""

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("学校"))
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="check_runs", verbose_name=_("议题")
    )
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name=_("规则版本"))

    class Meta(AbstractRun.Meta):
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


class NightlyCheck(AbstractVisit):
    """When a school was last checked by night."""

    unit = models.OneToOneField(Unit, models.CASCADE, related_name="+", verbose_name=_("学校"))
    proposals = models.PositiveIntegerField(_("检查的议题"), default=0)

    count_field = "proposals"

    class Meta(AbstractVisit.Meta):
        verbose_name = verbose_name_plural = _("夜间检查")

    def __str__(self) -> str:
        return f"{self.unit_id} {self.checked_at:%F}"

    @classmethod
    def of_suite(cls, _suite: str) -> dict[str, Any]:
        """The table holds nothing else."""
        return {}


class Finding(_OfProposals, AbstractFinding):
    """A failed check on one thing of a school; `key` begins with the proposal's number, or names a voucher, a pair.

    `check_code` with `rule_set` and `parameters` say which rule.
    """

    unit = models.ForeignKey(Unit, models.PROTECT, related_name="findings", verbose_name=_("学校"))
    county = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("主管单位"))
    proposal = models.ForeignKey(
        Proposal, models.PROTECT, null=True, blank=True, related_name="findings", verbose_name=_("议题")
    )
    rule_set = models.ForeignKey(RuleSet, models.PROTECT, related_name="+", verbose_name=_("规则版本"))
    explanation = SealedTextField(_("学校说明"), blank=True)

    class Meta(AbstractFinding.Meta):
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

    @classmethod
    def placed(cls, unit: int, above: int) -> dict[str, int]:
        """The columns of the school and of the county."""
        return {"unit_id": unit, "county_id": above}

    def parties(self) -> dict[str, int]:
        """The school, those who watch over it, and the county."""
        return {"school": self.unit_id, "watch": self.unit_id, "county": self.county_id}


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
