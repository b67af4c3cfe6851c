"""The pupils' side of their sheet."""

from collections.abc import Collection, Mapping, Sequence

import polars as pl

from xianxue.kernel.sheets.writer import Context, Resolution, Writer
from xianxue.organisations.selectors import reference_day
from xianxue.people.access import KEEPS
from xianxue.people.choices import ExitReason
from xianxue.people.services.dates import day_of
from xianxue.people.services.pupils import change, close, current, insert, resolve


class PupilWriter(Writer):
    """Pupils with their guardians; a record's `id` is the person's, its unit the school of the open enrolment."""

    subject_type = "people.person"
    grant = KEEPS
    closes = True

    def resolve(self, rows: pl.DataFrame, context: Context) -> Resolution:
        return resolve.resolve(rows, context)

    def current(self, ids: Sequence[int], *, reveal: Collection[str] = ()) -> pl.DataFrame:
        return current.current(ids, reference_day(), reveal)

    def insert(self, rows: pl.DataFrame, context: Context) -> Sequence[int]:
        return insert.insert(rows, day_of(context))

    def change(self, cells: pl.DataFrame, context: Context) -> None:
        change.change(cells, day_of(context))

    def remove(self, ids: Sequence[int], context: Context) -> Mapping[int, str]:
        return close.remove(ids, context.by.via)

    def roster(self, unit_ids: Collection[int]) -> pl.DataFrame:
        return close.roster(unit_ids)

    def close(self, ids: Sequence[int], context: Context) -> None:
        close.close(ids, day_of(context), context.options.get("exit_reason") or ExitReason.TRANSFERRED)

    def reopen(self, ids: Sequence[int], context: Context) -> Mapping[int, str]:
        return close.reopen(ids)
