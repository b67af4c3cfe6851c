"""The register table as data: what `ui/table.html` draws, for a register's list and for any long list."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import urlencode

from .parts import Action, Link, Tone

CellKind = Literal["text", "number", "money", "date", "masked", "pill", "code"]
Sorted = Literal["", "ascending", "descending"]
# Characters; a school's full name may take two lines, a class or a person's name may not.
_SHORT = 12
_NUMERIC: frozenset[CellKind] = frozenset({"number", "money"})


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell, already formatted for reading (see `formats`); empty text is drawn as an en dash."""

    text: str = ""
    kind: CellKind = "text"
    title: str = ""
    tone: Tone = "quiet"
    href: str = ""

    @property
    def css(self) -> str:
        """The class of the table cell."""
        numeric = " numeric" if self.kind in _NUMERIC else ""
        # Chinese text breaks anywhere: short values stay whole, and the table scrolls instead.
        size = " cell-short" if 0 < len(self.text) <= _SHORT else ""
        return f"cell-{self.kind}{numeric}{size}" + ("" if self.text else " cell-empty")


@dataclass(frozen=True, slots=True)
class HeadCell:
    """A column's head; without `sort_href` it cannot be sorted."""

    name: str
    label: str
    sort_href: str = ""
    sorted: Sorted = ""
    numeric: bool = False
    help: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One row; the first cell links to `href`, which is the row's detail page."""

    cells: Sequence[Cell]
    href: str = ""
    pk: str = ""
    tone: Tone = "quiet"


@dataclass(frozen=True, slots=True)
class Pager:
    """Where the reader stands; `first` and `last` count rows from 1. An empty href is an end of the list."""

    first: int
    last: int
    total: int
    page: int = 1
    pages: int = 1
    first_href: str = ""
    previous_href: str = ""
    next_href: str = ""
    last_href: str = ""
    is_capped: bool = False


def pager(total: int, page: int, size: int, href: str, kept: Iterable[tuple[str, str]] = ()) -> Pager:
    """The pager of a list of `total` rows, `size` a page, at `page`; `kept` are the parameters in force, without the page.

    The first page has no number in its address, so that a list has one address and not two.
    """
    parameters, pages, start = list(kept), max(1, -(-total // size)), (page - 1) * size

    def to(number: int) -> str:
        query = urlencode([*parameters, *([("page", str(number))] if number > 1 else [])])
        return f"{href}?{query}" if query else href

    return Pager(
        first=start + 1 if total else 0,
        last=min(start + size, total),
        total=total,
        page=page,
        pages=pages,
        first_href=to(1) if page > 1 else "",
        previous_href=to(page - 1) if page > 1 else "",
        next_href=to(page + 1) if page < pages else "",
        last_href=to(pages) if page < pages else "",
    )


@dataclass(frozen=True, slots=True)
class FilterOption:
    """One value that a filter can take; `href` is needed for chips, which are links."""

    value: str
    label: str
    is_on: bool = False
    count: int | None = None
    href: str = ""


@dataclass(frozen=True, slots=True)
class FilterControl:
    """A filter: chips for few values, a select for many, an input for a date or a text.

    `tucked` puts it behind “更多条件”.
    """

    name: str
    label: str
    kind: Literal["select", "chips", "date", "text"] = "select"
    options: Sequence[FilterOption] = ()
    value: str = ""
    tucked: bool = False


@dataclass(frozen=True, slots=True)
class Chip:
    """A condition in force, with the way to drop it."""

    label: str
    remove_href: str


@dataclass(frozen=True, slots=True)
class ColumnChoice:
    """A column that can be shown; `is_fixed` columns cannot be hidden (the one that links to the detail page)."""

    name: str
    label: str
    is_shown: bool = True
    is_fixed: bool = False


@dataclass(frozen=True, slots=True)
class BulkAction:
    """What can be done with the selected rows: a button that posts the `pk`s under the name `row`."""

    label: str
    href: str
    icon: str = ""


@dataclass(frozen=True, slots=True)
class TableView:
    """Everything that `ui/table.html` draws.

    `href` is the list's own address: filters, search and the column chooser are GET forms on it.
    `kept` are the other parameters of the address in force (the order, for instance), sent along as hidden inputs.
    `name` makes the ids of the page unique when it has two tables; htmx swaps `#table` (or `#table-<name>`).
    """

    columns: Sequence[HeadCell]
    rows: Sequence[Row]
    total: int
    href: str = ""
    name: str = ""
    label: str = ""
    pager: Pager | None = None
    filters: Sequence[FilterControl] = ()
    chips: Sequence[Chip] = ()
    clear_href: str = ""
    search: str | None = None
    search_label: str = ""
    choices: Sequence[ColumnChoice] = ()
    kept: Sequence[tuple[str, str]] = ()
    export_href: str = ""
    export_note: str = ""
    is_selectable: bool = False
    bulk_actions: Sequence[BulkAction] = ()
    empty_title: str = ""
    empty_text: str = ""
    empty_action: Link | Action | None = None
    notes: Sequence[str] = field(default=())

    @property
    def dom_id(self) -> str:
        """The id that htmx swaps."""
        return f"table-{self.name}" if self.name else "table"

    @property
    def chip_filters(self) -> list[FilterControl]:
        """The filters drawn as links."""
        return [control for control in self.filters if control.kind == "chips"]

    @property
    def form_filters(self) -> list[FilterControl]:
        """The filters drawn as inputs and always in sight."""
        return [control for control in self.filters if control.kind != "chips" and not control.tucked]

    @property
    def tucked_filters(self) -> list[FilterControl]:
        """The filters behind “更多条件”."""
        return [control for control in self.filters if control.kind != "chips" and control.tucked]

    @property
    def has_tools(self) -> bool:
        """Whether there is anything above the table."""
        return bool(self.filters or self.choices or self.export_href or self.search is not None)
