"""Forms of the report and of its releases."""

from django import forms
from django.utils.translation import gettext_lazy as _

LONGEST_REASON = 300


class SentenceForm(forms.Form):
    """One sentence; figures stand in braces under their names."""

    text = forms.CharField(
        label=_("文字"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("花括号里是由记录算出的数字，可以移动位置，不能改写或删去。留空则恢复原来的文字。"),
    )


class ReplacingForm(forms.Form):
    """Why a new report takes the place of a released one."""

    reason = forms.CharField(
        label=_("更换原因"),
        required=False,
        max_length=LONGEST_REASON,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("这一年已有发布时必填，会写进新的发布。第一次发布不用填。"),
    )


class ReasonForm(forms.Form):
    """A reason that others will read."""

    reason = forms.CharField(label=_("原因"), max_length=LONGEST_REASON, widget=forms.Textarea(attrs={"rows": 3}))


class ReleaseForm(forms.Form):
    """The second person says that the text and the figures were read."""

    is_read = forms.BooleanField(label=_("我已核对全文和数字，同意发布"))


class CheckForm(forms.Form):
    """What stands on the paper beside the code."""

    number = forms.CharField(label=_("发布编号"), max_length=12, help_text=_("例如 2024-1"))
    root = forms.CharField(label=_("校验码"), max_length=30, help_text=_("四组，每组四位，空格可有可无"))
