"""Recomputing indicators: rows are read by grouped queries first, then all parts are replaced in one command."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.db.models import Aggregate
from django.db.models import Count as CountOf
from django.db.models import Sum as SumOf
from django.utils.translation import gettext_lazy as _

from xianxue.kernel import bulk
from xianxue.kernel.access import Actor, whole_county
from xianxue.kernel.commands import command
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.indicators import registry, selectors
from xianxue.kernel.indicators.measures import Count, Distinct, Rows, Sum, Units, flat_rows
from xianxue.kernel.indicators.models import Computation, DefinitionVersion, Part
from xianxue.kernel.indicators.periods import Period, periods_of
from xianxue.kernel.indicators.registry import Indicator
from xianxue.kernel.indicators.selectors import Value

UnitId = int | None
Key = tuple[UnitId, str]
WHOLE = ""
PART_COLUMNS = ("code", "version", "period", "unit_id", "member", "numerator", "denominator", "rows")


@dataclass
class Tally:
    """What one unit, or one slice of it, adds."""

    numerator: int = 0
    denominator: int | None = None
    rows: int = 0


@dataclass
class Gathered:
    """One indicator in one period, as read from the records."""

    item: Indicator
    period: Period
    tallies: dict[Key, Tally] = field(default_factory=dict)
    expected: set[int] | None = None

    @property
    def reporting(self) -> set[int]:
        """The units that have something on record."""
        return {unit for unit, member in self.tallies if unit is not None and member == WHOLE}

    @property
    def rows(self) -> int:
        """Rows behind the whole figure."""
        return sum(tally.rows for (unit, member), tally in self.tallies.items() if unit is not None and member == WHOLE)


def gather(item: Indicator, period: Period) -> Gathered:
    """Read an indicator from the records in reach: at most five grouped queries, whatever the number of rows."""
    rows = item.build(period)
    if isinstance(rows.measure, Distinct) is item.additive:
        message = f"{item.code}: `additive` must be {not item.additive}, for that is what its measure is."
        raise ValueError(message)
    found = Gathered(item, period)
    for key, tally in _grouped(rows):
        found.tallies[key] = tally
    for unit in _units_among(rows):
        found.tallies.setdefault((unit, WHOLE), Tally())
    if rows.per is not None:
        _divide(found, rows.per)
    if not item.additive and found.tallies:
        found.tallies[None, WHOLE] = _whole(rows)
    if item.expects is not None:
        found.expected = item.expects(period)
    return found


def value_of(found: Gathered) -> Value:
    """The whole figure of what was gathered, as a page would show it once stored."""
    wholes = [tally for (unit, member), tally in found.tallies.items() if unit is not None and member == WHOLE]
    if not found.item.additive and wholes:
        wholes = [found.tallies[None, WHOLE]]
    divisors = [tally.denominator for tally in wholes if tally.denominator is not None]
    sums = {
        "n": sum(tally.numerator for tally in wholes),
        "d": sum(divisors) if divisors else None,
        "r": sum(tally.rows for tally in wholes),
    }
    done = Computation(**_facts(found), computed_at=datetime.now(UTC))
    return selectors.made(found.item, sums if wholes else None, done)


def _aggregate(rows: Rows) -> Aggregate:
    match rows.measure:
        case Sum(field):
            return SumOf(field)
        case Distinct(field):
            return CountOf(field, distinct=True)
        case Units():
            return CountOf(rows.unit, distinct=True)
        case Count():
            return CountOf("pk")


def _grouped(rows: Rows) -> Iterator[tuple[Key, Tally]]:
    flat, measure = flat_rows(rows.queryset), rows.measure
    value = _aggregate(rows)
    by_slice = bool(rows.slices) and isinstance(measure, Count | Sum)
    names = [rows.unit, rows.slices] if by_slice else [rows.unit]
    wholes: dict[UnitId, Tally] = defaultdict(Tally)
    for unit, *member, counted, number in flat.values_list(*names).annotate(_value=value, _rows=CountOf("pk")):
        tally = Tally(int(counted or 0), None, number)
        if by_slice:
            yield (unit, str(member[0] if member[0] is not None else "?")), tally
        wholes[unit].numerator += tally.numerator
        wholes[unit].rows += tally.rows
    for unit, tally in wholes.items():
        yield (unit, WHOLE), tally


def _units_among(rows: Rows) -> list[int]:
    if rows.among is None:
        return []
    return list(flat_rows(rows.among).values_list(rows.unit, flat=True).distinct())


def _divide(found: Gathered, per: Rows) -> None:
    """Add denominators; where there are none the parts are kept and the unit's own ratio is not on record."""
    found.tallies = {key: tally for key, tally in found.tallies.items() if key[1] == WHOLE}
    for tally in found.tallies.values():
        tally.denominator = 0
    for (unit, member), tally in _grouped(per):
        if member == WHOLE:
            found.tallies.setdefault((unit, WHOLE), Tally()).denominator = tally.numerator


