"""Names of units, as the app that keeps them says, and of the roles of a grant."""

from collections.abc import Callable, Collection, Iterator, Mapping

from xianxue.kernel.access import Grant, all_roles
from xianxue.kernel.access.grants import EitherGrant, RoleGrant, TraitGrant

UnitNames = Callable[[Collection[int]], Mapping[int, str]]
_units: list[UnitNames] = []


def provide_units(names: UnitNames) -> None:
    """Say how units are called: ids → name by id. Called once, when apps are ready."""
    _units[:] = [names]


def unit_names(unit_ids: Collection[int | None]) -> Mapping[int, str]:
    """Names of units by id, at most one query; those unknown are left out."""
    asked = {pk for pk in unit_ids if pk is not None}
    return _units[0](asked) if asked and _units else {}


def roles_of(grant: Grant) -> list[str]:
    """Codes of the roles that a grant names; none for grants to everybody or nobody."""
    return list(dict.fromkeys(_roles_in(grant)))


def _roles_in(grant: Grant) -> Iterator[str]:
    if isinstance(grant, RoleGrant | TraitGrant):
        yield from sorted(grant.roles)
    elif isinstance(grant, EitherGrant):
        for part in grant.parts:
            yield from _roles_in(part)


def in_words(grant: Grant) -> str:
    """The roles of a grant as people call them, in the order of the roles: 校长、学籍管理员."""
    held = set(roles_of(grant))
    return "、".join(str(role.label) for role in all_roles() if role in held)
