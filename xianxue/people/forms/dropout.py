"""Forms of the alerts for children out of school."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.procedures import StepForm
from xianxue.people.choices import DropOutGround, DropOutOutcome, VisitResult
from xianxue.people.forms.parts import PupilForm
from xianxue.people.forms.standing import day_field
from xianxue.people.models import Enrolment
from xianxue.people.procedures import DropOut
from xianxue.people.rules.limits import limit
from xianxue.people.services.dropout import EXEMPT

TEXT = forms.Textarea(attrs={"rows": 3})


class AlertForm(PupilForm):
    """Which pupil, since when, and what is known."""

    enrolment = forms.ModelChoiceField(Enrolment.objects.none(), widget=forms.HiddenInput)
    ground = forms.ChoiceField(label=_("预警原因"), choices=DropOutGround)
    since = day_field(_("缺课或离校开始日期"))
    detail = forms.CharField(label=_("预警情况"), required=False, max_length=500, widget=TEXT)

    def prepare(self) -> None:
        """Accept the pupils in reach, those who left too; say from how many days on an absence is to be reported."""
        field: Any = self.fields["enrolment"]
        field.queryset = Enrolment.objects.select_related("person", "school__unit")
        found = limit("drop_out_absence")
        words = {"days": found.count, "source": found.source}
        self.fields["ground"].help_text = _t("无故缺课满 %(days)s 个上学日的应当登记。依据：%(source)s。") % words


@DropOut.raise_alert.form
class SchoolAlertForm(AlertForm):
    """By the school."""


@DropOut.teacher_raises.form
class TeacherAlertForm(AlertForm):
    """By the teacher of the class."""


class VisitForm(StepForm):
    """When, who, and what came of it."""

    visited_on = day_field(_("劝返日期"))
    visitor = forms.CharField(label=_("劝返人"), max_length=60)
    result = forms.ChoiceField(label=_("劝返结果"), choices=VisitResult)
    detail = forms.CharField(label=_("劝返情况"), required=False, max_length=500, widget=TEXT)

    def prepare(self) -> None:
        """Today, unless another day is given."""
        self.fields["visited_on"].initial = timezone.localdate()


@DropOut.visit.form
class SchoolVisitForm(VisitForm):
    """By the school."""


@DropOut.teacher_visits.form
class TeacherVisitForm(VisitForm):
    """By the teacher of the class."""


@DropOut.joint_visit.form
class JointVisitForm(VisitForm):
    """Together with the county."""


class OutcomeForm(StepForm):
    """Since when, and how it is known."""

    outcome_on = day_field(_("结果日期"))
    outcome_detail = forms.CharField(label=_("结果说明"), required=False, max_length=500, widget=TEXT)


@DropOut.report_back.form
class BackForm(OutcomeForm):
    """Back at school."""


@DropOut.report_elsewhere.form
class ElsewhereForm(OutcomeForm):
    """At which school."""

    outcome_detail = forms.CharField(label=_("在何处就读"), max_length=500, help_text=_("写明省、市、县和学校名称。"))


@DropOut.report_exempt.form
class ExemptForm(OutcomeForm):
    """On which lawful ground."""

    outcome = forms.ChoiceField(
        label=_("控辍结果"), choices=[(item.value, item.label) for item in DropOutOutcome if item in EXEMPT]
    )
    field_order = ("outcome", "outcome_on", "outcome_detail")
