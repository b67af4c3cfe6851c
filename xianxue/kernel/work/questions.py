"""The questions to all sources at once, each made once for a day and a reader's roles: making one costs more than its answer."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Any, Literal, Self

from django.db.models import Count, F, Q, QuerySet, Value
from django.db.models.functions import Coalesce

from xianxue.kernel.access import Reach, UnitScope
from xianxue.kernel.access.prepared import Prepared
from xianxue.kernel.work.declaration import WorkSource, all_kinds, all_sources

Which = Literal["mine", "in_sight"]
Conditions = tuple[tuple[str, Q], ...]
NO_LIMIT = date.max
"""Stands in the one query where no limit is set, so that both databases put it last."""
KEPT = 1_000


@dataclass(frozen=True)
class Asked:
    """Which part of the work is asked for; what is empty does not restrict.

    `parts`: conditions on the limit, by name; `part` is one of them. `units`: those that must act.
    """

    kind: str = ""
    part: str = ""
    parts: Conditions = ()
    units: UnitScope | None = None


EVERYTHING = Asked()


@dataclass(frozen=True)
class Reader:
    """All on which the SQL of a question depends: the reader's roles, the day, the sources and kinds that there are."""

    roles: frozenset[tuple[str, UnitScope]]
    user_id: int | None
    today: date
    sources: tuple[WorkSource, ...]
    kinds: tuple[str, ...]

    @classmethod
    def of(cls, reach: Reach, today: date) -> Self:
        """The reader of the reach, today."""
        return cls(frozenset(reach.roles.items()), reach.user_id, today, tuple(all_sources()), tuple(all_kinds()))

    @property
    def reach(self) -> Reach:
        """A reach that finds the same."""
        return Reach(roles=dict(self.roles), user_id=self.user_id)


@lru_cache(maxsize=KEPT)
def counted(reader: Reader, which: Which, asked: Asked) -> Prepared:
    """How many there are: kind, number, number in each part."""
    numbers = {f"part_{name}": Count("pk", filter=condition) for name, condition in asked.parts}
    parts = [
        rows.values_list("work_kind").annotate(number=Count("pk"), **numbers) for rows in _asked(reader, which, asked)
    ]
    return Prepared(lambda: _together(parts))


@lru_cache(maxsize=KEPT)
def listed(reader: Reader, which: Which, asked: Asked, first: int, count: int) -> Prepared:
    """So many from the first on, the most urgent first: source, kind, key, unit, limit."""
    columns = ("work_source", "work_kind", "work_key", "work_unit", "work_until")
    parts = [rows.values_list(*columns) for rows in _asked(reader, which, asked)]
    return Prepared(lambda: _together(parts).order_by("work_until", "work_kind", "work_key")[first : first + count])


@lru_cache(maxsize=KEPT)
def standing(reader: Reader, asked: Asked) -> Prepared:
    """How many of each unit and kind the reader sees: unit, kind, number in each part."""
    numbers = {f"part_{name}": Count("pk", filter=condition) for name, condition in asked.parts}
    parts = [
        rows.filter(work_unit__isnull=False).values_list("work_unit", "work_kind").annotate(**numbers)
        for rows in _asked(reader, "in_sight", asked)
    ]
    return Prepared(lambda: _together(parts))


def _asked(reader: Reader, which: Which, asked: Asked) -> list[QuerySet[Any]]:
    parts = []
    for item in reader.sources:
        codes = {kind.code for kind in item.kinds()}
        if asked.kind and asked.kind not in codes:
            continue
        rows = _rows(item, reader, which)
        if asked.kind and codes != {asked.kind}:
            rows = rows.filter(work_kind=asked.kind)
        if asked.part:
            rows = rows.filter(dict(asked.parts)[asked.part])
        if asked.units is not None:
            rows = rows.filter(asked.units.q("work_unit"))
        parts.append(rows)
    return parts


def _rows(item: WorkSource, reader: Reader, which: Which) -> QuerySet[Any]:
    """The rows of a source that the reader finds, under the columns that all sources share."""
    condition = item.of_actor(reader.reach) if which == "mine" else item.in_sight(reader.reach)
    waiting = item.waiting(reader.today).filter(condition).order_by()
    rows: QuerySet[Any] = waiting.annotate(
        work_source=Value(item.code), work_kind=item.kind_column(), work_key=F("pk"), work_unit=item.unit_column(),
        work_until=Coalesce(item.until_column(), Value(NO_LIMIT)),
    )  # fmt: skip
    return rows


def _together(parts: Sequence[QuerySet[Any, Any]]) -> QuerySet[Any, Any]:
    """The rows of all parts, which have the same columns; there is a source at least of every kind asked for."""
    first, *others = parts
    together: QuerySet[Any, Any] = first.union(*others, all=True) if others else first
    return together
