"""A register as a workbook: what the list shows, masked, or all columns of its sheet for sending in again."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

import polars as pl
from django.http import QueryDict

from xianxue.kernel import sheets
from xianxue.kernel.access import Actor
from xianxue.kernel.columns import Column
from xianxue.kernel.resources import cells, exports, reading, services
from xianxue.kernel.resources.asked import Asked, read
from xianxue.kernel.resources.register import Register
from xianxue.kernel.sheets.export import export, text_workbook

BATCH = 2_000


def as_seen(asked: Asked) -> bytes:
    """All rows that the list shows, in its order and columns; sealed values masked as on the page."""
    shown = asked.columns
    reading.note_list(asked, asked.rows().count())
    frame = pl.DataFrame(
        [[cells.shown(row, column) or None for column in shown] for row in _rows(asked)],
        schema={str(column.label): pl.String for column in shown},
        orient="row",
    )
    widths = {str(column.label): float(column.type.width) for column in shown}
    return text_workbook(frame, str(asked.register.label), widths)


def as_sheet(asked: Asked, *, by: Actor, mark: str = "") -> bytes:
    """The rows that the list shows, with every column of the register's sheet, so that they can be sent in again.

    Sealed values are written in full and leave a record; the caller has checked the grant `reveal`, the purpose and the
    approval, whose `mark` stands on every row.
    """
    register, sheet = asked.register, sheets.get(asked.register.sheet)
    sealed = [column.name for column in sheet.columns if column.sealed]
    records = [register.record_of(row) for row in _rows(asked, ())]
    if sealed:
        services.record_export(register, rows=len(records), by=by, mark=mark)
    exports.note_export(asked, len(records), reading.unit_of_reader(asked.register.export_grant), mark=mark)
    frames = [sheet.writer.current(batch, reveal=sealed) for batch in batched(records, BATCH)]
    empty = pl.DataFrame(schema={"id": pl.Int64, **dict.fromkeys(sheet.names, pl.String)})
    order = pl.DataFrame({"id": records}, schema={"id": pl.Int64})
    rows = order.join(pl.concat([empty, *(frame.select(empty.columns) for frame in frames)]), on="id", how="inner")
    return export(sheet, rows.drop("id"), reveal=True, mark=mark)


def batched(items: Iterable[Any], size: int) -> Iterator[list[Any]]:
    """Lists of at most so many items (itertools has it from Python 3.12)."""
    rest = iter(items)
    while batch := list(islice(rest, size)):
        yield batch


def _rows(asked: Asked, columns: Sequence[Column] | None = None) -> Iterator[Any]:
    keys = list(asked.rows().values_list("pk", flat=True))
    shown = asked.columns if columns is None else columns
    for batch in batched(keys, BATCH):
        visible = asked.register.visible(asked.on).filter(pk__in=batch)
        by_key = {row.pk: row for row in asked.register.fetched(visible, shown, asked.on)}
        yield from (by_key[key] for key in batch if key in by_key)


def export_register(register: Register, *, by: Actor) -> bytes:
    """A whole register as the reach now in force sees it, masked: for the command line."""
    del by
    return as_seen(read(register, QueryDict("&".join(f"columns={column.name}" for column in register.columns))))
