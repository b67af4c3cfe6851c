"""Grants: one answer to both "may this person?" and "which rows?"."""

from dataclasses import dataclass
from typing import Protocol

from xianxue.kernel.access.reach import EVERY_ROLE, EVERY_UNIT, NO_UNIT, Reach, UnitScope
from xianxue.kernel.access.roles import Trait, roles_with


class Grant(Protocol):
    """What opens rows of some units to some people."""

    def scope(self, reach: Reach) -> UnitScope:
        """The units that this grant opens to this reach; empty means no."""
        ...

    def __or__(self, other: "Grant") -> "Grant": ...


@dataclass(frozen=True)
class RoleGrant:
    """Opens the units over which one of the roles is held."""

    roles: frozenset[str]

    def scope(self, reach: Reach) -> UnitScope:
        """Union of the units of all matching roles."""
        found = reach.scope_of(EVERY_ROLE)
        for role in self.roles:
            found |= reach.scope_of(role)
        return found

    def __or__(self, other: Grant) -> Grant:
        if isinstance(other, RoleGrant):
            return RoleGrant(self.roles | other.roles)
        return EitherGrant((self, other))


@dataclass(frozen=True)
class TraitGrant:
    """Opens the units over which a role with the trait is held, whichever app declares it."""

    trait: Trait

    @property
    def roles(self) -> frozenset[str]:
        """The roles with the trait. Known once the apps are ready, so it is not asked when the grant is declared."""
        return frozenset(roles_with(self.trait))

    def scope(self, reach: Reach) -> UnitScope:
        """Union of the units of all roles with the trait."""
        return RoleGrant(self.roles).scope(reach)

    def __or__(self, other: Grant) -> Grant:
        return EitherGrant((self, other))


@dataclass(frozen=True)
class EitherGrant:
    """Opens what any of its parts opens."""

    parts: tuple[Grant, ...]

    def scope(self, reach: Reach) -> UnitScope:
        """Union of the parts."""
        found = NO_UNIT
        for part in self.parts:
            found |= part.scope(reach)
        return found

    def __or__(self, other: Grant) -> Grant:
        return EitherGrant((*self.parts, other))


@dataclass(frozen=True)
class SignedInGrant:
    """Opens matters without a unit, such as code lists, to everybody who is signed in."""

    def scope(self, reach: Reach) -> UnitScope:
        """Everything, once a reach with a person or the system behind it is set."""
        return EVERY_UNIT if reach.user_id is not None or reach.roles else NO_UNIT

    def __or__(self, other: Grant) -> Grant:
        return EitherGrant((self, other))


@dataclass(frozen=True)
class NobodyGrant:
    """Opens nothing: the default of every action that is not declared."""

    def scope(self, reach: Reach) -> UnitScope:
        """Nothing."""
        return NO_UNIT

    def __or__(self, other: Grant) -> Grant:
        return other


def holds(*roles: str) -> Grant:
    """Grant for whoever holds one of the roles, over the units of that posting."""
    return RoleGrant(frozenset(roles))


def holds_any(trait: Trait) -> Grant:
    """Grant for whoever holds a role with the trait, over the units of that posting.

    For what the kernel, or an app that does not know the one that declares the role, opens to it.
    """
    return TraitGrant(trait)


everyone_signed_in: Grant = SignedInGrant()
nobody: Grant = NobodyGrant()
