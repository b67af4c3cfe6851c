"""Forms of graduation."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.procedures import StepForm
from xianxue.organisations.choices import Stage
from xianxue.organisations.models import School
from xianxue.people.choices import GraduationOutcome
from xianxue.people.forms.parts import choose_school, schools_for
from xianxue.people.forms.standing import day_field
from xianxue.people.models import Enrolment
from xianxue.people.procedures import Graduate
from xianxue.people.services.graduation import leavers


@Graduate.open_list.form
class GraduationForm(StepForm):
    """Which stage of which school, and from which day the pupils are gone."""

    school = forms.ModelChoiceField(School.objects.none(), label=_("学校"))
    stage = forms.ChoiceField(label=_("学段"), choices=Stage)
    left_on = day_field(
        _("毕业离校日期"), help_text=_("学生不再在校的第一天；由它得出是哪一届。七、八月毕业的算当年夏季这一届。")
    )

    def prepare(self) -> None:
        """Offer the registrar's schools and the stages that they teach."""
        choose_school(self, "school", Graduate.open_list)
        taught = {stage for school in schools_for(Graduate.open_list) for stage in school.stage_list}
        field: Any = self.fields["stage"]
        field.choices = [(value, label) for value, label in Stage.choices if value in taught]


@Graduate.name_exception.form
class GraduationExceptionForm(StepForm):
    """Who does not simply graduate, and why."""

    enrolment = forms.ModelChoiceField(Enrolment.objects.none(), label=_("学生"))
    outcome = forms.ChoiceField(label=_("毕业结果"), choices=GraduationOutcome, initial=GraduationOutcome.COMPLETED)
    reason = forms.CharField(label=_("例外原因"), max_length=300, required=False)

    def prepare(self) -> None:
        """Offer the pupils of the grade, each with the class."""
        graduation: Any = self.subject
        if graduation is None:
            return
        field: Any = self.fields["enrolment"]
        today = timezone.localdate()
        field.queryset = (
            leavers(graduation)
            .select_related("person", "classroom")
            .order_by("classroom__number", "person__name_pinyin", "pk")
        )
        field.label_from_instance = lambda row: " ".join(
            filter(None, [row.classroom.name_on(today) if row.classroom else "", row.person.name])
        )
