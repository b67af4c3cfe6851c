"""The parts of the shell, drawn once for all pages that show the same in them; the rest is filled in afterwards.

They are kept by their whole content (`Frame`): whoever gets a kept part would have been drawn the same letters. What
differs from page to page, such as counts, the current entry and the token of the session, is never in what is kept.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from secrets import token_hex

from django.template import Context, Engine
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from .kept import Kept

TABS_SHOWN = 8
GROUPED_FROM = 9
# Random, so that no name and no other text of a user can be taken for a mark.
_SECRET = token_hex(16)
_MARK = re.compile(f"<{_SECRET} ([^<>]*)>")


def mark(name: str) -> SafeString:
    """Where something is filled in, in a template of `ui/frame/`."""
    return mark_safe(f"<{_SECRET} {name}>")  # noqa: S308 - names are written in our code


@dataclass(frozen=True, slots=True)
class TabLine:
    """One page of a system, as its bar of tabs shows it."""

    code: str
    label: str
    href: str
    in_settings: bool = False

    @property
    def current(self) -> SafeString:
        """Where the tab is marked as that of the page."""
        return mark(f"tab {self.code}")


@dataclass(frozen=True, slots=True)
class MenuLine:
    """One system, with the tabs that the reader sees; `code` is the system's key."""

    code: str
    label: str
    tabs: tuple[TabLine, ...]

    @property
    def href(self) -> str:
        """Where the line leads: the first tab."""
        return self.tabs[0].href

    @property
    def current(self) -> SafeString:
        """Where the line is marked as that of the page."""
        return mark(f"current {self.code}")

    @property
    def count(self) -> SafeString:
        """Where the count of what waits for the reader goes."""
        return mark(f"count {self.code}")

    @property
    def shown(self) -> tuple[TabLine, ...]:
        """The tabs that stand in the bar."""
        return tuple(tab for tab in self.tabs if not tab.in_settings)[:TABS_SHOWN]

    @property
    def more(self) -> tuple[TabLine, ...]:
        """Those for which there is no room: under 更多."""
        return tuple(tab for tab in self.tabs if not tab.in_settings)[TABS_SHOWN:]

    @property
    def settings(self) -> tuple[TabLine, ...]:
        """Those under 设置."""
        return tuple(tab for tab in self.tabs if tab.in_settings)


@dataclass(frozen=True, slots=True)
class MenuSection:
    """The systems of one action."""

    action: str
    label: str
    lines: tuple[MenuLine, ...]

    @property
    def opened(self) -> SafeString:
        """Where the section of the page is opened."""
        return mark(f"open {self.action}")

    @property
    def count(self) -> SafeString:
        """Where the sum of the counts goes, which a closed section shows."""
        return mark(f"sum {self.action}")


@dataclass(frozen=True, slots=True)
class Frame:
    """Everything that the kept parts show; addresses are empty where this installation has no such page."""

    county: str = ""
    user: str = ""
    user_note: str = ""
    data_until: date | None = None
    is_demo: bool = False
    menu: tuple[MenuSection, ...] = ()
    version: str = ""
    home_href: str = ""
    search_href: str = ""
    todo_href: str = ""
    account_href: str = ""
    sign_out_href: str = ""

    @property
    def is_flat(self) -> bool:
        """Whether there are so few systems that they stand without groups."""
        return sum(len(section.lines) for section in self.menu) < GROUPED_FROM

    @property
    def is_signed_in(self) -> bool:
        """Whether there is somebody to show a menu to."""
        return bool(self.user)

    @property
    def asked(self) -> SafeString:
        """Where the words of a search go."""
        return mark("asked")

    @property
    def todo_count(self) -> SafeString:
        """Where the count of what waits for the user goes."""
        return mark("todo")

    @property
    def token(self) -> SafeString:
        """Where the session's token goes, which guards the button that signs out."""
        return mark("token")


# What is drawn of the shell is the same for all pages of a reader; the bar of tabs, for all pages of a system.
Shown = Frame | MenuLine | None
_parts: Kept[list[str]] = Kept(1000)


def draw(part: str, frame: Shown, fill: Callable[[str], str]) -> SafeString:
    """One of the templates in `ui/frame/`, with the marks in it replaced by what `fill` gives for their names, escaped."""

    def split() -> list[str]:
        template = Engine.get_default().get_template(f"ui/frame/{part}.html")
        # Text, name of a mark, text, …: what is put in is not looked through for marks again.
        return _MARK.split(template.render(Context({"frame": frame})))

    pieces = _parts.get((part, frame, get_language()), split)
    drawn = [fill(piece) if place % 2 else piece for place, piece in enumerate(pieces)]
    return mark_safe("".join(drawn))  # noqa: S308 - drawn by a template, and filled with what was escaped
