"""Types of columns that schools need."""

from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.columns import Integer

HANZI = dict(zip("一二三四五六七八九", "123456789", strict=True)) | {"十": "10"}


@dataclass(frozen=True)
class ClassNumber(Integer):
    """A class's number within its grade: `1`, `01`, `1班`, `（1）班`, `一班`, `五年级1班` are understood."""

    min: int | None = 1
    max: int | None = 99
    code: ClassVar[str] = "class_number"
    label: ClassVar[Any] = _("班号")

    def clean(self, raw: pl.Expr) -> pl.Expr:
        text = super().clean(raw).str.replace("班$", "").str.replace("^.*年级|^.*级", "").str.replace_all("[()]", "")
        return text.replace(list(HANZI), list(HANZI.values()))
