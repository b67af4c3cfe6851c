"""Declaring a source of work: which rows wait, for whom, until when, and how each reads."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from django.db.models import BigIntegerField, DateField, F, Q, QuerySet, Value
from django.db.models.functions import Cast

from xianxue.kernel.access import NO_UNIT, Grant, Reach, UnitScope, nobody


@dataclass(frozen=True, slots=True)
class Kind:
    """What the work of a source is called, and the system to which it belongs; most sources have one kind."""

    code: str
    label: Any
    system: str


@dataclass(frozen=True, slots=True)
class Line:
    """One thing that waits, in words.

    `title`: what, about whom. `asked`: what exactly is to be done, or is missing. `actor`: who is waited for. `href`: the
    page on which it is done. `giver`: for whom the reader would act (代办). `note`: what helps to decide.
    """

    title: str
    asked: str
    actor: str
    href: str
    giver: str = ""
    note: str = ""


class WorkSource:
    """Rows of one table that wait for somebody.

    `acts` says who must do it, over the unit at the path `unit`; where `user` is a path to an account, that person must,
    and nobody else. `sees` says who may see besides that it waits. Without a unit, whoever a grant admits at all.
    """

    code: ClassVar[str]
    label: ClassVar[Any]
    system: ClassVar[str]
    acts: ClassVar[Grant] = nobody
    sees: ClassVar[Grant] = nobody
    unit: ClassVar[str] = ""
    user: ClassVar[str] = ""
    until: ClassVar[Any] = None
    """Path or expression of the day by which it must be done; None: no limit is set."""

    def waiting(self, today: date) -> QuerySet[Any]:
        """The rows that wait on a day, of all units: made with `unguarded`. Conditions are put on it by the kernel.

        Its SQL is kept for the day: what can change within a day is asked of the database, not read here.
        """
        raise NotImplementedError

    def lines(self, keys: Sequence[int], reach: Reach) -> Mapping[int, Line]:
        """The rows with these keys in words, by key. A fixed number of queries."""
        raise NotImplementedError

    def of_actor(self, reach: Reach) -> Q:
        """Those of the rows that the person of the reach must do."""
        if self.user:
            return Q(pk__in=[]) if reach.user_id is None else Q(**{self.user: reach.user_id})
        return self._over(self.acts, reach)

    def in_sight(self, reach: Reach) -> Q:
        """Those of which the person may see that they wait; what is one's own is always among them."""
        return self._over(self.sees, reach) | self.of_actor(reach)

    def scope_in_sight(self, reach: Reach) -> UnitScope:
        """The units of which the person may see whether something of this source waits; none where it has no units."""
        return (self.sees | self.acts).scope(reach) if self.unit else NO_UNIT

    def kinds_in_sight(self, reach: Reach) -> Iterable[Kind]:
        """Those of its kinds of which the person may see something at units."""
        return self.kinds() if self.scope_in_sight(reach) else ()

    def _over(self, grant: Grant, reach: Reach) -> Q:
        scope = grant.scope(reach)
        if self.unit:
            return scope.q(self.unit)
        return ~Q(pk__in=[]) if scope else Q(pk__in=[])

    def kinds(self) -> Iterable[Kind]:
        """The kinds of work of this source."""
        return (Kind(self.code, self.label, self.system),)

    # The columns of the one query; every source has the same.

    def kind_column(self) -> Any:
        """The kind of a row."""
        return Value(self.code)

    def unit_column(self) -> Any:
        """The unit that must act, or whose thing it is; null where it is nobody's in particular."""
        # Cast, for PostgreSQL takes two nulls for text, and then no number fits into the column.
        return F(self.unit) if self.unit else Cast(Value(None), BigIntegerField())

    def until_column(self) -> Any:
        """The limit, or null."""
        if self.until is None:
            return Value(None, output_field=DateField())
        return F(self.until) if isinstance(self.until, str) else self.until


_sources: dict[str, WorkSource] = {}


def source(declared: type[WorkSource]) -> type[WorkSource]:
    """Make a source known, under its code. Raises ValueError when the code is taken."""
    if declared.code in _sources:
        message = f"Two sources of work have the code {declared.code!r}."
        raise ValueError(message)
    _sources[declared.code] = declared()
    return declared


def all_sources() -> list[WorkSource]:
    """Every source, by code."""
    return [_sources[code] for code in sorted(_sources)]


def all_kinds() -> dict[str, Kind]:
    """Every kind of work by code."""
    return {kind.code: kind for item in all_sources() for kind in item.kinds()}
