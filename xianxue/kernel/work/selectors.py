"""Asking all sources at once: what waits for a person, what they may see waiting for others, and how units stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache, reduce
from operator import or_
from typing import Any, Literal

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from xianxue.kernel.access import NO_UNIT, Reach, UnitScope
from xianxue.kernel.access.prepared import Prepared
from xianxue.kernel.ui.systems import systems
from xianxue.kernel.work.declaration import Kind, Line, WorkSource, all_kinds, all_sources

Which = Literal["mine", "in_sight"]
State = Literal["late", "due", "now"]
SOON = timedelta(days=2)
"""Due (将到期) is what must be done within two days, for a row and for a unit alike."""
NO_LIMIT = date.max
"""Stands in the one query where no limit is set, so that both databases put it last."""


def state_of(until: date | None, today: date) -> State:
    """Late, due soon, or merely open."""
    if until is None:
        return "now"
    return "late" if until < today else "due" if until <= today + SOON else "now"


@dataclass(frozen=True)
class Asked:
    """Which part of the work is asked for; what is empty does not restrict.

    `parts`: conditions on the limit, by name; `part` is one of them. `units`: those that must act.
    """

    kind: str = ""
    part: str = ""
    parts: Mapping[str, Q] = field(default_factory=dict)
    units: UnitScope | None = None


EVERYTHING = Asked()


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that waits, with where it comes from."""

    kind: Kind
    key: int
    unit_id: int | None
    until: date | None
    line: Line


@dataclass(frozen=True)
class Counts:
    """How much waits: by kind, and by part of those asked for."""

    kinds: Mapping[str, int]
    parts: Mapping[str, int]


@dataclass(frozen=True)
class Standing:
    """How much of a unit is late, due soon, open without haste, by system."""

    late: Mapping[str, int]
    due: Mapping[str, int]
    now: Mapping[str, int]

    @property
    def state(self) -> State:
        """That of the worst of it."""
        return "late" if self.late else "due" if self.due else "now"


def limits(today: date) -> dict[str, Q]:
    """Conditions on the limit for each state."""
    soon = today + SOON
    return {
        "late": Q(work_until__lt=today),
        "due": Q(work_until__gte=today, work_until__lte=soon),
        "now": Q(work_until__gt=soon),
    }


def waiting_counts(reach: Reach, today: date) -> dict[str, int]:
    """How many things wait for the person, by system; under `work` all of them. One query, for every page's badges."""
    rows = _counted(frozenset(reach.roles.items()), reach.user_id, today, tuple(all_sources())).rows()
    kinds = all_kinds()
    counts: dict[str, int] = {}
    for kind, number in rows:
        if not number:
            continue
        system = kinds[kind].system
        counts[system] = counts.get(system, 0) + number
    return counts | {"work": sum(counts.values())}


@lru_cache(maxsize=1000)
def _counted(
    roles: frozenset[tuple[str, UnitScope]], user_id: int | None, today: date, sources: tuple[WorkSource, ...]
) -> Prepared:
    """The question after the work of whoever holds these roles: kept, for its SQL depends on nothing else."""
    reach = Reach(roles=dict(roles), user_id=user_id)
    parts = [_rows(item, reach, today, "mine").values_list("work_kind") for item in sources]
    return Prepared(lambda: _together([part.annotate(number=Count("pk")) for part in parts]))


def counts(reach: Reach, today: date, which: Which, asked: Asked) -> Counts:
    """How much there is of each kind, and of each part of the kind asked for. One query."""
    numbers = {f"part_{name}": Count("pk", filter=condition) for name, condition in asked.parts.items()}
    parts = [
        rows.values_list("work_kind").annotate(number=Count("pk"), **numbers)
        for _item, rows in _asked(reach, today, which, Asked(units=asked.units))
    ]
    kinds: dict[str, int] = {}
    sums = dict.fromkeys(asked.parts, 0)
    for kind, number, *by_part in _answer(parts):
        if number:
            kinds[kind] = number
        if asked.kind in ("", kind):
            sums = {name: sums[name] + part for name, part in zip(sums, by_part, strict=True)}
    return Counts(kinds, sums)


