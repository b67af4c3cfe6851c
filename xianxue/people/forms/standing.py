"""Forms of suspension and return."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.columns import Column, Date
from xianxue.kernel.procedures import StepForm
from xianxue.organisations.models import Classroom
from xianxue.people.choices import SuspensionReason
from xianxue.people.forms.parts import PupilForm
from xianxue.people.models import Enrolment
from xianxue.people.procedures import Suspend
from xianxue.people.rules.limits import limit


def day_field(label: Any, **more: Any) -> forms.DateField:
    """A day, to be chosen."""
    return forms.DateField(label=label, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **more)


def open_enrolments(form: forms.Form, name: str = "enrolment") -> None:
    """Accept the pupils now enrolled at the schools of whoever acts."""
    field: Any = form.fields[name]
    field.queryset = Enrolment.objects.filter(ended_on=None).select_related("person", "school__unit")


def offer_classes(form: forms.Form, enrolment: Any, *, lower: int = 0) -> None:
    """The classes of the pupil's grade, or of one so many grades lower (higher, below zero)."""
    field: Any = form.fields["classroom"]
    today = timezone.localdate()
    field.queryset = Classroom.objects.filter(
        school_id=enrolment.school_id,
        stage=enrolment.stage,
        cohort_year=enrolment.cohort_year + lower,
        unit__closed_on__isnull=True,
    ).order_by("number")
    field.label_from_instance = lambda room: room.name_on(today)


@Suspend.ask.form
class SuspensionForm(PupilForm):
    """From when until when, and why."""

    enrolment = forms.ModelChoiceField(Enrolment.objects.none(), widget=forms.HiddenInput)
    reason = forms.ChoiceField(label=_("休学原因"), choices=SuspensionReason)
    started_on = day_field(_("休学开始日期"), help_text=_("学生实际停课的第一天。"))
    expected_on = day_field(_("应复学日期"))

    def prepare(self) -> None:
        """Offer the pupils of the school, and say how long leave may last."""
        open_enrolments(self)
        words = {"months": limit("suspension").count}
        self.fields["expected_on"].help_text = _t("自开始日期起最长 %(months)s 个月，期满可以续休。") % words


@Suspend.ask_renewal.form
class RenewalForm(StepForm):
    """Until when."""

    columns = (Column("wanted_until", _("申请续休至"), Date(), required=True),)


class ReturnForm(StepForm):
    """From which day, into which class."""

    lower = 0

    returned_on = day_field(_("复学日期"), help_text=_("学生实际到校的日期。"))
    classroom = forms.ModelChoiceField(Classroom.objects.none(), label=_("复学班级"))

    def prepare(self) -> None:
        """Offer the classes of the grade."""
        self.fields["returned_on"].initial = timezone.localdate()
        suspension: Any = self.subject
        if suspension is not None:
            offer_classes(self, suspension.enrolment, lower=self.lower)


@Suspend.ask_return.form
class SameGradeForm(ReturnForm):
    """Into the own grade."""


@Suspend.ask_return_lower.form
class LowerGradeForm(ReturnForm):
    """One grade lower."""

    lower = 1
