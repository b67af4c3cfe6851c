"""Reading indicators: values from their stored parts, inside the reach now in force, and the rows behind them."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from django.db.models import CharField, Q, QuerySet, Sum

from xianxue.kernel.access import current_reach, remembered
from xianxue.kernel.access.prepared import Prepared, Slot
from xianxue.kernel.indicators import registry
from xianxue.kernel.indicators.models import Computation, DefinitionVersion, Part
from xianxue.kernel.indicators.periods import Period, periods_of, previous
from xianxue.kernel.indicators.registry import Indicator

Status = Literal["computed", "no_records"]
COMPUTED: Status = "computed"
NO_RECORDS: Status = "no_records"


@dataclass(frozen=True)
class Value:
    """A figure with its parts and where it stands.

    `number` is None exactly when nothing is on record. `reporting` of `expected` units have records; `expected` is
    None where nobody is expected to. `computed_at` is None when the period was never computed.
    """

    status: Status = NO_RECORDS
    number: int | Decimal | None = None
    numerator: int | None = None
    denominator: int | None = None
    rows: int = 0
    computed_at: datetime | None = None
    reporting: int = 0
    expected: int | None = None


@dataclass(frozen=True)
class Point:
    """A value of a series over time."""

    period: str
    label: str
    start: date
    value: Value


Wanted = tuple[Indicator, Period]


def value(code: str, period: Period, *, unit: int | None = None) -> Value:
    """The figure of one unit, or of everything in reach. Two queries, three for counts of persons over some units."""
    item = registry.get(code)
    return values([(item, period)], unit=unit)[code, period.key]


def values(wanted: Iterable[Wanted], *, unit: int | None = None) -> dict[tuple[str, str], Value]:
    """Figures of many indicators and periods at once, by (code, period key), for one unit or everything in reach."""
    asked = list(wanted)
    sums = _sums(asked, unit)
    done = _computations(asked)
    return {
        (item.code, period.key): made(item, sums.get((item.code, period.key)), done.get((item.code, period.key)))
        for item, period in asked
    }


def _at(asked: Sequence[Wanted]) -> Q:
    found = Q(pk__in=[])
    by_period: dict[tuple[str, int], list[str]] = defaultdict(list)
    for item, period in asked:
        by_period[period.key, item.version].append(item.code)
    for (key, version), codes in by_period.items():
        found |= Q(period=key, version=version, code__in=codes)
    return found


def _sums(asked: Sequence[Wanted], unit: int | None) -> dict[tuple[str, str], dict[str, Any]]:
    parts = Part.objects.filter(_at(asked), member="")
    parts = parts.filter(unit_id=unit) if unit is not None else parts
    additive = {item.code for item, _period in asked if item.additive}
    found: dict[tuple[str, str], dict[str, Any]] = {}
    grouped = parts.filter(unit_id__isnull=False).order_by().values("code", "period")
    for row in grouped.annotate(n=Sum("numerator"), d=Sum("denominator"), r=Sum("rows")):
        found[row["code"], row["period"]] = row
    for item, period in asked:
        if unit is None and item.code not in additive and (item.code, period.key) in found:
            found[item.code, period.key] = _distinct(item, period)
    return found


def _distinct(item: Indicator, period: Period) -> dict[str, Any]:
    """Different persons over several units: the stored whole where everything is in reach, counted anew otherwise."""
    if current_reach().units.every:
        whole = Part.objects.get(
            code=item.code, version=item.version, period=period.key, unit_id__isnull=True, member=""
        )
        return {"n": whole.numerator, "d": None, "r": whole.rows}
    rows = item.build(period)
    name = rows.measure.field  # type: ignore[union-attr]  # only Distinct does not add up
    flat = rows.queryset.order_by()
    return {"n": flat.values(name).distinct().count(), "d": None, "r": flat.count()}


def _computations(asked: Sequence[Wanted]) -> dict[tuple[str, str], Computation]:
    return {(row.code, row.period): row for row in Computation.objects.filter(_at(asked))}


def made(item: Indicator, sums: dict[str, Any] | None, done: Computation | None) -> Value:
    """The value of a figure from the sums of its parts (`n`, `d`, `r`), None for none on record."""
    around = Value(
        computed_at=done.computed_at if done else None,
        reporting=done.units_reporting if done else 0,
        expected=done.units_expected if done else None,
    )
    if sums is None:
        return around
    number = item.number(sums["n"], sums["d"])
    # A ratio over nothing has parts and rows, and no value.
    status = NO_RECORDS if number is None else COMPUTED
    return replace(around, status=status, number=number, numerator=sums["n"], denominator=sums["d"], rows=sums["r"])


def by_unit(code: str, period: Period) -> dict[int, Value]:
    """The figure of every unit in reach that has records, by unit id. Two queries."""
    item = registry.get(code)
    done = _computations([(item, period)]).get((code, period.key))
    parts = Part.objects.filter(_at([(item, period)]), member="", unit_id__isnull=False)
    return {
        part.unit_id: made(item, {"n": part.numerator, "d": part.denominator, "r": part.rows}, done)
        for part in parts
        if part.unit_id is not None
    }


Slices = list[tuple[str, Value]]


def slices(code: str, period: Period, *, unit: int | None = None) -> Slices:
    """The figure apart by its slices, as (label, value), in the order of the labels. One query."""
    return slices_of([(registry.get(code), period)], unit=unit)[code]


def slices_of(wanted: Iterable[Wanted], *, unit: int | None = None) -> dict[str, Slices]:
    """Several figures apart by their slices, by code; one period of each. One query."""
    asked = list(wanted)
    parts = Part.objects.filter(_at(asked), unit_id__isnull=False).exclude(member="")
    parts = parts.filter(unit_id=unit) if unit is not None else parts
    grouped = parts.order_by().values("code", "member")
    sums: dict[str, dict[str, dict[str, Any]]] = defaultdict(dict)
    for row in grouped.annotate(n=Sum("numerator"), d=Sum("denominator"), r=Sum("rows")):
        sums[row["code"]][row["member"]] = row
    return {item.code: _in_order(item, period, sums[item.code]) for item, period in asked}


def _in_order(item: Indicator, period: Period, sums: dict[str, dict[str, Any]]) -> Slices:
    names = _slice_labels(item, period) if sums else None
    labels = dict(names()) if names else {}
    order = [*(member for member in labels if member in sums), *sorted(set(sums) - set(labels))]
    return [(str(labels.get(member, member)), made(item, sums[member], None)) for member in order]


_label_sources: dict[Any, Callable[[], Mapping[str, str]] | None] = {}


def _slice_labels(item: Indicator, period: Period) -> Callable[[], Mapping[str, str]] | None:
    """Who names the slices: a function of the declaration, the same for every period; the rows need not be built anew."""
    if item.build not in _label_sources:
        _label_sources[item.build] = item.build(period).slice_labels
    return _label_sources[item.build]


def before(code: str, period: Period, *, unit: int | None = None) -> Value | None:
    """The figure of the same period of the year before; None where that period is not known."""
    earlier = previous(period)
    return value(code, earlier, unit=unit) if earlier else None


def period_in(kind: str, year: int) -> Period | None:
    """The period that stands for a calendar year: the year itself, or its last term; None where none is known."""
    found = periods_of(kind, year)
    return found[-1] if found else None


def trend(code: str, part: str = "", *, unit: int | None = None) -> list[Point]:
    """The figure over all periods computed under the current definition, oldest first. Two queries.

    `part` keeps to one part of the years, such as autumn terms.
    """
    item = registry.get(code)
    done = Computation.objects.filter(code=code, version=item.version).order_by("starts_on")
    series = [row for row in done if not part or row.period.endswith(f"-{part}")]
    wanted = [(item, _period_of(row)) for row in series]
    found = values(wanted, unit=unit)
    return [Point(row.period, row.period_label, row.starts_on, found[code, row.period]) for row in series]


def _period_of(row: Computation) -> Period:
    key, _dash, part = row.period.partition("-")
    return Period(
        row.period_kind, row.period, row.period_label, int(key), row.starts_on, row.ends_on, row.ends_on, part
    )


def computed_years() -> list[int]:
    """Calendar years of which anything was computed, newest first. One query, shared with `recorded_periods`."""
    return sorted({int(key[:4]) for _code, key in recorded_periods()}, reverse=True)


_LAST = Prepared(
    lambda: (
        Computation.objects.filter(period__startswith=Slot("year", CharField()))
        .order_by("computed_at")
        .values_list("computed_at", "event_seq")[:1]
    )
)


def last_computed(year: int) -> tuple[datetime, int] | None:
    """When the year's indicators were last computed, and up to which event; None when never."""
    return _LAST.first(year=str(year))


def rows(code: str, period: Period, *, unit: int | None = None) -> "QuerySet[Any]":
    """The very rows behind the figure, in reach: of one unit, or all."""
    return registry.get(code).build(period).of_unit(unit)


def definitions(code: str) -> list[DefinitionVersion]:
    """What the indicator meant over time, newest first."""
    return list(DefinitionVersion.objects.filter(code=code).order_by("-version", "-first_used_at"))


def changed_without_version() -> list[str]:
    """Codes whose definition changed under the same version number: a fault of the release."""
    used: dict[tuple[str, int], set[str]] = defaultdict(set)
    for row in DefinitionVersion.objects.all():
        used[row.code, row.version].add(row.fingerprint)
    for item in registry.all():
        if (item.code, item.version) in used:
            used[item.code, item.version].add(item.fingerprint)
    return sorted({code for (code, _version), prints in used.items() if len(prints) > 1})


def recorded_periods() -> list[tuple[str, str]]:
    """(code, period key) of everything that has rows. One query a request."""
    return remembered("recorded periods", _RECORDED.rows)


_RECORDED = Prepared(lambda: Computation.objects.filter(rows__gt=0).values_list("code", "period"))
