"""The staff's side of their sheet."""

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from xianxue.kernel.sheets import Context, Resolution, Writer
from xianxue.people.access import KEEPS
from xianxue.people.services.dates import day_of
from xianxue.people.services.staff import current, resolve, write


class StaffWriter(Writer):
    """Posts of staff; a record's `id` is the post's, for one person may hold posts at two schools."""

    subject_type = "people.staffpost"
    grant = KEEPS

    def resolve(self, rows: pl.DataFrame, context: Context) -> Resolution:
        return resolve.resolve(rows, context)

    def current(self, ids: Sequence[int], *, reveal: Collection[str] = ()) -> pl.DataFrame:
        return current.current(ids, reveal)

    def insert(self, rows: pl.DataFrame, context: Context) -> Sequence[int]:
        return write.insert(rows, day_of(context))

    def change(self, cells: pl.DataFrame, context: Context) -> None:
        write.change(cells)

    def remove(self, ids: Sequence[int], context: Context) -> Mapping[int, str]:
        return write.remove(ids, context.by.via)
