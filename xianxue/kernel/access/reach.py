"""What a person may read: roles held over units, for the length of a request, task or test."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from django.db.models import Q


class OutOfReach(Exception):
    """A query ran outside a reach: a bug of the caller, never a message for users."""


@dataclass(frozen=True)
class UnitScope:
    """A set of units of the tree, or all of them.

    `ids` are primary keys of units; `every` means the whole installation, now and later.
    """

    ids: frozenset[int] = frozenset()
    every: bool = False

    def __bool__(self) -> bool:
        return self.every or bool(self.ids)

    def __contains__(self, unit_id: int | None) -> bool:
        return self.every or unit_id in self.ids

    def __or__(self, other: "UnitScope") -> "UnitScope":
        return UnitScope(self.ids | other.ids, self.every or other.every)

    def covers(self, unit_ids: Iterable[int]) -> bool:
        """Whether every one of the units is inside."""
        return self.every or self.ids.issuperset(unit_ids)

    def q(self, *fields: str) -> Q:
        """The rows whose unit, in any of the given fields, is inside.

        Traps: an empty `Q()` means "no restriction", so "everything" and "nothing" are written out.
        """
        if self.every:
            return ~Q(pk__in=[])
        if not self.ids:
            return Q(pk__in=[])
        # One parameter for all: a class teacher's school has a hundred classes, and a page asks twenty times.
        return reduce(or_, (Q(**{f"{name}__among": self.ids}) for name in fields))


EVERY_UNIT = UnitScope(every=True)
NO_UNIT = UnitScope()


@dataclass(frozen=True)
class Delegated:
    """A role over units that somebody else has handed over for a time (代办); `roles` of the taker's reach hold it too."""

    role: str
    scope: UnitScope
    giver_id: int
    giver_label: str


@dataclass(frozen=True)
class Reach:
    """The units that one person reaches, by role.

    `roles` maps a role's code to its units, those of `acting_for` included; `own_roles` leaves these out. `user_id` is
    None for commands, tasks and tests that act for nobody.
    """

    roles: Mapping[str, UnitScope] = field(default_factory=dict)
    user_id: int | None = None
    label: str = ""
    purpose: str = ""
    own_roles: Mapping[str, UnitScope] = field(default_factory=dict)
    acting_for: tuple[Delegated, ...] = ()

    @property
    def units(self) -> UnitScope:
        """All units reached, whatever the role."""
        return reduce(or_, self.roles.values(), NO_UNIT)

    def scope_of(self, role: str) -> UnitScope:
        """The units over which the person holds the role."""
        return self.roles.get(role, NO_UNIT)


EVERY_ROLE = "*"
_current: ContextVar[Reach | None] = ContextVar("xianxue_reach", default=None)


def current_reach() -> Reach:
    """The reach in force. Raises OutOfReach where none was set."""
    reach = _current.get()
    if reach is None:
        message = "No reach is set. Wrap the code in `with in_reach(reach):` or `with whole_county(purpose):`."
        raise OutOfReach(message)
    return reach


def reach_or_none() -> Reach | None:
    """The reach in force, or None: for the query compiler, which raises by itself."""
    return _current.get()


@contextmanager
def in_reach(reach: Reach) -> Iterator[Reach]:
    """Set the reach for the length of the block; blocks nest."""
    token = _current.set(reach)
    try:
        yield reach
    finally:
        _current.reset(token)


@contextmanager
def whole_county(purpose: str) -> Iterator[Reach]:
    """Reach everything, for commands, tasks and tests; `purpose` says why, in plain words."""
    with in_reach(Reach(roles={EVERY_ROLE: EVERY_UNIT}, label="系统", purpose=purpose)) as reach:
        yield reach
