"""Days and months, in all the ways that workbooks write them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

import polars as pl
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.columns.column import Check, Column, ColumnType

# 2015-9-1, 2015/9/1, 2015.9.1, 2015年9月1日, with or without a time of day.
DAY = r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?(?:[ T]\d{1,2}:\d{2}.*)?$"
COMPACT_DAY = r"^(\d{4})(\d{2})(\d{2})(?:\.0+)?$"
MONTH = r"^(\d{4})\s*[-/.年]\s*(\d{1,2})\s*月?$"
COMPACT_MONTH = r"^(\d{4})(\d{2})(?:\.0+)?$"
# Excel counts days from 1899-12-30; 20000 is in 1954, 60000 in 2064.
SERIAL = r"^([2-5]\d{4}|60000)(?:\.\d+)?$"
SERIAL_START = date(1899, 12, 30)
FIRST, LAST = date(1900, 1, 1), date(2100, 12, 31)


def _day(clean: pl.Expr, pattern: str) -> pl.Expr:
    year, month, day = (clean.str.extract(pattern, group) for group in (1, 2, 3))
    text = year + "-" + month.str.zfill(2) + "-" + day.str.zfill(2)
    return text.str.to_date("%Y-%m-%d", strict=False)


def _serial(clean: pl.Expr) -> pl.Expr:
    days = clean.str.extract(SERIAL, 1).cast(pl.Int64, strict=False)
    return pl.lit(SERIAL_START) + pl.duration(days=days)


def day_of(clean: pl.Expr) -> pl.Expr:
    """The day that cleaned text means; null where none."""
    found = pl.coalesce(_day(clean, DAY), _day(clean, COMPACT_DAY), _serial(clean).cast(pl.Date))
    return pl.when(found.is_between(FIRST, LAST)).then(found)


@dataclass(frozen=True)
class Date(ColumnType):
    """A day between 1900 and 2100."""

    code: ClassVar[str] = "date"
    label: ClassVar[Any] = gettext_lazy("日期")
    fault: ClassVar[str] = "P103"
    width: ClassVar[int] = 12

    def parse(self, clean: pl.Expr) -> pl.Expr:
        return day_of(clean).dt.strftime("%Y-%m-%d")

    def expected(self) -> str:
        return _("年-月-日，如 2015-09-01")

    def to_python(self, text: str | None) -> date | None:
        return None if text is None else date.fromisoformat(text)

    def from_python(self, value: Any) -> str | None:
        return value.isoformat() if value else None

    def form_field(self, column: Column) -> forms.Field:
        # Cell text like every other field: the browser's date field posts 2015-09-01, which is understood.
        widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
        return forms.CharField(label=column.label, required=column.required, help_text=column.help, widget=widget)


@dataclass(frozen=True)
class Month(ColumnType):
    """A month, such as that of entry: canonical text `2015-09`; a full date counts as its month."""

    code: ClassVar[str] = "month"
    label: ClassVar[Any] = gettext_lazy("年月")
    fault: ClassVar[str] = "P103"
    width: ClassVar[int] = 10

    def parse(self, clean: pl.Expr) -> pl.Expr:
        ambiguous = clean.str.contains(r"^\d{4}\.1$")
        found = [
            (clean.str.extract(pattern, 1) + "-" + clean.str.extract(pattern, 2).str.zfill(2) + "-01").str.to_date(
                "%Y-%m-%d", strict=False
            )
            for pattern in (MONTH, COMPACT_MONTH)
        ]
        month = pl.coalesce(*found, day_of(clean))
        return pl.when(month.is_between(FIRST, LAST) & ~ambiguous).then(month.dt.strftime("%Y-%m"))

    def checks(self, clean: pl.Expr, parsed: pl.Expr) -> Sequence[Check]:
        # A number cell 2015.10 is 2015.1 to Excel: the last 0 is gone before anybody reads it.
        return (Check("P108", clean.str.contains(r"^\d{4}\.1$")),)

    def expected(self) -> str:
        return _("年-月，如 2015-09")
