"""What the staff shell shows around a page: county, menu, user, date of the data."""

from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib.metadata import version

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from . import menu


@dataclass(frozen=True, slots=True)
class MenuLine:
    """One line of the menu on one page."""

    code: str
    label: object
    href: str
    is_current: bool
    count: int


@dataclass(frozen=True, slots=True)
class MenuSection:
    """The lines of one action."""

    action: str
    label: object
    lines: tuple[MenuLine, ...]


@dataclass(frozen=True, slots=True)
class Shell:
    """The frame of a page. `data_until` is the day that the figures reach; `counts` are open matters by menu code."""

    county: str = ""
    user: str = ""
    user_note: str = ""
    reach: object = None
    data_until: date | None = None
    is_demo: bool = False
    counts: dict[str, int] | None = None
    path: str = "/"

    @property
    def is_signed_in(self) -> bool:
        """Whether there is somebody to show a menu to."""
        return bool(self.user)

    @property
    def menu(self) -> list[MenuSection]:
        """The reader's menu, with the current page marked."""
        groups = menu.entries(self.reach) if self.is_signed_in else []
        hrefs = {entry.code: entry.href for group in groups for entry in group.entries}
        current = _current_code(hrefs, self.path)
        counts = self.counts or {}
        return [
            MenuSection(
                group.action,
                group.label,
                tuple(
                    MenuLine(e.code, e.label, hrefs[e.code], e.code == current, counts.get(e.code, 0))
                    for e in group.entries
                ),
            )
            for group in groups
        ]

    @property
    def version(self) -> str:
        """The version of the programme."""
        return _version()

    @property
    def home_href(self) -> str:
        """Where the seal leads; like the other addresses here, empty when there is no such page."""
        return address_or_nothing("home") or "/"

    @property
    def search_href(self) -> str:
        """The page of the global search."""
        return address_or_nothing("search")

    @property
    def todo_href(self) -> str:
        """The list of what waits for the user."""
        return address_or_nothing("todo")

    @property
    def todo_count(self) -> int:
        """How much waits for the user."""
        return (self.counts or {}).get("todo", 0)

    @property
    def account_href(self) -> str:
        """The user's own page."""
        return address_or_nothing("account")

    @property
    def sign_in_href(self) -> str:
        """The sign-in page."""
        return address_or_nothing("sign-in")

    @property
    def sign_out_href(self) -> str:
        """Where signing out posts."""
        return address_or_nothing("sign-out")


def plain_shell(request: HttpRequest) -> Shell:
    """A shell without a county, for pages drawn before there is one."""
    return Shell(path=request.path)


def address_or_nothing(url_name: str) -> str:
    """The address of a named page, or an empty text when this installation has none."""
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


@cache
def _version() -> str:
    return version("xianxue")


def _current_code(hrefs: dict[str, str], path: str) -> str:
    """The entry whose address is the longest beginning of the path: a detail page marks its register."""
    candidates = [
        (len(href), code)
        for code, href in hrefs.items()
        if path == href or (href != "/" and path.startswith(href.rstrip("/") + "/"))
    ]
    return max(candidates, default=(0, ""))[1]
