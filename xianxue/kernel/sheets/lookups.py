"""What the cells of a column name by a number of their unit: looked up for all rows at once, and told where unknown."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import polars as pl
from django.db.models import QuerySet

from xianxue.kernel.sheets.problems import NOTHING, problem_rows


@dataclass(frozen=True)
class Agreement:
    """A cell of the row that must say the same as what was looked up, such as the name that goes with a number.

    `given`: the sheet's column; `known`: a column of `Lookup.also`; `code`: the problem, shown at `at` (default: `given`).
    `tells`: whether the message may say what is known (`%(other)s`).
    """

    given: str
    known: str
    code: str
    at: str = ""
    tells: bool = False

    def problems(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Rows that say otherwise; who leaves the cell empty says nothing."""
        other = pl.col(self.known) if self.tells else NOTHING
        return problem_rows(
            frame, self.code, self.at or self.given, pl.col(self.known) != pl.col(self.given), other=other
        )


@dataclass(frozen=True)
class Lookup:
    """A column whose cells name a record by its number within the row's unit: 工号, 议题编号, 合同编号.

    `rows`: the records that can be meant, in reach, made anew for every check; ordered, where a number was given again:
    the last one counts. `unit` and `number` are their ORM paths, `key` that of what is kept: in `fills`, a field of the
    sheet's model (a `ModelWriter` writes it; empty: the number itself is kept). The frame gains the key as `_<column>`
    and the paths of `also` under their names, which begin with `_`. `code`: the problem of a number that the unit has not.
    """

    column: str
    rows: Callable[[], "QuerySet[Any]"]
    code: str
    number: str = "number"
    unit: str = "unit_id"
    key: str = "pk"
    fills: str = ""
    also: Mapping[str, str] = field(default_factory=dict)
    agreements: Sequence[Agreement] = ()

    @property
    def into(self) -> str:
        """The column of the frame that holds the key."""
        return f"_{self.column}"

    def named(self, units: Sequence[int], texts: Sequence[str]) -> pl.DataFrame:
        """The records that the texts name in these units: `unit_id`, the column, the key, `also`. One query.

        Replace it where a cell may name a record by more than one field.
        """
        paths = (self.unit, self.number, self.key, *self.also.values())
        rows = self.rows().filter(**{f"{self.unit}__among": units, f"{self.number}__among": texts})
        return self.table(rows.values_list(*paths) if units and texts else ())

    def table(self, rows: Any) -> pl.DataFrame:
        """The frame of tuples (unit, number, key, further facts); of a number that is there twice the last."""
        texts = dict.fromkeys(self.also, pl.String)
        schema = {"unit_id": pl.Int64, self.column: pl.String, self.into: pl.Int64, **texts}
        found = pl.DataFrame(list(rows), schema=schema, orient="row")
        return found.unique(("unit_id", self.column), keep="last", maintain_order=True)

    def joined(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The frame (with `unit_id` and the column) with what its numbers name; null where they name nothing."""
        units = frame["unit_id"].drop_nulls().unique().to_list()
        texts = frame[self.column].drop_nulls().unique().to_list()
        known = self.named(units, texts)
        return frame.join(known, on=("unit_id", self.column), how="left", maintain_order="left")

    def problems(self, frame: pl.DataFrame) -> Iterator[pl.DataFrame]:
        """Rows, joined, that name what their unit has not, or contradict it. A row without a unit has said enough."""
        placed = frame.filter(pl.col("unit_id").is_not_null())
        is_unknown = pl.col(self.column).is_not_null() & pl.col(self.into).is_null()
        yield problem_rows(placed, self.code, self.column, is_unknown)
        for agreement in self.agreements:
            yield agreement.problems(placed)
