"""What the checks said, what they found, when a unit was last looked at.

The tables serve every app that declares checks. An app whose findings are joined with its own rows has models of its own,
derived from the abstract ones, which say in which columns they name subject and version.
"""

from collections.abc import Collection
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access.models import ReachModel
from xianxue.kernel.checks.choices import Certainty, Severity
from xianxue.kernel.checks.outcomes import facts_digest
from xianxue.kernel.crypto import SealedTextField
from xianxue.kernel.procedures.models import MatterSubject
from xianxue.kernel.ui import formats

EXCEPTED = "excepted"
"""State of a finding that the bureau lets stand."""


class AboutSubject(models.Model):
    """How a row says whose it is: which suite, which subject, by which version of the rules."""

    subject_fields: ClassVar[tuple[str, ...]] = ("subject_type", "subject_id")
    version_field: ClassVar[str] = "version"
    may_be_removed: ClassVar[bool] = True
    """Whether rows of subjects are ever removed; then what was found of them is gone."""

    class Meta:
        abstract = True

    @classmethod
    def of_suite(cls, suite: str) -> dict[str, Any]:
        """Columns and values that all rows of the suite share."""
        return {"suite": suite}

    @classmethod
    def naming(cls, subject_type: str, key: int) -> tuple[Any, ...]:
        """The values of `subject_fields` for a subject."""
        return (subject_type, key)

    @classmethod
    def about(cls, subject_type: str, keys: Collection[int]) -> Q:
        """The rows about these subjects."""
        return Q(subject_type=subject_type, subject_id__among=keys)

    @property
    def subject_values(self) -> tuple[Any, ...]:
        """What `naming` gave for its subject."""
        return tuple(getattr(self, name) for name in self.subject_fields)


class AbstractRun(AboutSubject, ReachModel):
    """What all checks said of one subject. Never changed, and written only when something differs from the run before.

    `outcomes`: check code → verdict, reason, inputs; `digest`: of what was said, by which version; `is_last`: the newest
    of its subject.
    """

    ran_at = models.DateTimeField(_("检查时间"))
    digest = models.CharField(_("结果摘要"), max_length=64)
    outcomes = models.JSONField(_("检查结果"))
    is_last = models.BooleanField(_("最近一次"), default=True)

    reach_fields = ("unit_id",)

    class Meta(ReachModel.Meta):
        abstract = True


class AbstractVisit(ReachModel):
    """When a unit was last checked by night: a run that was cut off goes on where it stopped."""

    checked_at = models.DateTimeField(_("检查时间"))

    count_field: ClassVar[str] = "subjects"
    """The column that says of how many subjects."""
    reach_fields = ("unit_id",)

    class Meta(ReachModel.Meta):
        abstract = True

    @classmethod
    def of_suite(cls, suite: str) -> dict[str, Any]:
        """Columns and values that all rows of the suite share."""
        return {"suite": suite}


class AbstractFinding(AboutSubject, MatterSubject):
    """A failed check on one thing, followed until it is settled: explained, confirmed or dismissed, put right.

    `key` names the thing, so that the same failure is one finding. `parameters` are the numbers of the rule, `inputs`
    what the check saw; `gone_on` when it failed no more, or failed for other facts than were judged.
    `judged_digest` binds what was judged: the digest of the inputs, empty where the failure was gone by then.
    `earlier`: what was judged of the same thing before.
    """

    check_code = models.CharField(_("检查项"), max_length=12)
    key = models.CharField(_("检查对象"), max_length=80)
    severity = models.PositiveSmallIntegerField(_("严重程度"), choices=Severity)
    certainty = models.CharField(_("确定程度"), max_length=10, choices=Certainty)
    reason = models.CharField(_("问题"), max_length=300)
    parameters = models.JSONField(_("参数"), default=dict)
    inputs = models.JSONField(_("检查依据的数据"), default=dict)
    found_on = models.DateField(_("发现日期"))
    gone_on = models.DateField(_("不再存在日期"), null=True, blank=True)
    explanation = SealedTextField(_("说明"), blank=True)
    verdict_reason = SealedTextField(_("认定理由"), blank=True)
    is_confirmed = models.BooleanField(_("是否认定"), null=True, blank=True)
    judged_digest = models.CharField(_("认定时的数据摘要"), max_length=64, blank=True, default="")
    earlier = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="later", verbose_name=_("以前的认定")
    )

    unit_id: int
    earlier_id: int | None

    class Meta(MatterSubject.Meta):
        abstract = True

    @classmethod
    def placed(cls, unit: int, above: int) -> dict[str, int]:
        """The columns of the unit and of the one above it."""
        return {"unit_id": unit, "above_id": above}

    @property
    def facts_digest(self) -> str:
        """Of what the check saw."""
        return facts_digest(self.inputs)

    @property
    def is_judged(self) -> bool:
        """Whether somebody said that it holds, does not, or may stand."""
        return self.is_confirmed is not None or self.is_let_stand

    @property
    def is_let_stand(self) -> bool:
        """Whether it was judged to be none, or excepted: the same facts are not found again."""
        return self.is_confirmed is False or bool(self.matter.state == EXCEPTED)

    def matter_title(self) -> str:
        """What was found."""
        return _t("%(code)s：%(reason)s") % {"code": self.check_code, "reason": self.reason[:100]}

    def persons_concerned(self) -> list[int]:
        """Whose doing the check names in its inputs, as `person` or `persons`."""
        one = self.inputs.get("person")
        return [*self.inputs.get("persons", ()), *([] if one is None else [one])]

    def facts(self) -> list[tuple[Any, str]]:
        """What was found, how grave it is, what those concerned and those who judged said, now and before."""
        day = formats.china_date(self.gone_on, year="always") if self.gone_on else ""
        explanation: Any = self._meta.get_field("explanation")
        facts = [
            (_("问题"), self.reason),
            (_("严重程度"), str(Severity(self.severity).label)),
            (_("确定程度"), str(Certainty(self.certainty).label)),
            (_("发现日期"), formats.china_date(self.found_on, year="always")),
            (_("不再存在日期"), day),
            (explanation.verbose_name, self.explanation),
            (_("认定理由"), self.verdict_reason),
            (_("以前的认定"), self.earlier_words()),
        ]
        return [(label, text) for label, text in facts if text]

    def earlier_words(self) -> str:
        """What was judged of the same thing before, for other facts; empty where nothing was."""
        if self.earlier is None:
            return ""
        return _t("%(reason)s（%(day)s 发现，%(state)s）认定理由：%(why)s") % {
            "reason": self.earlier.reason,
            "day": formats.china_date(self.earlier.found_on, year="always"),
            "state": self.earlier.matter.current.label,
            "why": self.earlier.verdict_reason or "—",
        }


