"""The form by which the bureau answers a filing."""

from django import forms
from django.utils.translation import gettext_lazy as _


class FilingForm(forms.Form):
    """Confirmed or returned."""

    agrees = forms.TypedChoiceField(
        label=_("答复"), choices=[("1", _("确认收到")), ("0", _("退回"))], coerce=lambda text: text == "1",
        widget=forms.RadioSelect,
    )  # fmt: skip
    text = forms.CharField(
        label=_("意见"), required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("退回的，写明理由。"),
    )  # fmt: skip
