"""Forms of the findings."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.checks.procedure import FindingProcedure
from xianxue.kernel.procedures import StepForm


def _long(label: Any, most: int) -> forms.CharField:
    return forms.CharField(label=label, max_length=most, widget=forms.Textarea(attrs={"rows": 5}))


class VerdictForm(StepForm):
    """Why it holds, or does not."""

    reason = _long(_("认定理由"), 1000)


class ExceptionForm(StepForm):
    """On what basis it is let stand."""

    reason = _long(_("依据和理由"), 1000)


def forms_of(item: type[FindingProcedure]) -> None:
    """Give the steps of the procedure their forms; called once, in the app's `forms`."""

    class ExplanationForm(StepForm):
        """What the unit says."""

        explanation = _long(item.words.explanation, 2000)

    item.explain.form(ExplanationForm)
    for step in (item.confirm, item.confirm_unexplained, item.dismiss):
        step.form(VerdictForm)
    item.except_.form(ExceptionForm)
