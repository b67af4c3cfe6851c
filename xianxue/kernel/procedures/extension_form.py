"""The form for putting off a limit."""

from typing import Any

from django import forms
from django.utils.translation import gettext as _

from xianxue.kernel.procedures.extending import due_of
from xianxue.kernel.procedures.models import Clock, Extension, Matter
from xianxue.kernel.ui import formats


class ExtensionForm(forms.Form):
    """Which limit, until when, why."""

    clock = forms.ChoiceField()
    until = forms.DateField(widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args: Any, matter: Matter, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.matter = matter
        limits = {clock: due_of(matter, clock.value) for clock in Clock}
        self.fields["clock"] = forms.ChoiceField(
            label=_("延长哪个期限"),
            choices=[
                (clock.value, f"{clock.label}（{formats.china_date(day, year='always')}）")
                for clock, day in limits.items()
                if day
            ],
        )
        self.fields["until"].label = _("延至")
        self.fields["reason"].label = _("理由")

    @property
    def allowance(self) -> str:
        """How often and how far the procedure allows it."""
        declared = self.matter.declaration
        used = Extension.objects.filter(matter=self.matter).count()
        words = {"times": declared.extend_times, "used": used}
        text = _("此类事项至多延期 %(times)s 次，已用 %(used)s 次。") % words
        if declared.extend_by:
            text += _("每次至多 %(days)s 个工作日。") % {"days": declared.extend_by.count}
        return text
