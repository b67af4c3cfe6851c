"""What the matters of graduation are about: a school's last grade of a stage."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Reach
from xianxue.kernel.access.models import ReachModel
from xianxue.kernel.procedures.models import MatterSubject
from xianxue.kernel.ui import formats
from xianxue.organisations.choices import STAGE_YEARS, Stage
from xianxue.organisations.models import School, Unit
from xianxue.people.choices import GraduationOutcome
from xianxue.people.models.enrolments import Enrolment, kept_in


class Graduation(MatterSubject):
    """Those who entered a stage of a school in `cohort_year` leave it on `left_on`, the first day they are not there.

    `counts` says, once it is done, how many graduated, completed or stayed.
    """

    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("学校"))
    county = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("主管单位"))
    stage = models.CharField(_("学段"), max_length=12, choices=Stage)
    cohort_year = models.PositiveSmallIntegerField(_("入学年份"))
    left_on = models.DateField(_("毕业离校日期"))
    counts = models.JSONField(_("毕业人数"), null=True, blank=True)
    is_open = models.BooleanField(_("是否有效"), default=True)

    class Meta(MatterSubject.Meta):
        verbose_name = verbose_name_plural = _("毕业")
        constraints = (
            models.UniqueConstraint(
                fields=("school", "stage", "cohort_year"),
                condition=Q(is_open=True),
                name="one_graduation_per_cohort",
                violation_error_message=_("未能开始：这一届的毕业已在办理。请在原事项上办理。"),
            ),
        )

    def __str__(self) -> str:
        return self.matter_title()

    @property
    def year(self) -> int:
        """The calendar year in which the cohort leaves."""
        return self.cohort_year + STAGE_YEARS[Stage(self.stage)]

    def matter_title(self) -> str:
        """Which grade of which school."""
        words = {"school": self.school, "year": self.year, "stage": self.get_stage_display()}
        return _t("%(school)s %(year)s 届%(stage)s毕业") % words

    def parties(self) -> dict[str, int]:
        """The school and the county."""
        return {"school": self.school_id, "county": self.county_id}

    def facts(self) -> list[tuple[Any, str]]:
        """Whom it concerns, with the exceptions by name."""
        found = [
            (_("学校"), str(self.school)),
            (_("学段"), self.get_stage_display()),
            (_("入学年份"), str(self.cohort_year)),
            (_("毕业离校日期"), formats.china_date(self.left_on, year="always")),
        ]
        labels = dict(GraduationOutcome.choices)
        if self.counts:
            text = "，".join(
                _t("%(what)s %(count)s 人") % {"what": labels[code], "count": count}
                for code, count in self.counts.items()
            )
            found.append((_("毕业人数"), text))
        # Those who merely graduate need no reason and are not listed.
        named = GraduationItem.objects.filter(graduation=self).exclude(reason="").select_related("enrolment__person")
        for item in named.order_by("pk"):
            words = {"outcome": item.get_outcome_display(), "reason": item.reason}
            found.append((item.enrolment.person.name, _t("%(outcome)s：%(reason)s") % words))
        return found


class GraduationItem(ReachModel):
    """A pupil of the cohort: an exception named before, or what was done when it was approved.

    `before` is the enrolment as it stood and `after` as it was left; both are empty until it is approved.
    """

    graduation = models.ForeignKey(Graduation, models.PROTECT, related_name="items", verbose_name=_("毕业"))
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", verbose_name=_("学籍"))
    outcome = models.CharField(_("毕业结果"), max_length=10, choices=GraduationOutcome)
    reason = models.CharField(_("例外原因"), max_length=300, blank=True)
    before = models.JSONField(_("毕业前学籍"), null=True, blank=True)
    after = models.JSONField(_("毕业后学籍"), null=True, blank=True)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("毕业名单")
        constraints = (
            models.UniqueConstraint(
                fields=("graduation", "enrolment"),
                name="one_graduation_item_per_pupil",
                violation_error_message=_("未能保存：这名学生已在这一届的毕业名单上。请更改原有的一条。"),
            ),
        )

    def __str__(self) -> str:
        return f"{self.enrolment_id} {self.outcome}"

    @classmethod
    def rows_in(cls, reach: Reach) -> Q:
        """Those of the episodes that the units reached keep."""
        return kept_in(reach.units, "enrolment__", school="enrolment__school_id", classroom="enrolment__classroom_id")
