"""Forms about pairs that may be one person."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import whole_county
from xianxue.people.models import DuplicatePair
from xianxue.people.selectors.duplicates.conflicts import SIDES, differing, fingerprint, person_label, questions

REQUIRED = {"required": _("请填写。")}


def _reason(label: Any = _("理由")) -> forms.CharField:
    return forms.CharField(
        label=label, max_length=300, error_messages=REQUIRED, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("写明核对了什么，例如户口簿、出生医学证明、班主任说明。"),
    )  # fmt: skip


class ReasonForm(forms.Form):
    """Why."""

    reason = _reason()


class UnclearForm(ReasonForm):
    """What is to be asked, of whom, until when."""

    question = forms.CharField(label=_("待查问题"), max_length=200, error_messages=REQUIRED)
    asked_of = forms.CharField(label=_("向谁核实"), max_length=60, error_messages=REQUIRED)
    until = forms.DateField(
        label=_("核实期限"), error_messages=REQUIRED, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )


class SearchForm(forms.Form):
    """How far the search looks."""

    full = forms.BooleanField(
        label=_("全量比对"), required=False, help_text=_("不勾选时只比对上次查找之后有变动的人员。全量约需十几秒。")
    )


class MergeForm(forms.Form):
    """Everything that must be chosen before two records become one: nothing is chosen beforehand.

    `shown` gives the words of a person's field on either side.
    """

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, pair: DuplicatePair, shown: Any, data: Any = None) -> None:
        with whole_county("合并前的核对"):
            self.asked = [(f"field:{name}", person_label(name), *shown(name), "") for name in differing(pair)]
            self.asked += [(item.key, item.label, item.first, item.second, item.effect) for item in questions(pair)]
            seen = fingerprint(pair)
        super().__init__(data, initial={"seen": seen})
        kept = _t("另一份成为空档，随时可以撤销合并恢复")
        first, second = (_t("%(side)s（登记较早）") % {"side": _t("记录一")}, _t("记录二"))
        self.fields["survivor"] = _choice(_t("保留哪一份的档案"), first, second, kept)
        for key, label, one, other, effect in self.asked:
            self.fields[key] = _choice(label, one, other, effect)
        self.fields["reason"] = _reason()

    def choices(self) -> dict[str, str]:
        """What was chosen, by key, with the digest of what was seen."""
        keys: Sequence[str] = ("survivor", "seen", *(key for key, *_rest in self.asked))
        return {key: self.cleaned_data[key] for key in keys}


def _choice(label: Any, first: str, second: str, effect: Any) -> forms.ChoiceField:
    texts = (first or _t("（空）"), second or _t("（空）"))
    if texts[0] == texts[1]:
        texts = (f"{_t('记录一')}：{texts[0]}", f"{_t('记录二')}：{texts[1]}")
    return forms.ChoiceField(
        label=label,
        choices=list(zip(SIDES, texts, strict=True)),
        widget=forms.RadioSelect,
        help_text=effect,
        error_messages={"required": _("请选择。")},
    )


class ConfirmForm(forms.Form):
    """That the second person has looked."""

    looked = forms.BooleanField(
        label=_("我已对照两份记录和佐证材料核对"), error_messages={"required": _("请核对后勾选。")}
    )


def told_choices(pair: DuplicatePair, shown: Any) -> list[tuple[str, str]]:
    """What was chosen, in words: label and the side's text."""
    form = MergeForm(pair, shown)
    told = []
    for name, field in form.fields.items():
        if isinstance(field, forms.ChoiceField) and (side := pair.choices.get(name)):
            options = {str(value): str(text) for value, text in field.widget.choices}
            told.append((str(field.label), options[side]))
    return told
