"""Figures as a page shows them: a value with its unit, its state, and the way to the rows behind it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from .parts import Pill, Tone

Number = int | float | Decimal


@dataclass(frozen=True, slots=True)
class Delta:
    """Comparison with the year before; `better` says which direction is good ("" when neither is)."""

    now: Number | None
    before: Number | None
    unit: str = ""
    better: Literal["up", "down", ""] = ""
    places: int = 0
    period: str = ""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure; `value` None is shown as 尚无记录 and never as 0.

    `value` may be text where the caller has rounded it (见 indicators); numbers are grouped by thousands.
    """

    label: str
    value: Number | str | None
    unit: str = ""
    href: str = ""
    status: Pill | None = None
    delta: Delta | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One school (or office) of a heat grid; `note` says the state in words, for the tooltip and for readers."""

    label: str
    href: str = ""
    tone: Tone = "quiet"
    note: str = ""


@dataclass(frozen=True, slots=True)
class HeatLegend:
    """What a tone means in this grid, with how many cells have it."""

    label: str
    tone: Tone
    count: int | None = None
