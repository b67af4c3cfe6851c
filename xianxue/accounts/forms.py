"""The shape of input: sign-in, passwords, users, postings."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.accounts.models import Posting
from xianxue.accounts.procedures import ExportApproval
from xianxue.kernel import resources
from xianxue.kernel.access import role_choices
from xianxue.kernel.procedures import StepForm
from xianxue.kernel.resources.asked import read
from xianxue.kernel.ui.formats import grouped
from xianxue.organisations.choices import UnitKind
from xianxue.organisations.models import Unit

REQUIRED = {"required": _("请填写。")}
WRONG_DAY = {**REQUIRED, "invalid": _("请按 2024-09-01 的格式填写日期。")}


class SignInForm(forms.Form):
    """Name and password; judged in `sign_in`."""

    username = forms.CharField(
        label=_("用户名"),
        max_length=40,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}),
    )
    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        error_messages=REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


def _new_password(label: Any, help_text: Any = "") -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=200,
        strip=False,
        help_text=help_text,
        error_messages=REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )


RULES = _("至少 10 个字符，不能全是数字，不能是常见密码，不能有用户名或姓名（包括拼音），也不能是最近用过的。")


class PasswordForm(forms.Form):
    """One's own new password, typed twice."""

    old = forms.CharField(
        label=_("原密码"),
        max_length=200,
        strip=False,
        error_messages=REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    new = _new_password(_("新密码"), RULES)
    again = _new_password(_("再填一次新密码"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("new") and data.get("again") and data["new"] != data["again"]:
            self.add_error("again", _("两次填写的新密码不一致。请重新填写。"))
        return data


class SecondStepForm(forms.Form):
    """Six digits of the telephone, or a recovery code."""

    code = forms.CharField(
        label=_("动态口令"),
        max_length=20,
        error_messages=REQUIRED,
        help_text=_("手机上现在显示的 6 位数；手机不在身边时，填一个恢复码。"),
        widget=forms.TextInput(
            attrs={"autocomplete": "one-time-code", "autocapitalize": "none", "spellcheck": "false"}
        ),
    )


class FactorForm(forms.Form):
    """The first code, which shows that the telephone has the secret."""

    code = forms.CharField(
        label=_("手机上显示的 6 位数"),
        max_length=10,
        error_messages=REQUIRED,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
    )


class RenewCodesForm(SecondStepForm):
    """A code, before new recovery codes are shown."""


class DropFactorForm(SecondStepForm):
    """Password and code, before the second factor is switched off."""

    password = forms.CharField(
        label=_("密码"),
        max_length=200,
        strip=False,
        error_messages=REQUIRED,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )
    field_order = ("password", "code")


class ReasonForm(forms.Form):
    """Why something is done to another person's account."""

    reason = forms.CharField(label=_("理由"), max_length=200, error_messages=REQUIRED)


class ResetForm(forms.Form):
    """A new temporary password; of administrators and the director with a reason, for a second person."""

    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        required=False,
        help_text=_("重置三种管理员或局长的密码时必填；须由另一人确认后才生效。"),
    )


class NewUserForm(forms.Form):
    """A new user; the system makes up the temporary password."""

    username = forms.CharField(label=_("用户名"), max_length=40, error_messages=REQUIRED)
    name = forms.CharField(label=_("姓名"), max_length=30, error_messages=REQUIRED)
    worker_number = forms.CharField(
        label=_("工号"), max_length=30, required=False, help_text=_("统一身份认证按工号找人时要填。")
    )


class RenameForm(forms.Form):
    """The name shown for a user, and the worker's number."""

    name = forms.CharField(label=_("姓名"), max_length=30, error_messages=REQUIRED)
    worker_number = forms.CharField(label=_("工号"), max_length=30, required=False)


class DecisionForm(forms.Form):
    """Only a confirmation: what was asked for stands on the page."""


class SwitchForm(forms.Form):
    """Only a confirmation: what will happen stands on the page."""


class PostingForm(forms.Form):
    """A role at a unit; the unit is named by its code or its full name, as people have it at hand."""

    role = forms.ChoiceField(label=_("角色"), choices=role_choices, error_messages=REQUIRED)
    unit = forms.CharField(
        label=_("单位"),
        max_length=60,
        error_messages=REQUIRED,
        help_text=_("填学校（机构）标识码、行政区划代码或单位全称；班主任填班级编号。"),
    )
    office = forms.CharField(label=_("所在科室"), max_length=30, required=False)
    started_on = forms.DateField(
        label=_("开始日期"),
        initial=timezone.localdate,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=WRONG_DAY,
    )
    reason = forms.CharField(
        label=_("理由"),
        max_length=200,
        required=False,
        help_text=_("授予三种管理员或局长角色，或账号是您开的、密码是您重置的，必填；须由另一人确认后才生效。"),
    )

    def clean_unit(self) -> Unit:
        """The unit in reach; equal names are no answer."""
        given = self.cleaned_data["unit"].strip()
        units = Unit.objects.all()
        found = list(units.filter(code=given)[:2]) or list(
            units.filter(name=given).exclude(kind=UnitKind.CLASSROOM)[:2]
        )
        if not found and given.isdecimal() and len(given) < 10:
            found = list(units.filter(pk=int(given), kind=UnitKind.CLASSROOM))
        if len(found) != 1:
            message = (
                _("有几个单位叫“%(unit)s”。请改填标识码。")
                if found
                else _("没有“%(unit)s”这个单位。请核对后重新填写。")
            )
            raise forms.ValidationError(message % {"unit": given})
        unit: Unit = found[0]
        return unit


class EndPostingForm(forms.Form):
    """The last day of a posting."""

    on = forms.DateField(
        label=_("最后一天"),
        initial=timezone.localdate,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=WRONG_DAY,
    )


@ExportApproval.ask.form
class ExportForm(StepForm):
    """Which list, for what, for whom; the list comes with the address."""

    register = forms.CharField(max_length=40, widget=forms.HiddenInput)
    query = forms.CharField(max_length=500, required=False, widget=forms.HiddenInput)
    rows = forms.IntegerField(min_value=1, widget=forms.HiddenInput)
    purpose = forms.CharField(label=_("导出用途"), max_length=200, min_length=4)
    recipient = forms.CharField(label=_("接收单位"), max_length=100, help_text=_("只在本单位使用的，填本单位。"))

    def about(self) -> Iterable[tuple[str, str]]:
        """The list, how many rows it has now, and which of its columns are unmasked; nothing where it may not be had."""
        found = resources.find(lambda item: item.code == self["register"].value())
        if found is None or not found.may_export_sheet():
            return
        asked = read(found, QueryDict(self["query"].value() or ""), grant=found.export_grant)
        yield _t("名单"), str(found.label)
        yield _t("行数"), grouped(asked.rows().count())
        yield _t("未遮盖的列"), "、".join(str(column.label) for column in found.form_columns if column.is_hidden)


@ExportApproval.approve.form
class ExportApprovalForm(StepForm):
    """Until when."""

    valid_until = forms.DateField(label=_("有效期至"), widget=forms.DateInput(attrs={"type": "date"}))


def _posting_label(obj: Any) -> str:
    return f"{obj.role_name} · {obj.unit.name}"


class DelegationForm(forms.Form):
    """A posting handed to a colleague, from day to day."""

    posting = forms.ModelChoiceField(
        label=_("代办什么"), queryset=Posting.objects.none(), error_messages=REQUIRED, empty_label=None
    )
    taker = forms.CharField(label=_("代办人的用户名"), max_length=40, error_messages=REQUIRED)
    started_on = forms.DateField(
        label=_("第一天"),
        initial=timezone.localdate,
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=WRONG_DAY,
    )
    ended_on = forms.DateField(
        label=_("最后一天"),
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
        error_messages=WRONG_DAY,
    )
    reason = forms.CharField(label=_("理由"), max_length=200, error_messages=REQUIRED)

    def __init__(self, data: Any = None, *, postings: Any) -> None:
        super().__init__(data)
        field = self.fields["posting"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101 - declared above
        field.queryset = postings
        field.label_from_instance = _posting_label  # type: ignore[method-assign]  # as Django's manual says
