"""The menu of the staff shell: each app adds its entries; who sees one is the entry's grant's business."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

# The five actions of the county's account, then the registers and the system; "" stands above them all.
ACTIONS: dict[str, object] = {
    "": "",
    "leadership": _("举旗铸魂"),
    "foundation": _("固本强基"),
    "accountability": _("压实责任"),
    "quality": _("提质增效"),
    "care": _("关心关爱"),
    "registers": _("登记"),
    "system": _("系统"),
}


class SeesUnits(Protocol):
    """What the menu asks of a grant: a scope that is falsy for those who may not."""

    def scope(self, reach: Any, /) -> object:
        """The units that the reach may see under this grant."""
        ...


class Everyone:
    """The grant of entries that every signed-in user sees."""

    def scope(self, reach: object, /) -> bool:
        """Always true."""
        return True


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the menu, as declared."""

    action: str
    label: object
    url_name: str
    grant: SeesUnits
    order: int
    code: str
    kwargs: dict[str, object] = field(default_factory=dict)

    @property
    def href(self) -> str:
        """The address; raises NoReverseMatch when the URL does not exist (the check `ui.E001` finds it at start)."""
        return reverse(self.url_name, kwargs=self.kwargs or None)


@dataclass(frozen=True, slots=True)
class Group:
    """The entries of one action, as one reader sees them."""

    action: str
    label: object
    entries: tuple[Entry, ...]


_entries: dict[str, Entry] = {}


def add(  # one line of the menu has this many sides; all but two are named at the call
    action: str,
    label: object,
    url_name: str,
    grant: SeesUnits,
    order: int,
    code: str = "",
    kwargs: dict[str, object] | None = None,
) -> None:
    """Declare a line of the menu. `code` (default: `url_name`) is unique; `action` is a key of `ACTIONS`."""
    code = code or url_name
    if action not in ACTIONS:
        msg = f'menu entry "{code}" names the action "{action}"; there are: {", ".join(filter(None, ACTIONS))}'
        raise ValueError(msg)
    if code in _entries:
        msg = f'menu entry "{code}" is declared twice'
        raise ValueError(msg)
    _entries[code] = Entry(action, label, url_name, grant, order, code, kwargs or {})


def entries(reach: object) -> list[Group]:
    """The menu for one reach, grouped in the order of `ACTIONS`; groups without entries are left out."""
    seen = [entry for entry in declared() if entry.grant.scope(reach)]
    groups = (Group(action, label, tuple(e for e in seen if e.action == action)) for action, label in ACTIONS.items())
    return [group for group in groups if group.entries]


def declared() -> Iterator[Entry]:
    """Every entry, in order, whoever may see it."""
    return iter(sorted(_entries.values(), key=lambda entry: (entry.order, entry.code)))
