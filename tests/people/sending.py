"""Sends rows of text to a sheet as an import does: cells checked, rows matched, differences written in a command."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl

from xianxue.kernel.access import Actor, Reach, in_reach
from xianxue.kernel.commands import command, nothing_changed
from xianxue.kernel.sheets.checking.cells import check_cells
from xianxue.kernel.sheets.checking.records import changed_cells
from xianxue.kernel.sheets.checking.run import Result, examine
from xianxue.kernel.sheets.choices import Outcome
from xianxue.kernel.sheets.sheet import Sheet
from xianxue.kernel.sheets.writer import Context

CLERK = Actor(user_id=None, label="测试员", via="import:1")


@dataclass
class Sending:
    """A sender with a reach, and the sheet; `options` as the sender chooses them."""

    sheet: Sheet
    reach: Reach
    options: Mapping[str, str] = field(default_factory=dict)
    unit_id: int | None = None

    @property
    def context(self) -> Context:
        return Context(CLERK, unit_id=self.unit_id, options=self.options)

    def check(self, *rows: Mapping[str, Any]) -> Result:
        """What the rows (column → cell text) would do."""
        names = [name for name in self.sheet.names if any(name in row for row in rows)]
        staged = pl.DataFrame(
            {"row": range(2, len(rows) + 2)}
            | {f"c{place}": [_cell(row.get(name)) for row in rows] for place, name in enumerate(names)},
            schema={"row": pl.UInt32} | {f"c{place}": pl.String for place in range(len(names))},
        )
        with in_reach(self.reach):
            checked = check_cells(staged, self.sheet, {name: place for place, name in enumerate(names)})
            return examine(checked, self.sheet, self.context, present=names)

    def problems(self, *rows: Mapping[str, Any]) -> list[tuple[int, str, str | None]]:
        """(row, code, column) of every problem."""
        return sorted(self.check(*rows).problems.select("row", "code", "column").rows())

    def send(self, *rows: Mapping[str, Any]) -> dict[str, int]:
        """Write what is right; returns how many rows had which outcome."""
        result = self.check(*rows)
        with in_reach(self.reach):
            self._write(result)
        return dict(result.rows.group_by("outcome").len().rows())

    def _write(self, result: Result) -> None:
        new = result.rows.filter(pl.col("outcome") == Outcome.NEW)
        changed = result.rows.filter(pl.col("outcome") == Outcome.CHANGED).select("row")
        writer, context = self.sheet.writer, self.context
        if new.height:
            run(lambda: writer.insert(new.drop("outcome", "id"), context))
        cells = result.cells.join(changed, on="row", how="semi")
        if cells.height:
            run(lambda: writer.change(cells.drop("row"), context))

    def undo(self, result: Result) -> None:
        """Write the old cells of a check back: sealed columns by the text that they had."""
        raise NotImplementedError

    def old_cells(self, result: Result) -> pl.DataFrame:
        """The changed cells of a check with the old text of sealed columns, as an import keeps them for its undoing."""
        names = result.cells["column"].unique().to_list()
        sealed = [column.name for column in self.sheet.columns if column.sealed]
        with in_reach(self.reach):
            return changed_cells(result.rows, self.sheet, names, blank_clears=False, reveal=sealed)


def _cell(value: Any) -> str | None:
    return None if value is None else str(value)


@command("tests.write_rows", label="写入测试行")
def _write_rows(write: Any, *, by: Actor) -> Any:
    nothing_changed()
    return write()


def run(write: Any) -> Any:
    """Run a writing method of a writer inside a command."""
    return _write_rows(write, by=CLERK)


def row_of(rows: Sequence[dict[str, Any]], **changes: Any) -> dict[str, Any]:
    """The first row with changes."""
    return rows[0] | changes
