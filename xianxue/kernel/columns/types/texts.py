"""Prose and names."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.columns import cleaning
from xianxue.kernel.columns.column import Check, Column, ColumnType

# Middle dots of names such as 阿依古丽·买买提: what keyboards give instead of U+00B7.
DOTS = "[•・‧∙⋅･．.]"
HAN = r"\p{Han}"


@dataclass(frozen=True)
class Text(ColumnType):
    """Prose, kept as written but for outer blanks; at most `max_length` characters."""

    max_length: int = 200
    code: ClassVar[str] = "text"
    label: ClassVar[Any] = gettext_lazy("文字")
    fault: ClassVar[str] = "P102"
    width: ClassVar[int] = 18

    @classmethod
    def clean(cls, raw: pl.Expr) -> pl.Expr:
        return cleaning.tidy(raw)

    def parse(self, clean: pl.Expr) -> pl.Expr:
        return pl.when(clean.str.len_chars() <= self.max_length).then(clean)

    def expected(self) -> str:
        return _("不超过 %(length)s 个字") % {"length": self.max_length}

    def form_field(self, column: Column) -> forms.Field:
        return forms.CharField(
            label=column.label, required=column.required, help_text=column.help, max_length=self.max_length
        )


@dataclass(frozen=True)
class Name(Text):
    """Name of a person: blanks between hanzi go (张 三), one kind of middle dot."""

    max_length: int = 60
    code: ClassVar[str] = "name"
    label: ClassVar[Any] = gettext_lazy("姓名")
    fault: ClassVar[str] = "P101"
    width: ClassVar[int] = 12

    @classmethod
    def clean(cls, raw: pl.Expr) -> pl.Expr:
        text = cleaning.tidy(raw).str.replace_all(f"({HAN}){DOTS}({HAN})", "$1·$2")
        # Twice, because matches do not overlap: 张 小 三.
        for _pass in (1, 2):
            text = text.str.replace_all(f"({HAN}) ({HAN})", "$1$2")
        return text

    def parse(self, clean: pl.Expr) -> pl.Expr:
        sound = clean.str.contains(r"^[\p{L}·' .-]+$") & (clean.str.len_chars() <= self.max_length)
        return pl.when(sound).then(clean)

    def checks(self, clean: pl.Expr, parsed: pl.Expr) -> Sequence[Check]:
        return (Check("P102", clean.str.len_chars() > self.max_length),)

    def expected(self) -> str:
        return _("汉字或字母，不含数字和符号")

    def masked(self, text: str) -> str:
        return text[0] + "•" * (len(text) - 1)
