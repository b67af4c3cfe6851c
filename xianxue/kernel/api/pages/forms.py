"""The shape of input: a token, a service account, a subscription."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.api import scopes
from xianxue.kernel.api.addresses import read_networks
from xianxue.kernel.api.models import Token
from xianxue.kernel.api.providers import find_unit
from xianxue.kernel.api.tokens import user_named
from xianxue.kernel.resources import all_registers

REQUIRED = {"required": _("请填写。")}
DAYS = (("30", _("30 天")), ("90", _("90 天")), ("180", _("180 天")), ("365", _("一年")))


class UnitsField(forms.CharField):
    """Units by code or full name, separated; their primary keys."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            label=_("限定单位"),
            required=False,
            max_length=400,
            help_text=_("填标识码或全称，几个用顿号隔开；空着就是所有人的全部范围。"),
            **kwargs,
        )

    def clean(self, value: Any) -> list[int]:
        found = []
        for text in str(super().clean(value)).replace("、", " ").replace("，", " ").split():
            pk = find_unit(text)
            if pk is None:
                raise forms.ValidationError(_("没有“%(unit)s”这个单位。请核对后重新填写。"), params={"unit": text})
            found.append(pk)
        return found


class TokenForm(forms.Form):
    """A token; its scopes are those that would open something to the owner."""

    name = forms.CharField(
        label=_("名称"), max_length=60, error_messages=REQUIRED, help_text=_("写明哪个系统、做什么用。")
    )
    days = forms.ChoiceField(label=_("有效期"), choices=DAYS, initial="180")
    scopes = forms.MultipleChoiceField(
        label=_("范围"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("请至少选一项。")}
    )
    units = UnitsField()
    networks = forms.CharField(
        label=_("限定来源"),
        required=False,
        max_length=400,
        help_text=_("允许使用的 IP 地址或网段，如 10.1.0.0/16，几个用逗号隔开；空着不限。"),
    )

    def __init__(self, words: Sequence[tuple[str, str]], data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["scopes"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        field.choices = list(words)

    def clean_networks(self) -> list[str]:
        try:
            return read_networks(self.cleaned_data["networks"])
        except ValueError as error:
            raise forms.ValidationError(_("看不懂这个网段。请按 10.1.0.0/16 的样子填写。")) from error


class ServiceAccountForm(forms.Form):
    """A user who becomes another system's account."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=40,
        error_messages=REQUIRED,
        help_text=_("先在“用户”里新建一个专用用户并授予角色；它从未登录过，才能设为服务账号。"),
    )
    purpose = forms.CharField(label=_("用途"), max_length=120, error_messages=REQUIRED)
    contact = forms.CharField(label=_("联系人"), max_length=60, required=False)

    def clean_username(self) -> Any:
        user = user_named(self.cleaned_data["username"])
        if user is None:
            raise forms.ValidationError(_("没有这个用户。请核对用户名。"))
        return user


class SubscriptionForm(forms.Form):
    """An address to be told of changes."""

    url = forms.CharField(
        label=_("接收地址"), max_length=300, error_messages=REQUIRED, help_text=_("以 https:// 开头的完整网址。")
    )
    registers = forms.MultipleChoiceField(
        label=_("登记"), widget=forms.CheckboxSelectMultiple, error_messages={"required": _("请至少选一项。")}
    )
    units = UnitsField()

    def __init__(self, token: Token, data: Any = None) -> None:
        super().__init__(data)
        field = self.fields["registers"]
        assert isinstance(field, forms.MultipleChoiceField)  # noqa: S101 - declared above
        known = scopes.of(token.scopes)
        field.choices = [(item.code, str(item.label)) for item in all_registers() if known.reads(item)]
