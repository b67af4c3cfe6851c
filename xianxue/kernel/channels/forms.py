"""The form of a channel."""

from datetime import time

from django import forms
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.channels.models import ChannelKind


class ChannelForm(forms.Form):
    """By which way, where, and when not."""

    kind = forms.ChoiceField(label=_("渠道"), choices=ChannelKind.choices)
    address = forms.CharField(
        label=_("地址"), max_length=300,
        help_text=_("邮件填邮箱；机器人填群设置里复制的 Webhook 地址，最好用只有自己的群。只发条数，不发内容。"),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("加签密钥"),
        max_length=120,
        required=False,
        help_text=_("钉钉机器人安全设置选“加签”的，填 SEC 开头的一串。"),
    )
    quiet_from = forms.TimeField(label=_("免打扰开始"), initial=time(21), widget=forms.TimeInput({"type": "time"}))
    quiet_to = forms.TimeField(label=_("免打扰结束"), initial=time(7), widget=forms.TimeInput({"type": "time"}))
