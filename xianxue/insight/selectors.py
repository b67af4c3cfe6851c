"""Figures of the catalogue with their values, as of the parts stored last."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from xianxue.insight import catalogue
from xianxue.insight.catalogue import Figure
from xianxue.kernel import indicators
from xianxue.kernel.history.models import Event
from xianxue.kernel.indicators import Indicator, Period, selectors
from xianxue.kernel.indicators.selectors import NO_RECORDS, Value
from xianxue.organisations.selectors import reference_day, terms

# Events that change no figure.
SILENT = ("indicators.", "insight.", "accounts.", "resources.")


@dataclass(frozen=True)
class Stated:
    """A figure or indicator with its value, that of the year before, and what must be read beside it."""

    label: str
    unit: str
    value: Value
    figure: Figure | None = None
    item: Indicator | None = None
    period: Period | None = None
    before: Value | None = None
    beside: "Stated | None" = None

    @property
    def code(self) -> str:
        """Under which its page is found: the indicator's code, else the figure's id."""
        return self.item.code if self.item else self.figure.id if self.figure else ""

    @property
    def is_recorded(self) -> bool:
        """Whether there is a value."""
        return self.value.number is not None


def stated(year: int, *, unit: int | None = None) -> dict[str, Stated]:
    """All indicators by code, then all figures of the catalogue by id, for a calendar year. At most four queries."""
    kinds = {item.period for item in indicators.all()}
    now = {kind: selectors.period_in(kind, year) for kind in kinds}
    earlier = {kind: indicators.previous(period) for kind, period in now.items() if period}
    wanted = [
        (item, period)
        for item in indicators.all()
        for period in (now[item.period], earlier.get(item.period))
        if period is not None
    ]
    values = selectors.values(wanted, unit=unit)
    found: dict[str, Stated] = {}
    for item in indicators.all():
        period, before = now[item.period], earlier.get(item.period)
        found[item.code] = Stated(
            label=str(item.label),
            unit=str(item.unit),
            value=values[item.code, period.key] if period else Value(),
            figure=catalogue.figure(item.figure) if item.figure else None,
            item=item,
            period=period,
            before=values[item.code, before.key] if before else None,
        )
    return with_figures(found)


def with_figures(found: dict[str, Stated]) -> dict[str, Stated]:
    """Indicators by code, and with them the figures of the catalogue by id."""
    return found | {row.id: _of_figure(row, found) for row in catalogue.figures()}


def _of_figure(row: Figure, found: dict[str, Stated]) -> Stated:
    item = row.indicator
    if item is None:
        return Stated(row.label, row.unit, Value(), figure=row)
    own = found[item.code]
    beside = found.get(item.beside) if item.beside else None
    return Stated(row.label, row.unit, own.value, row, item, own.period, own.before, beside)


def figures_in_order(found: dict[str, Stated]) -> list[Stated]:
    """The catalogue's figures out of all that is stated."""
    return [found[row.id] for row in catalogue.figures()]


def default_year() -> int:
    """The calendar year whose published figures are most complete; the latest of equals; this year before any is."""
    codes = {item.code for item in indicators.by_figure().values()}
    counted: dict[int, int] = {}
    for code, key in selectors.recorded_periods():
        if code in codes:
            year = int(key[:4])
            counted[year] = counted.get(year, 0) + 1
    return max(counted, key=lambda year: (counted[year], year), default=reference_day().year)


def known_years() -> list[int]:
    """Calendar years that terms belong to, up to the reference day, newest first: the years worth computing."""
    last = reference_day().year
    years = {term.count_day.year for term in terms()}
    return sorted({year for year in years if year <= last} or {last}, reverse=True)


def newest_change() -> int:
    """Number of the latest event that can change a figure; 0 for none."""
    events = Event.objects.order_by("-seq")
    for prefix in SILENT:
        events = events.exclude(action__startswith=prefix)
    return events.values_list("seq", flat=True).first() or 0


@dataclass(frozen=True)
class Freshness:
    """When the year was computed (None: never), and whether anything changed since."""

    at: datetime | None
    is_stale: bool


def freshness(year: int) -> Freshness:
    """How old the stored values of a year are. Two queries."""
    done = selectors.last_computed(year)
    if done is None:
        return Freshness(None, is_stale=True)
    return Freshness(done[0], is_stale=newest_change() > done[1])


def as_row(item: Stated, year: int) -> dict[str, Any]:
    """A figure as plain values, for JSON."""
    number = item.value.number
    plain = None if number is None else int(number) if number == int(number) else float(number)
    return {
        "id": item.figure.id if item.figure else item.code,
        "label": item.label,
        "value": plain,
        "unit": item.unit,
        "period": item.period.key if item.period else str(year),
        "rows": item.value.rows,
        "status": item.value.status if number is not None else NO_RECORDS,
        "indicator": item.item.code if item.item else None,
        "system": item.figure.system if item.figure else None,
    }
