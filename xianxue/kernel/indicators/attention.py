"""What waits for somebody: each app says what is missing, who must act and until when; pages only collect."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from xianxue.kernel.access import Grant, current_reach

State = Literal["late", "due", "now"]
SOON_DAYS = 7


@dataclass(frozen=True)
class Matter:
    """One thing that is not done: what, what is missing, whose move it is, by when, and where to do it.

    `unit_id` is the unit that it concerns (None: nobody's in particular). Without `due_on` it is late at once when
    `is_late`, else merely open.
    """

    title: str
    missing: str
    owner: str
    href: str = ""
    due_on: date | None = None
    unit_id: int | None = None
    is_late: bool = False

    def state(self, today: date) -> State:
        """Late, due within a week, or merely open."""
        if self.is_late or (self.due_on is not None and self.due_on < today):
            return "late"
        if self.due_on is not None and (self.due_on - today).days <= SOON_DAYS:
            return "due"
        return "now"


Finder = Callable[[date], Iterable[Matter]]


@dataclass(frozen=True)
class Watch:
    """A kind of matters of a system: `find(today)` returns those in the reach now in force, by a fixed number of queries."""

    code: str
    label: Any
    system: str
    view: Grant
    find: Finder


_watches: dict[str, Watch] = {}


def watch(code: str, *, label: Any, system: str, view: Grant) -> Callable[[Finder], Finder]:
    """Declare the function `(today) -> matters`; only those whom `view` admits are shown them."""

    def declare(find: Finder) -> Finder:
        if code in _watches:
            message = f"Two kinds of matters have the code {code!r}."
            raise ValueError(message)
        _watches[code] = Watch(code, label, system, view, find)
        return find

    return declare


def watches() -> list[Watch]:
    """Every kind of matters, by code."""
    return sorted(_watches.values(), key=lambda item: item.code)


def matters(today: date) -> list[Matter]:
    """Everything that waits in the reach now in force: late first, then by date, what has no date last."""
    reach = current_reach()
    found = [matter for item in watches() if item.view.scope(reach) for matter in item.find(today)]
    rank = {"late": 0, "due": 1, "now": 2}
    return sorted(found, key=lambda matter: (rank[matter.state(today)], matter.due_on or date.max, matter.title))
