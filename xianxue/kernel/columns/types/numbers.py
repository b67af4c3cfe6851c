"""Whole numbers, decimals and money."""

import decimal
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.columns import cleaning
from xianxue.kernel.columns.column import Check, ColumnType


@dataclass(frozen=True)
class Integer(ColumnType):
    """A whole number from `min` to `max`; `12.0`, `1,200` and `12 ` are understood."""

    min: int | None = None
    max: int | None = None
    code: ClassVar[str] = "integer"
    label: ClassVar[Any] = gettext_lazy("整数")
    width: ClassVar[int] = 10

    @classmethod
    def clean(cls, raw: pl.Expr) -> pl.Expr:
        return cleaning.joined(raw)

    def _number(self, clean: pl.Expr) -> pl.Expr:
        plain = clean.str.replace_all(",", "", literal=True).str.replace(r"\.0+$", "")
        return plain.cast(pl.Int64, strict=False)

    def _inside(self, number: pl.Expr) -> pl.Expr:
        inside = number.is_not_null()
        if self.min is not None:
            inside &= number >= self.min
        if self.max is not None:
            inside &= number <= self.max
        return inside

    def parse(self, clean: pl.Expr) -> pl.Expr:
        number = self._number(clean)
        return pl.when(self._inside(number)).then(number.cast(pl.String))

    def checks(self, clean: pl.Expr, parsed: pl.Expr) -> Sequence[Check]:
        number = self._number(clean)
        return (Check("P109", number.is_not_null() & ~self._inside(number)),)

    def expected(self) -> str:
        if self.min is not None and self.max is not None:
            return _("%(min)s 至 %(max)s 的整数") % {"min": self.min, "max": self.max}
        if self.min is not None:
            return _("不小于 %(min)s 的整数") % {"min": self.min}
        if self.max is not None:
            return _("不大于 %(max)s 的整数") % {"max": self.max}
        return _("整数")

    def to_python(self, text: str | None) -> int | None:
        return None if text is None else int(text)


def _decimal_text(clean: pl.Expr) -> pl.Expr:
    """Digits, sign and point only; null where anything else stands."""
    plain = clean.str.replace_all(r"^[￥¥]|[,]|元$", "")
    return pl.when(plain.str.contains(r"^-?(\d+|\d+\.\d*|\.\d+)$")).then(plain)


def _scaled(plain: pl.Expr, places: int) -> pl.Expr:
    """The number times 10^places as a whole number, by its digits (never through a float); null where it has more."""
    whole = plain.str.extract(r"^-?(\d*)", 1)
    part = plain.str.extract(r"\.(\d*)$", 1).fill_null("").str.strip_chars_end("0")
    digits = (whole + part.str.pad_end(places, "0")).cast(pl.Int64, strict=False)
    signed = pl.when(plain.str.starts_with("-")).then(-digits).otherwise(digits)
    return pl.when(part.str.len_chars() <= places).then(signed)


@dataclass(frozen=True)
class Decimal(ColumnType):
    """A number with at most `places` decimals; canonical text has exactly so many."""

    places: int = 2
    code: ClassVar[str] = "decimal"
    label: ClassVar[Any] = gettext_lazy("数字")
    width: ClassVar[int] = 10

    @classmethod
    def clean(cls, raw: pl.Expr) -> pl.Expr:
        return cleaning.joined(raw)

    def parse(self, clean: pl.Expr) -> pl.Expr:
        scaled = _scaled(_decimal_text(clean), self.places)
        if not self.places:
            return scaled.cast(pl.String)
        digits = scaled.abs().cast(pl.String).str.pad_start(self.places + 1, "0")
        sign = pl.when(scaled < 0).then(pl.lit("-")).otherwise(pl.lit(""))
        return sign + digits.str.head(-self.places) + "." + digits.str.tail(self.places)

    def expected(self) -> str:
        return _("数字，最多 %(places)s 位小数") % {"places": self.places}

    def to_python(self, text: str | None) -> decimal.Decimal | None:
        return None if text is None else decimal.Decimal(text)

    def from_python(self, value: Any) -> str | None:
        return None if value is None else f"{value:.{self.places}f}"


@dataclass(frozen=True)
class Money(ColumnType):
    """Money: 分 in the database, 元 on paper and in cells."""

    code: ClassVar[str] = "money"
    label: ClassVar[Any] = gettext_lazy("金额（元）")
    width: ClassVar[int] = 12

    @classmethod
    def clean(cls, raw: pl.Expr) -> pl.Expr:
        return cleaning.joined(raw)

    def parse(self, clean: pl.Expr) -> pl.Expr:
        return _scaled(_decimal_text(clean), 2).cast(pl.String)

    def expected(self) -> str:
        return _("以元为单位的金额，最多两位小数")

    def to_python(self, text: str | None) -> int | None:
        return None if text is None else int(text)

    def shown(self, text: str) -> str:
        fen = int(text)
        return f"{'-' if fen < 0 else ''}{abs(fen) // 100}.{abs(fen) % 100:02d}"
