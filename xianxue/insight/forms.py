"""Forms of the report."""

from django import forms
from django.utils.translation import gettext_lazy as _


class SentenceForm(forms.Form):
    """One sentence; figures stand in braces under their names."""

    text = forms.CharField(
        label=_("文字"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("花括号里是由记录算出的数字，可以移动位置，不能改写或删去。留空则恢复原来的文字。"),
    )
