"""The lines of a unit: rows with what their records hold, and those of which there is no record yet."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

from xianxue.kernel import sheets
from xianxue.kernel.resources import cells
from xianxue.kernel.resources.grid import Grid
from xianxue.kernel.resources.register import Register
from xianxue.kernel.sheets.several import CellTexts, Texts, marks, records_of

MOST = 120
"""So many lines are one form; a browser without scripts sends every cell of it, and Django takes a thousand."""


@dataclass(frozen=True)
class Line:
    """One line: its record (None: there is none yet), what is shown of it, what its cells say, and their marks."""

    line: str
    title: str
    facts: Sequence[str]
    texts: Texts
    pk: int | None = None
    href: str = ""
    fixed: Mapping[str, str] = field(default_factory=dict)
    known: Mapping[str, str | None] = field(default_factory=dict)
    """Canonical texts of the record, or those that a new one will have."""
    seen: Texts = field(default_factory=dict)


def units_of(register: Register, grid: Grid) -> "QuerySet[Any]":
    """The units of which the person now acting may fill in lines."""
    return grid.units(register.scope(register.change))


def lines_of(register: Register, grid: Grid, unit: Any) -> list[Line]:
    """The lines of a unit: rows that the person may change, in the register's order, then those without a record."""
    rows = register.visible().filter(register.by_default((), None), **{grid.path: unit.pk})
    shown = [register.by_name[name] for name in grid.fixed]
    changeable = register.within(rows, register.change).order_by(*register.order)[:MOST]
    known = register.fetched(changeable, shown)
    lines = [*_recorded(register, grid, known), *_missing(register, grid, unit, known)][:MOST]
    if (key := grid.sort) is None:
        return lines
    return sorted(lines, key=lambda line: key(line.known))


def _recorded(register: Register, grid: Grid, rows: Sequence[Any]) -> Iterable[Line]:
    sheet = sheets.get(register.sheet)
    records = records_of(sheet, [register.record_of(row) for row in rows], grid.columns)
    by_id = {record["id"]: record for record in records.iter_rows(named=True)}
    # A row whose record the writer does not tell of, such as one that is over, is not filled in.
    told = [(row, by_id[pk]) for row in rows if (pk := register.record_of(row)) in by_id]
    shown, texts = [register.by_name[name] for name in grid.fixed], CellTexts(sheet, grid.columns)
    pages = [texts.of(record) for _row, record in told]
    seen = marks((record["id"], page) for (_row, record), page in zip(told, pages, strict=True))
    for (row, record), page, mark in zip(told, pages, seen, strict=True):
        title, *facts = (cells.told(row, column) for column in shown)
        href = register.url("detail", row.pk)
        yield Line(str(record["id"]), title, facts, page, record["id"], href, known=record, seen=mark)


def _missing(register: Register, grid: Grid, unit: Any, rows: Sequence[Any]) -> Iterable[Line]:
    by_name = sheets.get(register.sheet).by_name
    for new in grid.missing(unit, rows) if grid.missing else ():
        title, *facts = (by_name[name].display(new.cells.get(name)) for name in grid.fixed)
        yield Line(new.line, title, facts, dict.fromkeys(grid.columns, ""), fixed=new.cells, known=new.cells)
