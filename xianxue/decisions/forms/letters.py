"""Forms of the letters of notice."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.models import Finding
from xianxue.decisions.procedures.letters import SendLetter
from xianxue.decisions.selectors.letters import next_number, open_findings
from xianxue.kernel.access import current_reach
from xianxue.kernel.procedures import StepForm


@SendLetter.issue.form
class LetterForm(StepForm):
    """Opened from a finding: that one and others of the same school."""

    finding = forms.ModelChoiceField(
        Finding.objects.none(), label=_("问题"), widget=forms.HiddenInput,
        error_messages={"invalid_choice": _("没有这个问题，或者不在您监督的范围内。请从问题的页面进入。")},
    )  # fmt: skip
    others = forms.ModelMultipleChoiceField(
        Finding.objects.none(), label=_("一并提示的问题"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("同一所学校还没有了结的问题；不选就只提示这一个。"),
    )  # fmt: skip
    number = forms.CharField(label=_("函号"), max_length=30)
    demand = forms.CharField(
        label=_("工作要求"), max_length=2000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("写明要求学校做什么，一行一条。"),
    )  # fmt: skip
    reply_days = forms.IntegerField(label=_("回复期限（工作日）"), min_value=1, max_value=60)

    def prepare(self) -> None:
        """Accept findings of the schools watched; offer the others of the same school."""
        scope = SendLetter.issue.by.scope(current_reach())
        fields: dict[str, Any] = self.fields
        fields["finding"].queryset = Finding.objects.filter(scope.q("unit_id"))
        fields["number"].initial = next_number()
        fields["reply_days"].initial = SendLetter.reply.within.count if SendLetter.reply.within else None
        chosen = self.chosen()
        if chosen is None:
            del self.fields["others"]
            return
        fields["others"].queryset = open_findings(chosen.unit_id).exclude(pk=chosen.pk)
        if not fields["others"].queryset.exists():
            del self.fields["others"]

    def chosen(self) -> Finding | None:
        """The finding of the address or of what was sent, if the person may choose that one."""
        field: Any = self.fields["finding"]
        try:
            found: Finding | None = field.clean(self["finding"].value())
        except ValidationError:
            return None
        return found

    def about(self) -> Iterable[tuple[str, str]]:
        """The school, and the finding from which one came."""
        if found := self.chosen():
            yield _t("学校"), found.unit.name
            yield _t("问题"), str(found)


@SendLetter.reply.form
class ReplyForm(StepForm):
    """What the school answers."""

    reply = forms.CharField(label=_("学校回复"), max_length=4000, widget=forms.Textarea(attrs={"rows": 8}))
