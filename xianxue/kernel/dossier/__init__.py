"""The file of a person: each app that knows something declares a section; pages show them all, with their source."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from xianxue.kernel.access import Grant, current_reach

__all__ = ["Entry", "Section", "get", "of", "register", "sections"]


@dataclass(frozen=True)
class Entry:
    """One fact about a person: what, since or on which day, and the page on which it stands."""

    label: str
    text: str
    on: date | None = None
    href: str = ""


@dataclass(frozen=True)
class Section:
    """What one app knows about a person.

    `source` names the record that the facts come from; `entries(person_id)` returns them in the reach now in force.
    """

    code: str
    label: Any
    source: Any
    view: Grant
    entries: Callable[[int], Iterable[Entry]]
    order: int = 100


_registry: dict[str, Section] = {}


def register(section: Section) -> Section:
    """Make a section known, under its code. Raises ValueError when the code is taken."""
    if _registry.setdefault(section.code, section) is not section:
        message = f"Two sections have the code {section.code!r}."
        raise ValueError(message)
    return section


def sections() -> list[Section]:
    """Every section, in the order of the file."""
    return sorted(_registry.values(), key=lambda item: (item.order, item.code))


def get(code: str) -> Section:
    """The section of that code. Raises KeyError."""
    return _registry[code]


def of(person_id: int) -> list[tuple[Section, list[Entry]]]:
    """The person's file as the reader may see it; sections without facts are left out."""
    reach = current_reach()
    found = ((item, list(item.entries(person_id))) for item in sections() if item.view.scope(reach))
    return [(item, entries) for item, entries in found if entries]