class SubjectRun(AbstractRun):
    """What all checks of a suite said of one subject."""

    suite = models.CharField(_("检查组"), max_length=40)
    unit_id = models.BigIntegerField(_("单位编号"))
    subject_type = models.CharField(_("对象类别"), max_length=60)
    subject_id = models.BigIntegerField(_("对象编号"))
    version = models.CharField(_("规则版本"), max_length=20)

    class Meta(AbstractRun.Meta):
        verbose_name = verbose_name_plural = _("检查记录")
        constraints = (
            models.UniqueConstraint(
                fields=("suite", "subject_type", "subject_id"),
                condition=Q(is_last=True),
                name="one_last_run_a_subject",
                violation_error_message=_("未能保存检查结果：这个对象刚刚由别人检查过。请重新打开查看。"),
            ),
        )
        indexes = (models.Index(fields=("unit_id", "suite"), condition=Q(is_last=True), name="last_runs_of_unit"),)

    def __str__(self) -> str:
        return f"{self.suite} {self.subject_type} {self.subject_id} {self.ran_at:%F}"


class UnitVisit(AbstractVisit):
    """When a unit was last checked by night by a suite."""

    suite = models.CharField(_("检查组"), max_length=40)
    unit_id = models.BigIntegerField(_("单位编号"))
    subjects = models.PositiveIntegerField(_("检查的对象数"), default=0)

    class Meta(AbstractVisit.Meta):
        verbose_name = verbose_name_plural = _("单位夜间检查")
        constraints = (
            models.UniqueConstraint(
                fields=("suite", "unit_id"),
                name="one_visit_a_unit",
                violation_error_message=_("未能登记夜间检查：这个单位刚刚由别人检查过。请重新打开查看。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.suite} {self.unit_id} {self.checked_at:%F}"


class SubjectFinding(AbstractFinding):
    """A failed check of a suite on one thing of a unit."""

    suite = models.CharField(_("检查组"), max_length=40)
    unit_id = models.BigIntegerField(_("单位编号"))
    above_id = models.BigIntegerField(_("主管单位编号"))
    subject_type = models.CharField(_("对象类别"), max_length=60)
    subject_id = models.BigIntegerField(_("对象编号"))
    version = models.CharField(_("规则版本"), max_length=20)

    class Meta(AbstractFinding.Meta):
        verbose_name = verbose_name_plural = _("检查发现")
        constraints = (
            models.UniqueConstraint(
                fields=("suite", "unit_id", "check_code", "key"),
                condition=Q(gone_on__isnull=True),
                name="one_finding_of_a_suite_a_failure",
                violation_error_message=_("未能登记：同一个问题已经列出，还没有消除。请在原有的一条上办理。"),
            ),
        )
        indexes = (models.Index(fields=("suite", "check_code", "unit_id"), name="findings_of_suite"),)

    def __str__(self) -> str:
        return self.matter_title()

    def parties(self) -> dict[str, int]:
        """The unit, those who watch over it, and the unit above."""
        return {"unit": self.unit_id, "watch": self.unit_id, "above": self.above_id}
