"""A register as a workbook: what the list shows, masked, or all columns of its sheet for sending in again."""

import re
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from itertools import islice
from typing import Any

from django.http import QueryDict
from rustpy_xlsxwriter import write_worksheet

from xianxue.kernel import columns, sheets
from xianxue.kernel.access import Actor
from xianxue.kernel.columns import Column
from xianxue.kernel.resources import cells, services
from xianxue.kernel.resources.asked import Asked, read
from xianxue.kernel.resources.register import Register

BATCH = 2_000
Value = str | int | float | None
# A spreadsheet takes text that begins so for a formula once the file is saved as CSV and opened again.
FORMULA = re.compile(r"^(?:[=@\t\r]|[+-](?!\d))")
NOT_IN_SHEET_NAMES = re.compile(r"[\[\]:*?/\\']")


def safe(text: str) -> str:
    """Text that no spreadsheet takes for a formula; our own import drops the mark again."""
    return f"'{text}" if FORMULA.match(text) else text


def workbook(name: str, headings: Sequence[str], rows: Iterable[Sequence[Value]], widths: Sequence[int]) -> bytes:
    """An .xlsx file with one sheet. Text stays text, so that numbers of 18 digits survive."""
    records = [dict(zip(headings, row, strict=True)) for row in rows]
    target = BytesIO()
    write_worksheet(
        iter(records or [dict.fromkeys(headings)]),
        target,
        sheet_name=NOT_IN_SHEET_NAMES.sub(" ", name)[:31],
        freeze_row=1,
        bold_headers=True,
        autofilter=True,
        column_widths=dict(zip(headings, widths, strict=True)),
    )
    return target.getvalue()


def as_seen(asked: Asked) -> bytes:
    """All rows that the list shows, in its order and columns; sealed values masked as on the page."""
    register = asked.register
    return workbook(
        str(register.label),
        [str(column.label) for column in asked.columns],
        ([_value(row, column) for column in asked.columns] for row in _rows(asked)),
        [column.type.width for column in asked.columns],
    )


def as_sheet(asked: Asked, *, by: Actor) -> bytes:
    """The rows that the list shows, with every column of the register's sheet, so that they can be sent in again.

    Sealed values are written in full and leave a record; the caller has checked the grant `reveal`.
    """
    register = asked.register
    sheet = sheets.get(register.sheet)
    sealed = [column.name for column in sheet.columns if column.sealed]
    records = [register.record_of(row) for row in _rows(asked, ())]
    if sealed:
        services.record_export(register, rows=len(records), by=by)
    return workbook(
        str(sheet.label),
        [str(column.label) for column in sheet.columns],
        _texts(sheet, records, sealed),
        [column.type.width for column in sheet.columns],
    )


def _texts(sheet: sheets.Sheet, records: Sequence[int], sealed: Sequence[str]) -> Iterator[list[Value]]:
    for batch in batched(records, BATCH):
        now = sheet.writer.current(batch, reveal=sealed)
        found = {row["id"]: row for row in now.iter_rows(named=True)}
        for record in batch:
            if record in found:
                yield [safe(column.display(found[record][column.name], mask=False)) for column in sheet.columns]


def batched(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of at most so many items (itertools has it from Python 3.12)."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def _rows(asked: Asked, columns_shown: Sequence[Column] | None = None) -> Iterator[Any]:
    keys = list(asked.rows().values_list("pk", flat=True))
    shown = asked.columns if columns_shown is None else columns_shown
    for batch in batched(keys, BATCH):
        visible = asked.register.visible(asked.on).filter(pk__in=batch)
        by_key = {row.pk: row for row in asked.register.fetched(visible, shown, asked.on)}
        yield from (by_key[key] for key in batch if key in by_key)


def _value(row: Any, column: Column) -> Value:
    if isinstance(column.type, columns.Integer | columns.Money) and not column.sealed:
        number = cells.canonical(row, column)
        if number is None:
            return None
        return int(number) / 100 if isinstance(column.type, columns.Money) else int(number)
    return safe(cells.shown(row, column)) or None


def export_register(register: Register, *, by: Actor) -> bytes:
    """A whole register as the reach now in force sees it, masked: for the command line."""
    del by
    return as_seen(read(register, QueryDict("&".join(f"columns={column.name}" for column in register.columns))))
