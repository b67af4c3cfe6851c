"""Going up a year: the pupils who do not move as their class does, and that a school's list is complete."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Reach
from xianxue.kernel.access.models import ReachModel
from xianxue.organisations.models import Classroom, School
from xianxue.people.choices import PromotionKind
from xianxue.people.models.enrolments import Enrolment, kept_in


class PromotionException(ReachModel):
    """One pupil who stays down or skips, into the school year that starts in `school_year`.

    `before` and `after` are the enrolment with its seats on both sides, so that it is undone exactly or not at all.
    """

    enrolment = models.ForeignKey(
        Enrolment, models.PROTECT, related_name="promotion_exceptions", verbose_name=_("学籍")
    )
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("学校"))
    school_year = models.PositiveSmallIntegerField(_("升入学年"))
    kind = models.CharField(_("升级例外"), max_length=10, choices=PromotionKind)
    reason = models.CharField(_("例外原因"), max_length=300)
    old_cohort = models.PositiveSmallIntegerField(_("原入学年份"))
    old_classroom = models.ForeignKey(Classroom, models.PROTECT, null=True, related_name="+", verbose_name=_("原班级"))
    new_classroom = models.ForeignKey(Classroom, models.PROTECT, related_name="+", verbose_name=_("新班级"))
    changed_on = models.DateField(_("换班日期"))
    before = models.JSONField(_("换班前学籍"))
    after = models.JSONField(_("换班后学籍"))
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("升级例外")
        constraints = (
            models.UniqueConstraint(
                fields=("enrolment", "school_year"),
                condition=Q(undone_at=None),
                name="one_exception_per_pupil_and_year",
                violation_error_message=_("未能保存：这名学生本学年已登记留级或跳级。请先撤销原有的一条。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.school_year} {self.kind}"

    @classmethod
    def rows_in(cls, reach: Reach) -> Q:
        """Those of the episodes that the units reached keep."""
        return kept_in(reach.units, "enrolment__", school="enrolment__school_id", classroom="enrolment__classroom_id")


class PromotionConfirmation(ReachModel):
    """The head's word that a school's list of one year is complete, with what was counted then."""

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("学校"))
    school_year = models.PositiveSmallIntegerField(_("升入学年"))
    counts = models.JSONField(_("各类人数"))
    confirmed_at = models.DateTimeField(_("确认时间"))
    confirmed_by = models.CharField(_("确认人"), max_length=60)
    reopened_at = models.DateTimeField(_("退回时间"), null=True, blank=True)
    reopened_reason = models.CharField(_("退回原因"), max_length=300, blank=True)

    reach_fields = ("school_id",)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("升级确认")
        constraints = (
            models.UniqueConstraint(
                fields=("school", "school_year"),
                condition=Q(reopened_at=None),
                name="one_confirmation_per_year",
                violation_error_message=_("未能确认：本学年的升级已经确认。需要重办的，请先重新打开。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.school_id} {self.school_year}"
