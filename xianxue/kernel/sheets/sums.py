"""What the rows of a group add up to, against one total: parts of an amount, seats of a class, shares of a whole."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

import polars as pl

from xianxue.kernel.sheets.problems import problem_rows

Totals = Callable[[Collection[str]], Mapping[str, int]]


@dataclass(frozen=True)
class SumRule:
    """The whole numbers of a column, added over the rows that share the text of `group`, must not exceed a total.

    What counts is what would stand in the records: the file's rows, and those records of the group that it does not
    name. `totals`: canonical texts of `group` → the total of each, where there is one, by one query; money in 分.
    `exactly`: what falls short is wrong, too. `code`: the problem of every row of the file in such a group, at `column`;
    its message calls the total `%(other)s`.
    """

    code: str
    column: str
    group: str
    totals: Totals
    exactly: bool = False

    def problems(self, frame: pl.DataFrame, recorded: pl.DataFrame, display: Callable[[str], str]) -> pl.DataFrame:
        """`frame`: matched rows; `recorded`: `id`, group and column of all records of the frame's groups, as text."""
        others = recorded.join(frame.select("id").drop_nulls(), on="id", how="anti")
        before = recorded.select("id", _before=pl.col(self.column))
        # An empty cell of a workbook leaves what is there.
        given = frame.join(before, on="id", how="left", maintain_order="left").with_columns(
            pl.coalesce(self.column, "_before").alias(self.column)
        )
        every = pl.concat([part.select(self.group, self.column) for part in (others, given)]).drop_nulls(self.group)
        sums = every.group_by(self.group).agg(_sum=pl.col(self.column).cast(pl.Int64, strict=False).sum())
        totals = self.totals(sums[self.group].to_list())
        known = pl.DataFrame(
            [(key, total, display(str(total))) for key, total in totals.items()],
            schema={self.group: pl.String, "_total": pl.Int64, "_shown": pl.String},
            orient="row",
        )
        both = frame.join(sums.join(known, on=self.group), on=self.group, how="left", maintain_order="left")
        differs = pl.col("_sum") != pl.col("_total") if self.exactly else pl.col("_sum") > pl.col("_total")
        return problem_rows(both, self.code, self.column, differs, other=pl.col("_shown"))
