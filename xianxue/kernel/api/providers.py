"""What the API cannot know of the tree of units: provided by the app that does."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

Below = Callable[[Collection[int]], frozenset[int]]
Names = Callable[[Collection[int]], Mapping[int, str]]
Find = Callable[[str], "int | None"]


@dataclass
class _Providers:
    below: Below | None = None
    names: Names | None = None
    find: Find | None = None


_providers = _Providers()


def provide_units(*, below: Below, names: Names, find: Find) -> None:
    """Say how units hang together. Called once, from an app's `ready`.

    `below(ids)`: the units themselves and all below them. `names(ids)`: what they are called. `find(text)`: the unit
    in reach of that code or full name, or None.
    """
    _providers.below, _providers.names, _providers.find = below, names, find


def units_below(ids: Collection[int]) -> frozenset[int]:
    """The units and everything below them; only themselves where nobody knows more."""
    return _providers.below(ids) if _providers.below else frozenset(ids)


def unit_names(ids: Collection[int]) -> Mapping[int, str]:
    """Names of units by primary key."""
    return _providers.names(ids) if _providers.names else {pk: str(pk) for pk in ids}


def find_unit(text: str) -> int | None:
    """Primary key of the unit in reach that a text names, or None."""
    return _providers.find(text) if _providers.find else None
