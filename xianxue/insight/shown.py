"""Figures as pages show them: large money in 万元, never rounded up; states and comparisons in words."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Literal

from django.urls import reverse
from django.utils.translation import gettext as _

from xianxue.insight.selectors import Stated
from xianxue.kernel.indicators import Indicator
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.figures import Delta, Figure
from xianxue.kernel.ui.parts import Pill

YUAN, WAN = "元", 10_000
LARGE_MONEY = 1_000_000
Number = int | Decimal


@dataclass(frozen=True)
class Bar:
    """One slice: its name, its value in words, and how long its bar is, of `BarList.longest`."""

    label: str
    text: str
    length: int


@dataclass(frozen=True)
class BarList:
    """A figure apart by its slices; names may be long, so they stand above their bars."""

    title: str
    unit: str
    bars: tuple[Bar, ...]
    href: str = ""

    @property
    def longest(self) -> int:
        """Length of the longest bar."""
        return max((bar.length for bar in self.bars), default=1) or 1


def bar_list(title: str, parts: Sequence[tuple[str, Number | None]], unit: str, *, href: str = "") -> BarList:
    """Slices as bars, in the order given; those without a value are left out."""
    known = [(label, number) for label, number in parts if number is not None]
    divisor, word = scale_of(unit, max([Decimal(number) for _label, number in known]) if known else None)
    bars = (Bar(label, text_of(number, divisor) or "", int(number)) for label, number in known)
    return BarList(title, word, tuple(bars), href)


def scale_of(unit: str, number: Number | None) -> tuple[int, str]:
    """(divisor, measure word) in which a number is easy to read."""
    if unit == YUAN and number is not None and abs(Decimal(number)) >= LARGE_MONEY:
        return WAN, _("万元")
    return 1, unit


def text_of(number: Number | None, divisor: int = 1, places: int | None = None) -> str | None:
    """A number grouped by thousands; divided ones are cut to whole numbers. None for none."""
    if number is None:
        return None
    if divisor > 1:
        return formats.grouped((Decimal(number) / divisor).to_integral_value(ROUND_DOWN))
    if number == number.to_integral_value() if isinstance(number, Decimal) else True:
        return formats.grouped(number, places or 0)
    return formats.grouped(number)


def with_unit(number: Number | None, unit: str, places: int = 0) -> str:
    """`1,234 人次`, `567 万元`, or 尚无记录."""
    if number is None:
        return _("尚无记录")
    divisor, word = scale_of(unit, number)
    return f"{text_of(number, divisor, places)} {word}".strip()


def href_of(item: Stated, year: int, unit: int | None = None) -> str:
    """The page of a figure, or of one unit's part of it."""
    if unit is not None and item.item is not None:
        return f"{reverse('figure-unit', args=(item.code, unit))}?year={year}"
    return f"{reverse('figure', args=(item.code,))}?year={year}"


def status_of(item: Indicator | None, number: Number | None) -> Pill | None:
    """Met or not met, where there is a threshold."""
    meets = item.meets(number) if item is not None and number is not None else None
    if meets is None or item is None:
        return None
    wanted = _("标准：%(operator)s %(threshold)s%(unit)s") % {
        "operator": {">=": "≥", "<=": "≤"}.get(item.operator, item.operator),
        "threshold": item.threshold,
        "unit": item.unit,
    }
    return Pill(_("达标"), "done", wanted) if meets else Pill(_("未达标"), "due", wanted)


def delta_of(item: Stated) -> Delta | None:
    """More or less than the year before; None where either is missing."""
    now, before = item.value.number, item.before.number if item.before else None
    if now is None or before is None or item.item is None:
        return None
    divisor, word = scale_of(item.unit, now)
    better: Literal["up", "down", ""] = item.item.direction
    places = 0 if divisor > 1 else item.item.places
    return Delta(
        Decimal(now) / divisor,
        Decimal(before) / divisor,
        unit=word,
        better=better,
        places=places,
        period=_("上年同期"),
    )


def figure_of(item: Stated, year: int, *, unit: int | None = None) -> Figure:
    """A figure for a card: value, state, comparison, what stands beside it, and the way to its page."""
    number = item.value.number
    divisor, word = scale_of(item.unit, number)
    beside = item.beside
    note = with_unit(beside.value.number, beside.unit) if beside and beside.is_recorded else ""
    if beside and note and beside.unit == item.unit:
        note = f"{beside.label} {note}"
    return Figure(
        label=item.label,
        value=text_of(number, divisor, item.item.places if item.item else 0),
        unit=word,
        href=href_of(item, year, unit),
        status=status_of(item.item, number),
        delta=delta_of(item),
        note=note,
    )
