"""What the staff shell shows around a page: county, menu, user, date of the data."""

from collections.abc import Hashable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version

from django.http import HttpRequest
from django.utils.translation import get_language

from . import menu
from .addresses import address_or_nothing, place
from .frame import Frame, MenuLine, MenuSection, TabLine
from .kept import Kept

_ADDRESSES = ("home", "search", "todo", "account", "sign-out")


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of a page. `data_until` is the day that the figures reach; `counts` is what waits for the user, by system.

    `system` is the key of the one that the page belongs to, for pages that stand under no tab.

    `reach_key` is everything that the reach consists of, so that its menu is kept; without it the menu is made anew.
    """

    county: str = ""
    user: str = ""
    user_note: str = ""
    reach: object = None
    data_until: date | None = None
    is_demo: bool = False
    counts: dict[str, int] | None = None
    path: str = "/"
    system: str = ""
    reach_key: Hashable = None

    @property
    def is_signed_in(self) -> bool:
        """Whether there is somebody to show a menu to."""
        return bool(self.user)

    @property
    def menu(self) -> tuple[MenuSection, ...]:
        """The reader's menu; the grants of its entries ask the reach alone."""
        if not self.is_signed_in:
            return ()
        if self.reach_key is None:
            return _sections(self.reach)
        return _menus.get((self.reach_key, place(), get_language()), lambda: _sections(self.reach))

    @property
    def current(self) -> tuple[str, str]:
        """System and tab of the page: the tab whose address is the longest beginning of the path, as for a detail page."""
        path = self.path
        candidates = [
            (len(tab.href), line.code, tab.code)
            for line in self.lines
            for tab in line.tabs
            if path == tab.href or (tab.href != "/" and path.startswith(tab.href.rstrip("/") + "/"))
        ]
        _length, system, tab = max(candidates, default=(0, self.system, ""))
        return system, tab

    @property
    def lines(self) -> Iterator[MenuLine]:
        """All systems of the reader's menu."""
        return (line for section in self.menu for line in section.lines)

    @property
    def home_href(self) -> str:
        """Where the seal leads."""
        return _addresses()["home"] or "/"

    @property
    def frame(self) -> Frame:
        """What the kept parts show: the same for all pages of one reader, until something of it changes."""
        addresses = _addresses()
        return Frame(
            county=self.county,
            user=self.user,
            user_note=self.user_note,
            data_until=self.data_until,
            is_demo=self.is_demo,
            menu=self.menu,
            version=_version(),
            home_href=self.home_href,
            search_href=addresses["search"],
            todo_href=addresses["todo"],
            account_href=addresses["account"],
            sign_out_href=addresses["sign-out"],
        )


def belongs_to(request: HttpRequest, system: str) -> None:
    """Say to which system a page belongs that stands under no tab, such as that of a matter; called by its view."""
    vars(request)["xianxue_system"] = system


def system_of(request: HttpRequest) -> str:
    """What `belongs_to` said of the page; empty where nobody did."""
    return str(vars(request).get("xianxue_system", ""))


def plain_shell(request: HttpRequest) -> Shell:
    """A shell without a county, for pages drawn before there is one."""
    return Shell(path=request.path)


_menus: Kept[tuple[MenuSection, ...]] = Kept(1000)
_places: Kept[dict[str, str]] = Kept(10)


def _addresses() -> dict[str, str]:
    return _places.get(place(), lambda: {name: address_or_nothing(name) for name in _ADDRESSES})


def _sections(reach: object) -> tuple[MenuSection, ...]:
    return tuple(
        MenuSection(group.action, group.label, tuple(_line(entry) for entry in group.entries))
        for group in menu.entries(reach)
    )


def _line(entry: menu.Entry) -> MenuLine:
    tabs = tuple(TabLine(tab.code, str(tab.label), tab.href, tab.in_settings) for tab in entry.tabs)
    return MenuLine(entry.system.key, entry.system.label, tabs)


@cache
def _version() -> str:
    return version("xianxue")
