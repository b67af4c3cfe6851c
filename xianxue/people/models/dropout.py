"""What the alerts for children out of school are about, and the visits to their families."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Reach
from xianxue.kernel.access.models import ReachModel
from xianxue.kernel.crypto import SealedTextField
from xianxue.kernel.procedures.models import party_in
from xianxue.kernel.ui import formats
from xianxue.organisations.models import Classroom, School, Unit
from xianxue.people.choices import DropOutGround, DropOutOutcome, VisitResult
from xianxue.people.models.about import ChildMatter
from xianxue.people.models.enrolments import Enrolment
from xianxue.people.models.persons import Person


class DropOutCase(ChildMatter):
    """A child who may be out of school, and must be followed up until it is known to learn, or lawfully need not.

    `enrolment` is the one still open, or the one that ended without another. A child has one open case.
    """

    pupil = models.ForeignKey(Person, models.PROTECT, related_name="drop_out_cases", verbose_name=_("学生"))
    pupil_name = models.CharField(_("姓名"), max_length=60)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="+", verbose_name=_("学籍"))
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("学校"))
    classroom = models.ForeignKey(Classroom, models.PROTECT, null=True, related_name="+", verbose_name=_("班级"))
    county = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("主管单位"))
    ground = models.CharField(_("预警原因"), max_length=10, choices=DropOutGround)
    since = models.DateField(_("缺课或离校开始日期"))
    detail = SealedTextField(_("预警情况"), blank=True)
    outcome = models.CharField(_("控辍结果"), max_length=14, choices=DropOutOutcome, blank=True)
    outcome_on = models.DateField(_("结果日期"), null=True, blank=True)
    outcome_detail = SealedTextField(_("结果说明"), blank=True)

    class Meta(ChildMatter.Meta):
        verbose_name = verbose_name_plural = _("控辍保学")
        constraints = (
            models.UniqueConstraint(
                fields=("pupil",),
                condition=Q(is_open=True),
                name="one_open_drop_out_case_per_child",
                violation_error_message=_("未能登记：这名学生已有在办的控辍保学事项。请在原事项上办理。"),
            ),
        )

    def __str__(self) -> str:
        return self.matter_title()

    def matter_title(self) -> str:
        """Whose case."""
        return _t("%(name)s 控辍保学") % {"name": self.pupil_name}

    def parties(self) -> dict[str, int]:
        """The school, the county, and the class, whose teacher knows the family."""
        found = {"school": self.school_id, "county": self.county_id}
        return found | ({"class": self.classroom_id} if self.classroom_id else {})

    def facts(self) -> list[tuple[Any, str]]:
        """What raised it, every visit, and how it ended."""
        found: list[tuple[Any, str]] = [
            (_("学校"), str(self.school)),
            (_("预警原因"), self.get_ground_display()),
            (_("缺课或离校开始日期"), formats.china_date(self.since, year="always")),
            (_("预警情况"), self.detail),
        ]
        for visit in DropOutVisit.objects.filter(case=self).order_by("visited_on", "pk"):
            day = formats.china_date(visit.visited_on, year="always")
            words = {"who": visit.visitor, "result": visit.get_result_display(), "detail": visit.detail}
            found.append((_t("劝返 %(day)s") % {"day": day}, _t("%(who)s：%(result)s。%(detail)s") % words))
        if self.outcome and self.outcome_on:
            day = formats.china_date(self.outcome_on, year="always")
            found.append((_("控辍结果"), f"{self.get_outcome_display()} {day}"))
            found.append((_("结果说明"), self.outcome_detail))
        return [(label, text) for label, text in found if text]


class DropOutVisit(ReachModel):
    """One visit, call or talk to bring a child back."""

    case = models.ForeignKey(DropOutCase, models.PROTECT, related_name="visits", verbose_name=_("控辍保学"))
    visited_on = models.DateField(_("劝返日期"))
    visitor = models.CharField(_("劝返人"), max_length=60)
    result = models.CharField(_("劝返结果"), max_length=12, choices=VisitResult)
    detail = SealedTextField(_("劝返情况"), blank=True)

    class Meta(ReachModel.Meta):
        verbose_name = verbose_name_plural = _("劝返记录")

    def __str__(self) -> str:
        return f"{self.case_id} {self.visited_on}"

    @classmethod
    def rows_in(cls, reach: Reach) -> Q:
        """The visits of cases in reach."""
        return party_in(reach, "case__matter_id")
