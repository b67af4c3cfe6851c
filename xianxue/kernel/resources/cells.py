"""Values as a page shows them: formatted, and masked where they identify a person."""

from datetime import date
from typing import Any

from django.db.models import Model

from xianxue.kernel import columns
from xianxue.kernel.columns import Column
from xianxue.kernel.resources import paths
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.tables import Cell, CellKind

RESTRICTED = "••••"
_KINDS: tuple[tuple[type, CellKind], ...] = (
    (columns.Money, "money"),
    (columns.Integer, "number"),
    (columns.Decimal, "number"),
    (columns.Date, "date"),
)


def kind_of(column: Column) -> CellKind:
    """How the column's values are set: to the right, as a date, masked."""
    if column.is_hidden:
        return "masked"
    return next((kind for type_, kind in _KINDS if isinstance(column.type, type_)), "text")


def is_numeric(column: Column) -> bool:
    """Whether the column's head stands to the right."""
    return kind_of(column) in {"number", "money"}


def canonical(row: Any, column: Column) -> str | None:
    """The value as canonical text; None for none."""
    return column.type.from_python(paths.value(row, column.orm_path))


def plain(row: Any, column: Column) -> str:
    """The value as text for reading, unmasked; empty for none."""
    return _read(row, column, mask=False)


def shown(row: Any, column: Column) -> str:
    """The value as text for reading, masked when the column is sealed or restricted."""
    return _read(row, column, mask=column.is_hidden)


def _read(row: Any, column: Column, *, mask: bool) -> str:
    if mask and column.domain:
        # Not even whether there is a value.
        return RESTRICTED
    value = paths.value(row, column.orm_path)
    if isinstance(value, Model):
        # A linked row says its own name: the column's type would look through all that could be meant.
        return str(value)
    return column.display(column.type.from_python(value), mask=mask)


def told(row: Any, column: Column) -> str:
    """Like `shown`, with dates and money as people write them: for pages, where nothing is read back."""
    if column.domain:
        return RESTRICTED
    value = paths.value(row, column.orm_path)
    if isinstance(value, date):
        return formats.china_date(value, year="always")
    if isinstance(column.type, columns.Money):
        return formats.yuan(value)
    return shown(row, column)


def cell(row: Any, column: Column) -> Cell:
    """The value as a cell of a table."""
    return Cell(told(row, column), kind_of(column))
