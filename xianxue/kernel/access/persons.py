"""Another person: what takes two people is done by two, whatever accounts and stand-ins they use.

Two accounts are not two persons. Whoever acts for somebody else (代办) counts as both, and all accounts of one person are
one. Everything that asks for a second person asks here: steps of procedures, confirmations, judgements.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from xianxue.kernel.access.actors import Actor
from xianxue.kernel.access.grants import Grant
from xianxue.kernel.access.memo import remembered
from xianxue.kernel.access.reach import Delegated, Reach, current_reach, whole_county

ReachAt = Callable[[int, datetime | None], Reach]
NO_ONE: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Identities:
    """What an app knows of the persons behind accounts: keys of accounts → keys of persons, and back."""

    persons: Callable[[Collection[int]], Iterable[int]]
    accounts: Callable[[Collection[int]], Iterable[int]]


_reach: list[ReachAt] = []
_identities: list[Identities] = []


def provide_reach(reach_at: ReachAt) -> None:
    """Say how a user's reach is found: user id and moment (None: now) → reach. Called once, from an app's `ready`."""
    _reach[:] = [reach_at]


def provide_identities(identities: Identities) -> None:
    """Say what an app knows of the persons behind accounts. Called once an app, from its `ready`."""
    _identities.append(identities)


def reach_at(user_id: int, at: datetime | None = None) -> Reach:
    """What a person reaches now (nothing, once switched off) or reached at a moment, whatever reach is in force."""
    if not _reach:
        message = "Nobody says how a user's reach is found: call kernel.access.provide_reach."
        raise RuntimeError(message)
    return _reach[0](user_id, at)


def persons_of(user_ids: Collection[int]) -> frozenset[int]:
    """The persons of the register who are known to use these accounts. One query an app that knows, once a request."""
    ids = frozenset(user_ids)
    return remembered(("persons_of", ids), lambda: _known("persons", ids))


def accounts_of(user_ids: Collection[int]) -> frozenset[int]:
    """These accounts, and all others of the same persons."""
    ids = frozenset(user_ids)
    persons = persons_of(ids) if ids else NO_ONE
    if not persons:
        return ids
    return ids | remembered(("accounts_of", persons), lambda: _known("accounts", persons))


def _known(what: Literal["persons", "accounts"], keys: frozenset[int]) -> frozenset[int]:
    """Past the reach: who somebody is does not hang on who asks, and nobody sees the answer."""
    with whole_county("whose an account is"):
        return frozenset(one for known in _identities for one in getattr(known, what)(keys))


def lent_by(grant: Grant, reach: Reach, unit_ids: Iterable[int] = ()) -> tuple[Delegated, ...]:
    """What was lent to the person of the reach, without which the right would not hold over all of these units.

    Without units, a right of one's own anywhere is enough.
    """
    if not reach.acting_for:
        return ()
    units = list(unit_ids)
    own = grant.scope(Reach(roles=reach.own_roles, user_id=reach.user_id))
    if own and own.covers(units):
        return ()
    return tuple(
        item
        for item in reach.acting_for
        if (lent := grant.scope(Reach(roles={item.role: item.scope}, user_id=reach.user_id)))
        and (not units or any(unit in lent and unit not in own for unit in units))
    )


def hands_now(by: Actor, grant: Grant, unit_ids: Iterable[int] = ()) -> frozenset[int]:
    """All accounts of whoever acts now, in the reach in force, by a right over these units, and of those who lent it.

    Empty for the system. Two acts were done by one person where their hands meet.
    """
    if by.user_id is None:
        return NO_ONE
    return accounts_of({by.user_id, *(item.giver_id for item in lent_by(grant, current_reach(), unit_ids))})


def hands_then(user_id: int | None, at: datetime | None, grant: Grant, unit_ids: Iterable[int] = ()) -> frozenset[int]:
    """The same for what somebody did earlier; what was lent at that moment counts, though it was taken back since.

    `at` None: the moment was not kept, and only the account is known.
    """
    if user_id is None:
        return NO_ONE
    lent = lent_by(grant, reach_at(user_id, at), unit_ids) if at else ()
    return accounts_of({user_id, *(item.giver_id for item in lent)})
