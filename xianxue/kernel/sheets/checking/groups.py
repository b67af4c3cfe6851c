"""Equal problems together, with the mend that would put a whole group right."""

import re
from collections.abc import Iterator
from typing import Any

import polars as pl

from xianxue.kernel.columns import Column, problem_kind
from xianxue.kernel.sheets.sheet import Sheet

LIMIT = 200
# A number that Excel rounded tells nobody's number any more; the sender must see what became of it.
ROUNDED = re.compile(r"\d(?:\.\d{1,6})?[eE]\+?\d{1,2}")
# Problems that are the same problem only where the cell says the same.
BY_VALUE = ("P2", "P5")


def grouped(problems: pl.DataFrame, sheet: Sheet) -> list[dict[str, Any]]:
    """Groups as plain data for the job, the largest errors first, warnings last."""
    by_value = pl.any_horizontal([pl.col("code").str.starts_with(prefix) for prefix in BY_VALUE])
    sealed = [column.name for column in sheet.columns if column.sealed]
    # What is sealed makes no group of its own: the group stands in the job, and its value in an address.
    plain = ~pl.col("column").is_in(sealed).fill_null(value=False)
    shape = pl.when(by_value & plain).then(pl.col("value"))
    found = (
        problems.sort("row")
        .group_by("code", "column", shape.alias("shape"), maintain_order=True)
        .agg(
            count=pl.col("row").n_unique(),
            row=pl.col("row").first(),
            value=pl.col("value").first(),
            other=pl.col("other").first(),
            suggestion=pl.col("suggestion").drop_nulls().first(),
        )
        .with_columns(is_warning=pl.col("code").str.starts_with("W"))
        .sort("is_warning", "count", "code", descending=[False, True, False], maintain_order=True)
        .head(LIMIT)
    )
    return [_described(group, sheet) for group in found.iter_rows(named=True)]


def _described(group: dict[str, Any], sheet: Sheet) -> dict[str, Any]:
    column = sheet.by_name.get(group["column"] or "")
    plain = {name: group[name] for name in ("code", "column", "shape", "count", "row", "value", "other")}
    if column is not None and column.sealed and group["value"]:
        plain["value"] = shown_value(column, group["value"])
    return plain | {"mends": list(_mends(group, column))}


def _mends(group: dict[str, Any], column: Column | None) -> Iterator[dict[str, str]]:
    if column is None:
        return
    if group["shape"] and group["code"].startswith("P2") and (better := column.type.suggest(group["shape"])):
        yield {"column": column.name, "from": group["shape"], "to": better}
    if group["suggestion"]:
        yield {"column": column.name, "rule": group["code"], "example": shown_value(column, group["suggestion"])}


def facts(group: dict[str, Any], sheet: Sheet) -> dict[str, str]:
    """Facts for the sentences about a group; sealed values masked."""
    column = sheet.by_name.get(group["column"] or "")
    value = group["value"] or ""
    return {
        "label": str(column.label) if column else "",
        "value": shown_value(column, value),
        "expected": column.type.expected() if column else "",
        "other": group["other"] or "",
        "count": str(group["count"]),
    }


def shown_value(column: Column | None, value: str) -> str:
    """A cell's text as a problem may show it: what identifies stays masked, and long prose is cut."""
    if column is not None and column.sealed and not ROUNDED.fullmatch(value):
        return column.type.masked(value) if value else ""
    return value if len(value) <= 40 else f"{value[:40]}…"


def sentence(problem: dict[str, Any], sheet: Sheet) -> str:
    """The full sentence about one cell: what is wrong and what to do."""
    kind = problem_kind(problem["code"])
    known = facts(problem | {"count": 1}, sheet)
    return kind.sentence(**known) + kind.advice(**known)