def _whole(rows: Rows) -> Tally:
    flat = flat_rows(rows.queryset)
    name = rows.measure.field  # type: ignore[union-attr]  # only Distinct does not add up
    counted = flat.aggregate(value=CountOf(name, distinct=True), rows=CountOf("pk"))
    return Tally(counted["value"], None, counted["rows"])


def compute(year: int, *, by: Actor, codes: Iterable[str] | None = None) -> int:
    """Recompute all indicators (or those of the codes) for all their periods in a calendar year.

    Reads with whole reach before any lock is taken, so that nobody waits for the reading. Returns how many parts were
    written.
    """
    chosen = [registry.get(code) for code in codes] if codes is not None else registry.all()
    seq = latest_event()
    with whole_county("recompute indicators"):
        gathered = [gather(item, period) for item in chosen for period in periods_of(item.period, year)]
        stored: int = store(year, gathered, seq=seq, by=by)
    return stored


def latest_event() -> int:
    """Number of the newest event in the log; 0 for an empty log."""
    return Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


@command("indicators.compute", label=_("重新计算指标"))
def store(year: int, gathered: list[Gathered], *, seq: int, by: Actor) -> int:
    """Replace the parts of what was gathered, with the definitions they were computed by; returns how many parts."""
    now = datetime.now(UTC)
    for found in gathered:
        _remember_definition(found.item)
        at: dict[str, Any] = {"code": found.item.code, "version": found.item.version, "period": found.period.key}
        Part.unguarded.filter(**at).delete()
        Computation.objects.update_or_create(**at, defaults={**_facts(found), "computed_at": now, "event_seq": seq})
    written = bulk.insert(Part, PART_COLUMNS, (row for found in gathered for row in _part_rows(found)))
    subject = Subject("indicators.computation", year, f"{year}")
    record(
        subject, facts={"indicators": len(gathered), "parts": written, "rows": sum(found.rows for found in gathered)}
    )
    return written


def _facts(found: Gathered) -> dict[str, Any]:
    expected = found.expected
    return {
        "period_kind": found.period.kind,
        "period_label": found.period.label,
        "starts_on": found.period.start,
        "ends_on": found.period.end,
        "rows": found.rows,
        "units_reporting": len(found.reporting if expected is None else found.reporting & expected),
        "units_expected": None if expected is None else len(expected),
    }


def _part_rows(found: Gathered) -> Iterator[tuple[Any, ...]]:
    item = found.item
    for (unit, member), tally in found.tallies.items():
        yield (
            *(item.code, item.version, found.period.key, unit, member),
            *(tally.numerator, tally.denominator, tally.rows),
        )


def _remember_definition(item: Indicator) -> None:
    words = {"label": item.label, "definition": item.definition, "measure_word": item.unit, "source": item.source}
    DefinitionVersion.objects.get_or_create(
        code=item.code,
        version=item.version,
        fingerprint=item.fingerprint,
        defaults={name: str(value) for name, value in words.items()},
    )
