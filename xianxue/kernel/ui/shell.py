"""What the staff shell shows around a page: county, menu, user, date of the data."""

from collections.abc import Hashable
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version

from django.http import HttpRequest
from django.utils.translation import get_language

from . import menu
from .addresses import address_or_nothing, place
from .frame import Frame, MenuLine, MenuSection
from .kept import Kept

_ADDRESSES = ("home", "search", "todo", "account", "sign-out")


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of a page. `data_until` is the day that the figures reach; `counts` are open matters by menu code.

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
    def current_code(self) -> str:
        """The menu entry whose address is the longest beginning of the path: a detail page marks its register."""
        path = self.path
        candidates = [
            (len(line.href), line.code)
            for section in self.menu
            for line in section.lines
            if path == line.href or (line.href != "/" and path.startswith(line.href.rstrip("/") + "/"))
        ]
        return max(candidates, default=(0, ""))[1]

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


def plain_shell(request: HttpRequest) -> Shell:
    """A shell without a county, for pages drawn before there is one."""
    return Shell(path=request.path)


_menus: Kept[tuple[MenuSection, ...]] = Kept(1000)
_places: Kept[dict[str, str]] = Kept(10)


def _addresses() -> dict[str, str]:
    return _places.get(place(), lambda: {name: address_or_nothing(name) for name in _ADDRESSES})


def _sections(reach: object) -> tuple[MenuSection, ...]:
    return tuple(
        MenuSection(
            group.action, str(group.label), tuple(MenuLine(e.code, str(e.label), e.href) for e in group.entries)
        )
        for group in menu.entries(reach)
    )


@cache
def _version() -> str:
    return version("xianxue")
