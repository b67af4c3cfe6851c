"""The domain's side of a sheet: how rows are matched with records, compared with them and written."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

import polars as pl

from xianxue.kernel.access import Actor, Grant, nobody
from xianxue.kernel.sheets.problems import no_problems


@dataclass(frozen=True)
class Context:
    """What a writer may know beside the rows.

    `unit_id`: the unit of rows that do not name one (chosen by the sender, or recognised from the file).
    `options`: the sender's choices, such as {"full_roster": "1"}.
    `is_form`: the rows come from a form of one row; `record_id` is then the record that the form is about, and a
    writer matches the row with it, whatever its keys say (None: a new record). `record_ids`: the same for a form of many
    rows (row → record). A writer asks `records`, which knows both.
    `holds_back`: whether held columns wait for their procedure; the procedure itself says no.
    """

    by: Actor
    unit_id: int | None = None
    options: Mapping[str, str] = field(default_factory=dict)
    is_form: bool = False
    record_id: int | None = None
    holds_back: bool = True
    record_ids: Mapping[int, int] = field(default_factory=dict)

    @property
    def is_about_records(self) -> bool:
        """Whether the form itself says which record each row is, so that a row needs no key."""
        return self.record_id is not None or bool(self.record_ids)

    def records(self, rows: pl.DataFrame) -> pl.Series:
        """The record of every row (`row`), as far as the form says; what keys say comes first."""
        if not self.is_about_records:
            return pl.Series("id", [None] * rows.height, dtype=pl.Int64)
        known = [self.record_ids.get(row, self.record_id) for row in rows["row"]]
        return pl.Series("id", known, dtype=pl.Int64)

    def unit_of(self, name: str) -> pl.Expr:
        """The unit that a Reference column names, else that of rows that name none: `unit_id`."""
        return pl.coalesce(pl.col(name).cast(pl.Int64, strict=False), pl.lit(self.unit_id, dtype=pl.Int64))


BEYOND_SCHEMA: dict[str, pl.DataType] = {"row": pl.UInt32(), "code": pl.String(), "subject_id": pl.Int64()}


def nothing_beyond() -> pl.DataFrame:
    """An empty frame of what tells of records beyond the sender's reach."""
    return pl.DataFrame(schema=BEYOND_SCHEMA)


@dataclass(frozen=True)
class Resolution:
    """How rows relate to records.

    `rows`: `row` (UInt32), `id` (Int64; null: there is no such record yet), `unit_id` (Int64; null: no unit), and, where
    the writer wants it, columns of the sheet with better canonical text (a class name turned into its primary key) and
    columns of its own, whose names begin with `_`; both come back in `insert` and are compared with `current`.
    Every row that came in must be there once. `problems`: columns of PROBLEM_SCHEMA (others may be left out).
    `beyond`: which of the problems tell that a record exists which the sender does not see (BEYOND_SCHEMA); they are kept.
    """

    rows: pl.DataFrame
    problems: pl.DataFrame = field(default_factory=no_problems)
    beyond: pl.DataFrame = field(default_factory=nothing_beyond)


class Writer:
    """The domain's side of a sheet. Subclass it; only `resolve`, `current`, `insert`, `change` and `remove` are needed.

    All values are canonical text (`kernel.columns`). Writing methods run inside one command per chunk (about 2,000
    rows) with the log locked; the pipeline records the history, one event per row, so a writer writes rows alone
    (`kernel.bulk`). They must be set-based: a fixed number of statements per chunk, none per row.
    A writer raises `Refused` to stop a whole chunk, with a sentence for the sender.
    """

    subject_type: ClassVar[str] = ""
    """Subject of the events, such as `people.person`; `id` is its primary key."""
    grant: ClassVar[Grant] = nobody
    """Who may write, and rows of which units. Rows of units outside count as unknown units."""
    closes: ClassVar[bool] = False
    """Whether a full roster can close the records that it leaves out (`roster`, `close`)."""

    def resolve(self, rows: pl.DataFrame, context: Context) -> Resolution:
        """Match rows with records, by the sheet's keys in their order, and find what contradicts the records.

        `rows`: `row` and one String column for every column of the sheet (null where the file has none or the cell is
        wrong). Called for the whole file, for one row of a form, and again for every chunk before it is written, so
        its cost must follow the number of rows. Runs in the sender's reach.
        """
        raise NotImplementedError

    def current(self, ids: Sequence[int], *, reveal: Collection[str] = ()) -> pl.DataFrame:
        """What the records hold now: `id` (Int64) and a String column for every column of the sheet.

        Sealed columns give their stored digest (`kernel.crypto.digest(column.digest_space, text)`), or the text itself
        when named in `reveal`. Records that do not exist are left out. Cost follows the number of ids.
        """
        raise NotImplementedError

    def refused(self, rows: pl.DataFrame, names: Collection[str], *, blank_clears: bool) -> pl.DataFrame:
        """Rows that the table itself would refuse, as problems (`Resolution.problems`): told before anything is written.

        `rows` as `resolve` gave them, `names`: columns that the file has, `blank_clears`: whether an empty cell empties
        the record's field. What is not told here is told when it is written, and keeps its row alone from being so.
        """
        return no_problems()

    def insert(self, rows: pl.DataFrame, context: Context) -> Sequence[int]:
        """Write new records; returns their primary keys in the order of the rows.

        `rows`: `row`, `unit_id`, every column of the sheet, and what `resolve` added under names with `_`.
        """
        raise NotImplementedError

    def change(self, cells: pl.DataFrame, context: Context) -> None:
        """Write changed cells: `id` (Int64), `unit_id`, `column`, `old`, `new` (String; null clears the cell).

        Also used to undo, with `old` and `new` exchanged.
        """
        raise NotImplementedError

    def remove(self, ids: Sequence[int], context: Context) -> Mapping[int, str]:
        """Remove records that an import made, to undo it. Returns those that must stay, with the reason as a sentence.

        The pipeline has made sure that nobody changed their cells since.
        """
        raise NotImplementedError

    def roster(self, unit_ids: Collection[int]) -> pl.DataFrame:
        """All records that a full roster of these units would name: `id`, `unit_id`, `label`. Only where `closes`."""
        raise NotImplementedError

    def close(self, ids: Sequence[int], context: Context) -> None:
        """Close the records that a full roster leaves out (they are never deleted). Only where `closes`."""
        raise NotImplementedError

    def reopen(self, ids: Sequence[int], context: Context) -> Mapping[int, str]:
        """Undo `close`; returns those that must stay closed, with the reason. Only where `closes`."""
        raise NotImplementedError
