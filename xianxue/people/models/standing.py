"""What the matters of suspension and return are about."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.ui import formats
from xianxue.organisations.models import Classroom, School, Unit
from xianxue.people.choices import SuspensionReason
from xianxue.people.models.about import ChildMatter
from xianxue.people.models.enrolments import Enrolment
from xianxue.people.models.persons import Person


class Suspension(ChildMatter):
    """A pupil's leave from school: from which day, until when expected, and how it ended.

    In force from `started_on` until the day before `returned_on`, once `is_in_force`. `before` is the enrolment as it
    stood, so that it can be given back.
    """

    pupil = models.ForeignKey(Person, models.PROTECT, related_name="suspensions", verbose_name=_("学生"))
    pupil_name = models.CharField(_("姓名"), max_length=60)
    enrolment = models.ForeignKey(Enrolment, models.PROTECT, related_name="suspensions", verbose_name=_("学籍"))
    school = models.ForeignKey(School, models.PROTECT, related_name="+", verbose_name=_("学校"))
    county = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name=_("主管单位"))
    reason = models.CharField(_("休学原因"), max_length=10, choices=SuspensionReason)
    started_on = models.DateField(_("休学开始日期"))
    expected_on = models.DateField(_("应复学日期"))
    wanted_until = models.DateField(_("申请续休至"), null=True, blank=True)
    renewals = models.PositiveSmallIntegerField(_("续休次数"), default=0)
    is_in_force = models.BooleanField(_("是否已批准"), default=False)
    returned_on = models.DateField(_("复学日期"), null=True, blank=True)
    new_classroom = models.ForeignKey(
        Classroom, models.PROTECT, null=True, related_name="+", verbose_name=_("复学班级")
    )
    before = models.JSONField(_("休学前学籍"), null=True, blank=True)

    class Meta(ChildMatter.Meta):
        verbose_name = verbose_name_plural = _("休学")
        constraints = (
            models.UniqueConstraint(
                fields=("pupil",),
                condition=Q(is_open=True),
                name="one_open_suspension_per_pupil",
                violation_error_message=_("未能提出：这名学生已有在办的休学或复学。请先办完原有的一件。"),
            ),
        )

    def __str__(self) -> str:
        return self.matter_title()

    def matter_title(self) -> str:
        """Whose leave."""
        return _t("%(name)s 休学") % {"name": self.pupil_name}

    def parties(self) -> dict[str, int]:
        """The school and the county."""
        return {"school": self.school_id, "county": self.county_id}

    def facts(self) -> list[tuple[Any, str]]:
        """From when until when, why, and where the pupil came back to."""
        room = self.new_classroom
        found = [
            (_("学校"), str(self.school)),
            (_("休学原因"), self.get_reason_display()),
            (_("休学开始日期"), formats.china_date(self.started_on, year="always")),
            (_("应复学日期"), formats.china_date(self.expected_on, year="always")),
            (_("续休次数"), str(self.renewals) if self.renewals else ""),
            (_("申请续休至"), formats.china_date(self.wanted_until, year="always") if self.wanted_until else ""),
            (_("复学日期"), formats.china_date(self.returned_on, year="always") if self.returned_on else ""),
            (_("复学班级"), room.name_on(self.returned_on) if room and self.returned_on else ""),
        ]
        return [(label, text) for label, text in found if text]
