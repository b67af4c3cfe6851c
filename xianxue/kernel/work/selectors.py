"""Asking all sources at once: what waits for a person, what they may see waiting for others, and how units stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from operator import or_
from typing import Any, Literal

from django.db.models import Q

from xianxue.kernel.access import NO_UNIT, Reach, UnitScope
from xianxue.kernel.ui.systems import systems
from xianxue.kernel.work import questions
from xianxue.kernel.work.declaration import Kind, Line, all_kinds, all_sources
from xianxue.kernel.work.questions import EVERYTHING, NO_LIMIT, Asked, Conditions, Reader, Which

__all__ = ["EVERYTHING", "NO_LIMIT", "Asked", "Conditions", "Which"]

State = Literal["late", "due", "now"]
SOON = timedelta(days=2)
"""Due (将到期) is what must be done within two days, for a row and for a unit alike."""


def state_of(until: date | None, today: date) -> State:
    """Late, due soon, or merely open."""
    if until is None:
        return "now"
    return "late" if until < today else "due" if until <= today + SOON else "now"


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


def limits(today: date) -> Conditions:
    """Conditions on the limit for each state."""
    soon = today + SOON
    return (
        ("late", Q(work_until__lt=today)),
        ("due", Q(work_until__gte=today, work_until__lte=soon)),
        ("now", Q(work_until__gt=soon)),
    )


def waiting_counts(reach: Reach, today: date) -> dict[str, int]:
    """How many things wait for the person, by system; under `work` all of them. One query, for every page's badges."""
    kinds, sums = all_kinds(), dict[str, int]()
    for kind, number in questions.counted(Reader.of(reach, today), "mine", EVERYTHING).rows():
        if number:
            system = kinds[kind].system
            sums[system] = sums.get(system, 0) + number
    return sums | {"work": sum(sums.values())}


def counts(reach: Reach, today: date, which: Which, asked: Asked) -> Counts:
    """How much there is of each kind, and of each part of the kind asked for. One query."""
    # All kinds are counted, whichever is asked for: a filter shows them side by side.
    every = Asked(parts=asked.parts, units=asked.units)
    kinds, sums = dict[str, int](), dict.fromkeys((name for name, _condition in asked.parts), 0)
    for kind, number, *by_part in questions.counted(Reader.of(reach, today), which, every).rows():
        if number:
            kinds[kind] = number
        if asked.kind in ("", kind):
            sums = {name: sums[name] + part for name, part in zip(sums, by_part, strict=True)}
    return Counts(kinds, sums)


def items(reach: Reach, today: date, which: Which, asked: Asked, *, first: int, count: int) -> list[Item]:
    """So many things from the first on, the most urgent first. One query, and those of the sources that have some."""
    rows = questions.listed(Reader.of(reach, today), which, asked, first, count).rows()
    kinds, lines = all_kinds(), _lines(rows, reach)
    return [
        Item(kinds[kind], key, unit, None if until == NO_LIMIT else until, lines[code][key])
        for code, kind, key, unit, until in rows
        # Done by somebody between the two questions.
        if key in lines[code]
    ]


def standings(reach: Reach, today: date, asked: Asked = EVERYTHING) -> dict[int, Standing]:
    """How the units stand of which something waits that the person may see. One query."""
    states, kinds = limits(today), all_kinds()
    sums: dict[int, dict[str, dict[str, int]]] = {}
    for unit, kind, *by_state in questions.standing(Reader.of(reach, today), replace(asked, parts=states)).rows():
        of_unit = sums.setdefault(unit, {name: {} for name, _condition in states})
        for (name, _condition), number in zip(states, by_state, strict=True):
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


def _lines(rows: Sequence[tuple[Any, ...]], reach: Reach) -> dict[str, Mapping[int, Line]]:
    keys: dict[str, list[int]] = {}
    for code, _kind, key, *_rest in rows:
        keys.setdefault(code, []).append(key)
    known = {item.code: item for item in all_sources()}
    return {code: known[code].lines(wanted, reach) for code, wanted in keys.items()}
