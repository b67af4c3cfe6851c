"""The menu of the staff shell, of two levels: one entry a system, in it the tabs that apps add to the system.

Who sees a tab is the business of its grant; a system without a tab that the reader may see is not there.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.urls import reverse

from .systems import System, groups, systems


class SeesUnits(Protocol):
    """What the menu asks of a grant: a scope that is falsy for those who may not."""

    def scope(self, reach: Any, /) -> object:
        """The units that the reach may see under this grant."""
        ...


class Everyone:
    """The grant of tabs that every signed-in user sees."""

    def scope(self, reach: object, /) -> bool:
        """Always true."""
        return True


@dataclass(frozen=True, slots=True)
class Tab:
    """One page of a system, as declared; those in the settings stand apart, at the end."""

    system: str
    label: object
    url_name: str
    grant: SeesUnits
    order: int
    code: str
    in_settings: bool = False
    kwargs: dict[str, object] = field(default_factory=dict)

    @property
    def href(self) -> str:
        """The address; raises NoReverseMatch when the URL does not exist (the check `ui.E001` finds it at start)."""
        return reverse(self.url_name, kwargs=self.kwargs or None)


@dataclass(frozen=True, slots=True)
class Entry:
    """A system, with the tabs that one reader sees; it leads to the first."""

    system: System
    tabs: tuple[Tab, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of one action; those above all actions stand in a group without a label."""

    action: str
    label: str
    entries: tuple[Entry, ...]


_tabs: dict[str, Tab] = {}


def add(  # one tab has this many sides; all but two are named at the call
    system: str,
    label: object,
    url_name: str,
    grant: SeesUnits,
    order: int,
    code: str = "",
    kwargs: dict[str, object] | None = None,
    *,
    in_settings: bool = False,
) -> None:
    """Declare a tab of a system. `code` (default: `url_name`) is unique. Raises ValueError for a system there is not."""
    code = code or url_name
    if system not in systems():
        msg = f'the tab "{code}" names the system "{system}"; there are: {", ".join(systems())}'
        raise ValueError(msg)
    if code in _tabs:
        msg = f'the tab "{code}" is declared twice'
        raise ValueError(msg)
    _tabs[code] = Tab(system, label, url_name, grant, order, code, in_settings, kwargs or {})


def entries(reach: object) -> list[Group]:
    """The menu for one reach, in the order of the systems; groups without entries are left out."""
    seen: dict[str, list[Tab]] = {}
    for tab in declared():
        if tab.grant.scope(reach):
            seen.setdefault(tab.system, []).append(tab)
    shown = [Entry(system, tuple(seen[system.key])) for system in systems().values() if system.key in seen]
    labelled = {"": "", **groups()}
    made = (Group(key, label, tuple(e for e in shown if e.system.action == key)) for key, label in labelled.items())
    return [group for group in made if group.entries]


def declared() -> Iterator[Tab]:
    """Every tab, in order, whoever may see it."""
    return iter(sorted(_tabs.values(), key=lambda tab: (tab.in_settings, tab.order, tab.code)))
