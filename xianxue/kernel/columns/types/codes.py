"""Columns with a closed set of values: code lists, references, yes and no."""

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.columns import cleaning, providers
from xianxue.kernel.columns.column import Check, Column, ColumnType

SHOWN = 12
YES = ("是", "1", "有", "√", "✓", "对", "y", "yes", "true", "t")
NO = ("否", "0", "无", "×", "✗", "不是", "没有", "错", "n", "no", "false", "f")


def _folded(clean: pl.Expr) -> pl.Expr:
    return clean.str.replace_all(" ", "", literal=True).str.to_lowercase()


def _mapped(clean: pl.Expr, table: dict[str, str]) -> pl.Expr:
    if not table:
        return pl.when(False).then(clean)  # noqa: FBT003 - polars' way to say "never"
    return _folded(clean).replace_strict(table, default=None, return_dtype=pl.String)


def _few(texts: Sequence[str]) -> str:
    listed = "、".join(texts[:SHOWN])
    return _("%(some)s等 %(count)s 项") % {"some": listed, "count": len(texts)} if len(texts) > SHOWN else listed


def _closest(text: str, known: Sequence[str], cutoff: float = 0.6) -> str:
    """The spelling that was probably meant: one contained in the text or containing it, else the most similar."""
    folded = cleaning.narrow_text(text)
    if not folded:
        return ""
    near = [item for item in known if len(item) > 1 and (item in folded or folded in item)]
    if near:
        return max(near, key=lambda item: difflib.SequenceMatcher(None, item, folded).ratio())
    return next(iter(difflib.get_close_matches(folded, known, n=1, cutoff=cutoff)), "")


@dataclass(frozen=True)
class YesNo(ColumnType):
    """Yes or no; canonical text `1` and `0`."""

    code: ClassVar[str] = "yes_no"
    label: ClassVar[Any] = gettext_lazy("是或否")
    width: ClassVar[int] = 8

    def parse(self, clean: pl.Expr) -> pl.Expr:
        return _mapped(clean, dict.fromkeys(YES, "1") | dict.fromkeys(NO, "0"))

    def expected(self) -> str:
        return _("是、否")

    def choices(self) -> Sequence[str]:
        return ("是", "否")

    def options(self) -> Sequence[tuple[str, str]]:
        return (("1", _("是")), ("0", _("否")))

    def to_python(self, text: str | None) -> bool | None:
        return None if text is None else text == "1"

    def from_python(self, value: Any) -> str | None:
        return None if value is None else "1" if value else "0"

    def shown(self, text: str) -> str:
        return _("是") if text == "1" else _("否")

    def form_field(self, column: Column) -> forms.Field:
        choices = [("", ""), *self.options()]
        return forms.ChoiceField(label=column.label, required=column.required, help_text=column.help, choices=choices)


@dataclass(frozen=True)
class Code(ColumnType):
    """An item of a code list, by value, label or synonym; canonical text is the value."""

    list_code: str = ""
    code: ClassVar[str] = "code"
    label: ClassVar[Any] = gettext_lazy("代码表中的一项")
    fault: ClassVar[str] = "P201"

    def _spellings(self) -> dict[str, str]:
        """Folded spelling → value. Excel drops leading zeros (01 → 1) and exports write `01-汉族`."""
        table = providers.code_table(self.list_code)
        found = {cleaning.narrow_text(text): value for text, value in reversed(list(table.spellings.items()))}
        for value, label in table.labels.items():
            for text in (
                f"{value}-{label}",
                f"{value}{label}",
                f"{label}({value})",
                f"{value}.{label}",
                value.lstrip("0"),
            ):
                found.setdefault(cleaning.narrow_text(text), value)
        found.pop("", None)
        return found

    def parse(self, clean: pl.Expr) -> pl.Expr:
        return _mapped(clean, self._spellings())

    def expected(self) -> str:
        return _few(self.choices())

    def choices(self) -> Sequence[str]:
        return tuple(providers.code_table(self.list_code).labels.values())

    def options(self) -> Sequence[tuple[str, str]]:
        return tuple(providers.code_table(self.list_code).labels.items())

    def suggest(self, text: str) -> str:
        spellings = self._spellings()
        found = _closest(text, list(spellings))
        return providers.code_table(self.list_code).labels.get(spellings[found], "") if found else ""

    def shown(self, text: str) -> str:
        return providers.code_table(self.list_code).labels.get(text, text)

    def form_field(self, column: Column) -> forms.Field:
        def choices() -> list[tuple[str, str]]:
            return [("", ""), *self.options()]

        return forms.ChoiceField(label=column.label, required=column.required, help_text=column.help, choices=choices)


@dataclass(frozen=True)
class Reference(ColumnType):
    """A row of another register, by code or name; canonical text is its primary key.

    Only rows in the reach now in force can be meant. A register too large to hold in memory has no provider
    (`provide_references`): its cells stay as written, and the sheet's writer resolves them.
    """

    register_code: str = ""
    code: ClassVar[str] = "reference"
    label: ClassVar[Any] = gettext_lazy("已登记的名称或代码")
    fault: ClassVar[str] = "P202"
    width: ClassVar[int] = 20

    @classmethod
    def clean(cls, raw: pl.Expr) -> pl.Expr:
        # A code of digits that went through a number cell ends in .0.
        return cleaning.narrow(raw).str.replace(r"^(\d+)\.0+$", "$1")

    def _spellings(self) -> tuple[dict[str, str], set[str]]:
        """Folded spelling → primary key; and spellings that more than one row has."""
        found: dict[str, str] = {}
        shared: set[str] = set()
        for item in providers.referents(self.register_code):
            for text in {cleaning.narrow_text(text) for text in (item.label, *item.spellings)} - {""}:
                if found.setdefault(text, str(item.pk)) != str(item.pk):
                    shared.add(text)
        return {text: pk for text, pk in found.items() if text not in shared}, shared

    def parse(self, clean: pl.Expr) -> pl.Expr:
        if not providers.has_references(self.register_code):
            return clean
        return _mapped(clean, self._spellings()[0])

    def checks(self, clean: pl.Expr, parsed: pl.Expr) -> Sequence[Check]:
        shared = self._spellings()[1]
        return (Check("P203", _folded(clean).is_in(sorted(shared))),) if shared else ()

    def expected(self) -> str:
        return str(self.label)

    def suggest(self, text: str) -> str:
        spellings, _shared = self._spellings()
        # Names of schools differ by one character (小学, 中学): only a slip of the pen is close enough.
        found = _closest(text, list(spellings), cutoff=0.85)
        return self.shown(spellings[found]) if found else ""

    def choices(self) -> Sequence[str]:
        return tuple(item.label for item in providers.referents(self.register_code))

    def to_python(self, text: str | None) -> int | None:
        return None if text is None else int(text)

    def from_python(self, value: Any) -> str | None:
        return None if value is None else str(getattr(value, "pk", value))

    def shown(self, text: str) -> str:
        return next((item.label for item in providers.referents(self.register_code) if str(item.pk) == text), text)

    def form_field(self, column: Column) -> forms.Field:
        if not providers.has_references(self.register_code):
            return super().form_field(column)

        def choices() -> list[tuple[str, str]]:
            return [("", ""), *((item.label, item.label) for item in providers.referents(self.register_code))]

        return forms.ChoiceField(label=column.label, required=column.required, help_text=column.help, choices=choices)