def items(reach: Reach, today: date, which: Which, asked: Asked, *, first: int, count: int) -> list[Item]:
    """So many things from the first on, the most urgent first. One query, and those of the sources that have some."""
    order = ("work_until", "work_kind", "work_key")
    columns = ("work_source", "work_kind", "work_key", "work_unit", "work_until")
    parts = [rows.values_list(*columns) for _item, rows in _asked(reach, today, which, asked)]
    rows = list(_answer(parts, order, slice(first, first + count)))
    kinds, lines = all_kinds(), _lines(rows, reach)
    return [
        Item(kinds[kind], key, unit, None if until == NO_LIMIT else until, lines[code][key])
        for code, kind, key, unit, until in rows
        # Done by somebody between the two questions.
        if key in lines[code]
    ]


def standings(reach: Reach, today: date, asked: Asked = EVERYTHING) -> dict[int, Standing]:
    """How the units stand of which something waits that the person may see. One query."""
    numbers = {name: Count("pk", filter=condition) for name, condition in limits(today).items()}
    parts = [
        rows.filter(work_unit__isnull=False).values_list("work_unit", "work_kind").annotate(**numbers)
        for _item, rows in _asked(reach, today, "in_sight", asked)
    ]
    kinds = all_kinds()
    sums: dict[int, dict[str, dict[str, int]]] = {}
    for unit, kind, *by_state in _answer(parts):
        of_unit = sums.setdefault(unit, {name: {} for name in numbers})
        for name, number in zip(numbers, by_state, strict=True):
            if number:
                system = kinds[kind].system
                of_unit[name][system] = of_unit[name].get(system, 0) + number
    return {unit: Standing(**by_state) for unit, by_state in sums.items()}


def sight(reach: Reach) -> UnitScope:
    """The units of which the person may see at least one kind of work waiting."""
    return reduce(or_, (item.scope_in_sight(reach) for item in all_sources()), NO_UNIT)


def systems_in_sight(reach: Reach) -> list[str]:
    """Keys of the systems of whose work the person may see something, in the order of the menu."""
    keys = {kind.system for item in all_sources() for kind in item.kinds_in_sight(reach)}
    return [key for key in systems() if key in keys]


def added(standing: Iterable[Standing]) -> Standing:
    """Several units as one: a school with its classes."""
    sums: dict[str, dict[str, int]] = {"late": {}, "due": {}, "now": {}}
    for one in standing:
        for name, by_system in sums.items():
            for system, number in getattr(one, name).items():
                by_system[system] = by_system.get(system, 0) + number
    return Standing(**sums)


def _rows(item: WorkSource, reach: Reach, today: date, which: Which) -> QuerySet[Any]:
    """The rows of a source that the reach finds, under the columns that all sources share."""
    condition = item.of_actor(reach) if which == "mine" else item.in_sight(reach)
    rows: QuerySet[Any] = item.waiting(today).filter(condition).order_by().annotate(
        work_source=Value(item.code), work_kind=item.kind_column(), work_key=F("pk"), work_unit=item.unit_column(),
        work_until=Coalesce(item.until_column(), Value(NO_LIMIT)),
    )  # fmt: skip
    return rows


def _asked(reach: Reach, today: date, which: Which, asked: Asked) -> list[tuple[WorkSource, QuerySet[Any]]]:
    parts = []
    for item in all_sources():
        codes = {kind.code for kind in item.kinds()}
        if asked.kind and asked.kind not in codes:
            continue
        rows = _rows(item, reach, today, which)
        if asked.kind and codes != {asked.kind}:
            rows = rows.filter(work_kind=asked.kind)
        if asked.part:
            rows = rows.filter(asked.parts[asked.part])
        if asked.units is not None:
            rows = rows.filter(asked.units.q("work_unit"))
        parts.append((item, rows))
    return parts


def _together(parts: Sequence[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    """The rows of all parts, which have the same columns."""
    first, *others = parts
    together: QuerySet[Any, Any] = first.union(*others, all=True) if others else first
    return together


def _answer(
    parts: Sequence[QuerySet[Any, Any]], order: Sequence[str] = (), part: slice = slice(None)
) -> list[tuple[Any, ...]]:
    """One query; none where there is nothing to ask."""
    if not parts:
        return []
    return list(_together(parts).order_by(*order)[part])


def _lines(rows: Sequence[tuple[Any, ...]], reach: Reach) -> dict[str, Mapping[int, Line]]:
    keys: dict[str, list[int]] = {}
    for code, _kind, key, *_rest in rows:
        keys.setdefault(code, []).append(key)
    known = {item.code: item for item in all_sources()}
    return {code: known[code].lines(wanted, reach) for code, wanted in keys.items()}
