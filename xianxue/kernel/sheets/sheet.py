"""The declaration of a sheet, and the registry of all sheets."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import polars as pl

from xianxue.kernel.columns import Column
from xianxue.kernel.sheets.writer import Writer


@dataclass(frozen=True)
class Rule:
    """Cells of one row against each other.

    `when` is made anew for every check and holds where the rule is broken; it reads canonical text by column name.
    The problem is shown at `columns[0]`; the rule is skipped where one of `needs` (default: `columns`) is not in the
    file or was itself refused. `other` is text for the message's `%(other)s`; `mend` is cell text for `columns[0]` that
    puts it right, offered with one click.
    """

    code: str
    columns: tuple[str, ...]
    when: Callable[[], pl.Expr]
    other: Callable[[], pl.Expr] | None = None
    mend: Callable[[], pl.Expr] | None = None
    needs: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Sheet:
    """A sheet: the columns of a workbook, how rows are told apart, what is checked, and who writes them.

    `key`: groups of columns in the order in which records are matched: (("student_number",), ("id_number",)). A row
    needs at least one complete group, and no two rows of a file may share one.
    `unit_column`: the Reference column that names a row's unit; where the file has none, the unit is recognised from
    titles, the sheet's name or the file's name, or asked for.
    `title`: the column that names a row in lists and in the history.
    `headings` are words that, standing above the table or as the sheet's name, speak for this sheet.
    `repeats`: keys that rows may share (a ledger with several rows for one person has none).
    """

    code: str
    label: Any
    columns: tuple[Column, ...]
    key: tuple[tuple[str, ...], ...]
    writer: Writer
    rules: tuple[Rule, ...] = ()
    unit_column: str = ""
    title: str = "name"
    headings: tuple[str, ...] = ()
    notes: tuple[Any, ...] = ()
    order: int = 100
    held: tuple[str, ...] = ()
    """Columns that neither file nor form changes once they are filled: a procedure does, which `held_by` names."""
    held_by: Any = ""
    checks: Sequence[Callable[[pl.DataFrame], pl.DataFrame]] = field(default=())
    """Further checks over all rows: canonical frame (`row` and the columns) → frame of PROBLEM_SCHEMA."""

    def __str__(self) -> str:
        return self.code

    @cached_property
    def by_name(self) -> dict[str, Column]:
        """Columns by name."""
        return {column.name: column for column in self.columns}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)

    @cached_property
    def key_columns(self) -> tuple[str, ...]:
        """All columns that take part in matching."""
        return tuple(dict.fromkeys(name for group in self.key for name in group))

    def __post_init__(self) -> None:
        faults = list(_faults(self))
        if faults:
            message = f"Sheet {self.code}: {'; '.join(faults)}"
            raise ValueError(message)


def _faults(sheet: Sheet) -> Sequence[str]:
    names = [column.name for column in sheet.columns]
    found = [f"column {name!r} is declared twice" for name in sorted({name for name in names if names.count(name) > 1})]
    if not re.fullmatch(r"[a-z][a-z0-9_-]*", sheet.code):
        found.append("its code may hold small letters, digits, - and _ only")
    used = [name for group in sheet.key for name in group] + [sheet.title, *filter(None, [sheet.unit_column])]
    used += list(sheet.held)
    used += [name for rule in sheet.rules for name in rule.columns]
    found += [f"there is no column {name!r}" for name in sorted(set(used) - set(names))]
    return found


_registry: dict[str, Sheet] = {}


def register(sheet: Sheet) -> Sheet:
    """Make a sheet known, under its code. Raises ValueError when the code is taken."""
    if _registry.setdefault(sheet.code, sheet) is not sheet:
        message = f"Two sheets have the code {sheet.code!r}."
        raise ValueError(message)
    return sheet


def all() -> list[Sheet]:
    """Every sheet, in the order of the list of templates."""
    return sorted(_registry.values(), key=lambda sheet: (sheet.order, sheet.code))


def get(code: str) -> Sheet:
    """The sheet of that code. Raises KeyError."""
    return _registry[code]
