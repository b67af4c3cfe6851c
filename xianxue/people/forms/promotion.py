"""Forms of going up a year."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.organisations.models import Classroom
from xianxue.people.choices import PromotionKind
from xianxue.people.forms.standing import day_field, offer_classes
from xianxue.people.models import Enrolment
from xianxue.people.rules.promotion import stage_rule


class PromotionReasonForm(forms.Form):
    """Why."""

    reason = forms.CharField(label=_("理由"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))


class ExceptionForm(forms.Form):
    """Into which class, from which day, and why."""

    classroom = forms.ModelChoiceField(Classroom.objects.none(), label=_("编入班级"))
    changed_on = day_field(_("换班日期"))
    reason = forms.CharField(label=_("例外原因"), max_length=300, widget=forms.Textarea(attrs={"rows": 3}))
    knows_rule = forms.BooleanField(label=_("已知规定，确需办理"), required=False)

    def __init__(self, kind: PromotionKind, enrolment: Enrolment, data: Any = None) -> None:
        super().__init__(data)
        offer_classes(self, enrolment, lower=1 if kind == PromotionKind.HELD_BACK else -1)
        self.fields["changed_on"].initial = timezone.localdate()
        rule = stage_rule(kind, enrolment.stage)
        if rule.is_usual:
            del self.fields["knows_rule"]
        else:
            article = "" if rule.is_checked else f"（{rule.article or _t('待核')}）"
            self.fields["knows_rule"].help_text = f"{rule.basis}{article}。"
