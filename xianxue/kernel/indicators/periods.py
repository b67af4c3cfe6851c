"""Periods over which is counted: the calendar year is built in, others are provided by the app that knows them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

YEAR = "year"


@dataclass(frozen=True)
class Period:
    """A stretch of time with a stable `key` (`2024`, `2024-autumn`).

    `day` is the day on which stocks are counted within it (统计日). `part` tells periods of one year apart and is the
    same every year; `year` is the calendar year under which the period is published.
    """

    kind: str
    key: str
    label: str
    year: int
    start: date
    end: date
    day: date
    part: str = ""

    def __str__(self) -> str:
        return self.label


Provider = Callable[[int], Iterable[Period]]


def year_period(year: int) -> Period:
    """The calendar year, counted on its last day."""
    end = date(year, 12, 31)
    return Period(YEAR, str(year), _("%(year)s 年") % {"year": year}, year, date(year, 1, 1), end, end)


_providers: dict[str, Provider] = {YEAR: lambda year: [year_period(year)]}


def provide_periods(kind: str, provider: Provider) -> None:
    """Say which periods of a kind belong to a calendar year, in their order. Called once, beside the declarations."""
    _providers[kind] = provider


def kinds() -> list[str]:
    """Kinds of periods that somebody provides."""
    return list(_providers)


def periods_of(kind: str, year: int) -> list[Period]:
    """The periods of a kind in a calendar year, in order. Raises KeyError for a kind that nobody provides."""
    return list(_providers[kind](year))


def previous(period: Period) -> Period | None:
    """The same period of the year before, or None where it is not known."""
    return next((found for found in periods_of(period.kind, period.year - 1) if found.part == period.part), None)
