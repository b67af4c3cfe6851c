"""Types of columns that schools need."""

import re
from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.columns import ColumnType, Integer, cleaning, code_table
from xianxue.organisations.choices import Stage
from xianxue.organisations.rules.school_codes import PROVINCES, TYPES

HANZI = dict(zip("一二三四五六七八九", "123456789", strict=True)) | {"十": "10"}


@dataclass(frozen=True)
class ClassNumber(Integer):
    """A class's number within its grade: `1`, `01`, `1班`, `（1）班`, `一班`, `五年级1班` are understood."""

    min: int | None = 1
    max: int | None = 99
    code: ClassVar[str] = "class_number"
    label: ClassVar[Any] = _("班号")

    @classmethod
    def clean(cls, raw: pl.Expr) -> pl.Expr:
        text = super().clean(raw).str.replace("班$", "").str.replace("^.*年级|^.*级", "").str.replace_all("[()]", "")
        return text.replace(list(HANZI), list(HANZI.values()))


@dataclass(frozen=True)
class SchoolCode(ColumnType):
    """学校（机构）标识码: ten digits; canonical text the same."""

    code: ClassVar[str] = "school_code"
    label: ClassVar[Any] = _("10 位学校标识码")
    fault: ClassVar[str] = "P351"

    @classmethod
    def clean(cls, raw: pl.Expr) -> pl.Expr:
        # A code of digits that went through a number cell ends in .0.
        return cleaning.joined(raw).str.replace(r"\.0+$", "")

    def parse(self, clean: pl.Expr) -> pl.Expr:
        known = clean.str.slice(0, 2).is_in(sorted(TYPES)) & clean.str.slice(2, 2).is_in(sorted(PROVINCES))
        return pl.when(clean.str.contains(r"^\d{10}$") & known).then(clean)


@dataclass(frozen=True)
class Stages(ColumnType):
    """Stages that a school teaches, several in one cell (小学、初中); canonical text `primary,junior`, in order."""

    code: ClassVar[str] = "stages"
    label: ClassVar[Any] = _("一个或几个学段，用顿号隔开")
    fault: ClassVar[str] = "P201"
    width: ClassVar[int] = 18

    def parse(self, clean: pl.Expr) -> pl.Expr:
        return clean.map_elements(stages_from_text, return_dtype=pl.String)

    def expected(self) -> str:
        return "、".join(str(stage.label) for stage in Stage)

    def shown(self, text: str) -> str:
        return "、".join(str(Stage(stage).label) for stage in text.split(",") if stage)


def stages_from_text(text: str) -> str | None:
    """Stages named in a text, in the order of schooling; None where one of the words is no stage."""
    spellings = code_table("stage").spellings
    named = {spellings.get(word) for word in re.split(r"[、,;/\s+和]+", text) if word}
    if not named or None in named:
        return None
    return ",".join(stage.value for stage in Stage if stage.value in named)
