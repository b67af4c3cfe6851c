"""Restricted domains: facts that need a grant of their own, a purpose, and leave a record of who read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xianxue.kernel.access import NO_UNIT, Grant, Reach, UnitScope, current_reach
from xianxue.kernel.access.grants import EitherGrant


@dataclass(frozen=True)
class Domain:
    """Facts that not everybody who sees a row may read.

    `view`: who may, after naming one of `purposes` (code → words). `oversee`: who reads the records of reading, and
    judges emergencies. `emergency`: who, without `view`, may break the glass for one person, with a reason, for at most
    `hours`. `basis` is the document that asks for it. Purposes hold for `minutes` before they are asked for again.
    """

    code: str
    label: Any
    purposes: Mapping[str, Any]
    view: Grant
    oversee: Grant
    emergency: Grant
    basis: Any = ""
    hours: int = 4
    minutes: int = 30

    def scope(self, reach: Reach | None = None) -> UnitScope:
        """The units over which the reach (default: the one in force) may read the domain."""
        return self.view.scope(reach or current_reach())

    def purpose(self, code: str) -> str:
        """The words of a purpose; its code where it is no longer declared."""
        return str(self.purposes.get(code, code))


class Overseers:
    """The grant of whoever oversees any domain: for the registers of records and emergencies."""

    def scope(self, reach: Reach) -> UnitScope:
        """Union over the domains."""
        found = NO_UNIT
        for domain in domains():
            found |= domain.oversee.scope(reach)
        return found

    def __or__(self, other: Grant) -> Grant:
        return EitherGrant((self, other))


overseers: Grant = Overseers()
_registry: dict[str, Domain] = {}


def declare(domain: Domain) -> Domain:
    """Make a domain known, under its code. Raises ValueError when the code is taken or no purpose is named."""
    if not domain.purposes:
        message = f"The domain {domain.code!r} names no purpose."
        raise ValueError(message)
    if _registry.setdefault(domain.code, domain) is not domain:
        message = f"Two domains have the code {domain.code!r}."
        raise ValueError(message)
    return domain


def get(code: str) -> Domain:
    """The domain of that code. Raises KeyError."""
    return _registry[code]


def domains() -> list[Domain]:
    """Every domain, by code."""
    return [_registry[code] for code in sorted(_registry)]
