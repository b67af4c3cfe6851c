"""Numbers that identify a person: checked by their own arithmetic, never by guessing at areas."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.columns import cleaning
from xianxue.kernel.columns.column import Check, ColumnType

# GB 11643-1999 (ISO 7064 MOD 11-2).
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
# So many numbers, those of a form, are reckoned one by one: the columns' arithmetic takes two milliseconds for any.
FEW = 20
FORM = r"^\d{17}[\dX]$"
# What Excel shows of a long number, and what is left of one that was shown in full: fifteen digits and zeros.
FLOATED = r"^\d(?:\.\d+)?E\+?1[5-9]$"
ZEROED = r"^\d{15}000$"


def has_sound_check_digit(number: pl.Expr) -> pl.Expr:
    """Whether the 18th character follows from the 17 before it; null where they are no digits."""
    return number.map_batches(_sound, return_dtype=pl.Boolean, is_elementwise=True)


def _sound(numbers: pl.Series) -> pl.Series:
    if numbers.len() <= FEW:
        return pl.Series(numbers.name, [_is_sound(text) for text in numbers], dtype=pl.Boolean)
    body = numbers.str.head(17).cast(pl.Int64, strict=False)
    total = body * 0
    for place, weight in enumerate(WEIGHTS):
        total = total + (body // 10 ** (16 - place)) % 10 * weight
    expected = (total % 11).replace_strict(list(range(11)), list(CHECKS), default=None, return_dtype=pl.String)
    return numbers.str.tail(1) == expected


def _is_sound(text: str | None) -> bool | None:
    body = (text or "")[:17]
    if text is None or not (body.isascii() and body.isdigit()):
        return None
    return text[-1] == check_character(body.zfill(17))


def birth_date(number: pl.Expr) -> pl.Expr:
    """The birth date inside an 18-character ID number; null where there is no such day."""
    found = number.str.slice(6, 8).str.to_date("%Y%m%d", strict=False)
    return pl.when(found.dt.year().is_between(1900, 2100)).then(found)


def is_ruined(number: pl.Expr) -> pl.Expr:
    """Whether a spreadsheet made a number of it, so that the last digits are lost for ever."""
    zeroed = number.str.contains(ZEROED) & ~has_sound_check_digit(number).fill_null(value=False)
    return number.str.contains(FLOATED) | zeroed


def is_id_number(number: pl.Expr) -> pl.Expr:
    """Whether it is an ID number: form, date and check digit. The area code is not looked at."""
    sound = number.str.contains(FORM) & has_sound_check_digit(number) & birth_date(number).is_not_null()
    return sound.fill_null(value=False)


def check_character(body: str) -> str:
    """The check character of 17 digits."""
    return CHECKS[sum(int(digit) * weight for digit, weight in zip(body[:17], WEIGHTS, strict=True)) % 11]


class _Number(ColumnType):
    width: ClassVar[int] = 22

    @classmethod
    def clean(cls, raw: pl.Expr) -> pl.Expr:
        return cleaning.joined(raw).str.to_uppercase()

    def masked(self, text: str) -> str:
        if len(text) < 9:
            return "•" * len(text)
        return f"{text[:4]}{'•' * (len(text) - 8)}{text[-4:]}"


@dataclass(frozen=True)
class IdNumber(_Number):
    """Resident ID number of 18 characters."""

    code: ClassVar[str] = "id_number"
    label: ClassVar[Any] = gettext_lazy("18 位身份证号")
    fault: ClassVar[str] = "P111"

    def parse(self, clean: pl.Expr) -> pl.Expr:
        return pl.when(is_id_number(clean)).then(clean)

    def checks(self, clean: pl.Expr, parsed: pl.Expr) -> Sequence[Check]:
        return number_checks(clean)

    def expected(self) -> str:
        return _("18 位身份证号，存为文本")


def number_checks(clean: pl.Expr) -> tuple[Check, ...]:
    """What can be wrong with an ID number, most telling first; for sheets with other documents in the same column."""
    formed = clean.str.contains(FORM)
    return (
        Check("P104", is_ruined(clean)),
        Check("P107", clean.str.contains(r"^\d{15}$")),
        Check("P106", formed & birth_date(clean).is_null()),
        Check("P105", formed & ~has_sound_check_digit(clean).fill_null(value=False)),
    )


@dataclass(frozen=True)
class DocumentNumber(_Number):
    """Number of any identity document; which kind it is stands in another column, and a rule of the sheet compares."""

    code: ClassVar[str] = "document_number"
    label: ClassVar[Any] = gettext_lazy("证件号码")

    def parse(self, clean: pl.Expr) -> pl.Expr:
        return pl.when(clean.str.contains(r"^[0-9A-Z()/-]{5,30}$") & ~is_ruined(clean)).then(clean)

    def checks(self, clean: pl.Expr, parsed: pl.Expr) -> Sequence[Check]:
        return (Check("P104", is_ruined(clean)),)

    def expected(self) -> str:
        return _("5 至 30 位数字或字母，存为文本")


@dataclass(frozen=True)
class StudentNumber(_Number):
    """学籍号: G, L or J and 18 characters with a check digit. Nothing is read out of its body."""

    code: ClassVar[str] = "student_number"
    label: ClassVar[Any] = gettext_lazy("学籍号")
    fault: ClassVar[str] = "P110"

    def parse(self, clean: pl.Expr) -> pl.Expr:
        body = clean.str.slice(1)
        sound = clean.str.contains(r"^[GLJ]\d{17}[\dX]$") & has_sound_check_digit(body)
        return pl.when(sound.fill_null(value=False)).then(clean)

    def checks(self, clean: pl.Expr, parsed: pl.Expr) -> Sequence[Check]:
        formed = clean.str.contains(r"^[GLJ]\d{17}[\dX]$")
        return (
            Check("P104", clean.str.contains(FLOATED)),
            Check("P105", formed & ~has_sound_check_digit(clean.str.slice(1)).fill_null(value=False)),
        )

    def expected(self) -> str:
        return _("字母 G、L 或 J 加 18 位号码")


@dataclass(frozen=True)
class Phone(_Number):
    """Telephone number of the mainland; mobile numbers in digits alone."""

    code: ClassVar[str] = "phone"
    label: ClassVar[Any] = gettext_lazy("电话")
    fault: ClassVar[str] = "P112"
    width: ClassVar[int] = 15

    @classmethod
    def clean(cls, raw: pl.Expr) -> pl.Expr:
        text = cleaning.joined(raw).str.replace(r"\.0+$", "").str.replace_all("[—–_]", "-")
        return text.str.replace(r"^(\+|00)86-?", "")

    def parse(self, clean: pl.Expr) -> pl.Expr:
        digits = clean.str.replace_all("-", "", literal=True)
        landline = clean.str.contains(r"^\(?0\d{2,3}\)?-?\d{7,8}(-\d{1,6})?$|^400-?\d{3}-?\d{4}$")
        plain = clean.str.replace_all("[()]", "")
        return pl.when(digits.str.contains(r"^1[3-9]\d{9}$")).then(digits).when(landline).then(plain)

    def expected(self) -> str:
        return _("11 位手机号，或带区号的固定电话")

    def masked(self, text: str) -> str:
        if len(text) < 8:
            return "•" * len(text)
        return f"{text[:3]}{'•' * (len(text) - 7)}{text[-4:]}"
