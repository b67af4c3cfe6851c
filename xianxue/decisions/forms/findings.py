"""Forms of the findings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.procedures.findings import FollowFinding
from xianxue.kernel.procedures import StepForm

LONG = forms.Textarea(attrs={"rows": 5})


@FollowFinding.explain.form
class ExplanationForm(StepForm):
    """What the school says."""

    explanation = forms.CharField(label=_("学校说明"), max_length=2000, widget=LONG)


@FollowFinding.confirm.form
@FollowFinding.confirm_unexplained.form
@FollowFinding.dismiss.form
class VerdictForm(StepForm):
    """Why it holds, or does not."""

    reason = forms.CharField(label=_("认定理由"), max_length=1000, widget=LONG)


@FollowFinding.except_.form
class ExceptionForm(StepForm):
    """On what basis the bureau lets it stand."""

    reason = forms.CharField(label=_("依据和理由"), max_length=1000, widget=LONG)
