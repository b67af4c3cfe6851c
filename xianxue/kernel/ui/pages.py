"""Whole pages as data that belong to no other module: a register's list."""

from collections.abc import Sequence
from dataclasses import dataclass

from .parts import Action, Link, Notice
from .tables import TableView


@dataclass(frozen=True, slots=True)
class TablePage:
    """What `ui/table_page.html` draws, as `page`: a head and one table."""

    title: str
    table: TableView
    sub: str = ""
    trail: Sequence[Link] = ()
    actions: Sequence[Action] = ()
    notice: Notice | None = None
