"""Roles: what a posting lets a person do. An app declares those that it needs in its `roles.py`, where they are found."""

from collections.abc import Iterable, Iterator
from enum import Enum
from typing import Any


class Trait(Enum):
    """What a role may be asked by whoever does not know the app that declares it."""

    ADMINISTERS = "one of the administrators, who are different people and do no business"
    COUNTS = "has the figures of the county counted anew"
    KEEPS_ACCOUNTS = "opens the accounts of people and of other systems"
    NOT_LENT = "handed to no colleague, not for a day (代办)"
    OPENS_SEALED = "opens sealed numbers of some register; exports of them are asked for and approved"
    SEES_COUNTY = "sees units side by side: cockpit, indicators, comparisons"
    TWO_PERSONS = "given, and its holder's second factor taken off, by two people; held by no program"
    WITNESSES = "keeps checkpoints of the record, against which it is compared later"


class Role(str):
    """A role's code, with what was declared of it; kept, compared and written as the code alone."""

    __slots__ = ("label", "second_factor", "traits", "unit_kinds")
    label: Any
    """What people call it, a lazy text."""
    unit_kinds: tuple[str, ...]
    """Kinds of units at which it can be held; it opens the unit and everything below."""
    second_factor: Any
    """Why whoever holds it signs in with a second factor, a lazy text; empty where a password is enough."""
    traits: frozenset[Trait]

    def has(self, trait: Trait) -> bool:
        """Whether it was declared with the trait."""
        return trait in self.traits


_declared: dict[str, Role] = {}


def declare_role(
    code: str, label: Any, *, at: tuple[str, ...], second_factor: Any = "", traits: Iterable[Trait] = ()
) -> Role:
    """Make a role known; what each argument means stands at the attributes of `Role`, `at` at `unit_kinds`.

    Raises ValueError for a code that is taken or longer than 20 characters, a role that can be held nowhere, one that
    opens sealed numbers or takes two people without a second factor, and an administrator that one person could give
    or lend.
    """
    role = Role(code)
    role.label, role.unit_kinds, role.second_factor, role.traits = label, at, second_factor, frozenset(traits)
    if code in _declared or len(code) > 20 or not at:
        message = f"Role {code!r}: the code is taken or longer than 20 characters, or `at` names no kind of unit."
        raise ValueError(message)
    if not second_factor and role.traits & {Trait.TWO_PERSONS, Trait.OPENS_SEALED}:
        message = f"Role {code!r}: say in `second_factor` why its holder needs one."
        raise ValueError(message)
    if role.has(Trait.ADMINISTERS) and not role.traits >= {Trait.TWO_PERSONS, Trait.NOT_LENT}:
        message = f"Role {code!r}: an administrator is given by two people and lent to nobody."
        raise ValueError(message)
    _declared[code] = role
    return role


def all_roles() -> tuple[Role, ...]:
    """Every declared role, in the order of declaration; the administrators come last."""
    return tuple(sorted(_declared.values(), key=lambda role: role.has(Trait.ADMINISTERS)))


def roles_with(trait: Trait) -> tuple[Role, ...]:
    """The declared roles that have the trait."""
    return tuple(role for role in all_roles() if role.has(trait))


def role_of(code: str) -> Role | None:
    """The role with that code; None where no installed app declares it."""
    return _declared.get(code)


def roles_among(codes: Iterable[str]) -> Iterator[Role]:
    """The declared roles among these codes."""
    return (role for code in codes if (role := _declared.get(code)))


def role_label(code: str) -> str:
    """What people call the role; the code itself where no installed app declares it."""
    role = _declared.get(code)
    return str(role.label) if role else code


def role_choices() -> Iterator[tuple[str, str]]:
    """All roles as the choices of a field."""
    return ((str(role), str(role.label)) for role in all_roles())
