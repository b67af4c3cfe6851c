"""Writing files as schools have them: our template, the national export, a school's own list, CSV from old machines."""

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

import polars as pl
from rustpy_xlsxwriter import write_worksheet

from xianxue.demo.names import DATA

TEMPLATE: Final = "template"
NATIONAL: Final = "national"
SCHOOL: Final = "school"
CSV: Final = "csv"

# Old machines save CSV in the code page of the system.
_CSV_ENCODING: Final = "gbk"
_EXCEL_DATE: Final = "yyyy-mm-dd"


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as a foreign layout has it: a group's head above it, and a field or a constant below."""

    text: str
    group: str
    field: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Layout:
    """A foreign layout: sheet name, title above the heads, columns; `dates` is how it writes days and months."""

    sheet: str
    title: str
    headings: tuple[Heading, ...]
    dates: tuple[str, str]


@cache
def layout(name: str) -> Layout:
    """Return the national or the school's own layout from `data/layouts.toml`."""
    data = tomllib.loads((DATA / "layouts.toml").read_text(encoding="utf-8"))[name]
    groups = data.get("groups") or [{"heading": "", "columns": data["columns"]}]
    headings = tuple(
        Heading(column["heading"], group["heading"], column.get("field", ""), column.get("value"))
        for group in groups
        for column in group["columns"]
    )
    dates = ("%Y%m%d", "%Y%m") if name == NATIONAL else ("%Y.%-m.%-d", "%Y.%-m")
    return Layout(data["sheet"], data["title"], headings, dates)


def write_template(frame: pl.DataFrame, labels: dict[str, str], path: Path, sheet: str) -> None:
    """Write a frame of field names under the template's headings; days are real dates."""
    renamed = frame.select(pl.col(name).alias(label) for name, label in labels.items())
    write_worksheet(renamed, path, sheet, datetime_format=_EXCEL_DATE, freeze_row=1, column_width=14)


def write_rows(rows: Sequence[dict[str, Any]], labels: dict[str, str], path: Path, sheet: str) -> None:
    """Write rows cell by cell, so that a column may hold text and numbers side by side, as spoiled files do.

    Days become text: the writer formats whole columns, and a day that has become a bare number must stay bare.
    """
    records = [
        {label: row[name].isoformat() if isinstance(row[name], date) else row[name] for name, label in labels.items()}
        for row in rows
    ]
    write_worksheet(records, path, sheet, float_format="0.00000E+00")


def write_foreign(frame: pl.DataFrame, name: str, path: Path, title: str) -> None:
    """Write a frame in the national or a school's own layout, titles and merged heads above the columns."""
    plan = layout(name)
    days = _dates_as_text(frame, *plan.dates)
    unique = _unique(plan.headings)
    columns = [
        (pl.col(heading.field) if heading.field else pl.lit(heading.value, dtype=pl.String)).alias(text)
        for heading, text in zip(plan.headings, unique, strict=True)
    ]
    last = len(columns) - 1
    merges: list[Any] = [(0, 0, 0, last, f"{title}{plan.title}"), *_group_merges(plan.headings)]
    write_worksheet(
        days.select(columns),
        path,
        plan.sheet,
        header_row=2 if len(merges) > 1 else 1,
        merge_ranges=merges,
        column_width=13,
    )


def write_csv(frame: pl.DataFrame, labels: dict[str, str], path: Path) -> None:
    """Write CSV in the old code page, with Windows line ends and slashes in dates."""
    days = _dates_as_text(frame, "%Y/%-m/%-d", "%Y/%-m")
    text = days.select(pl.col(name).alias(label) for name, label in labels.items()).write_csv(line_terminator="\r\n")
    path.write_bytes(text.encode(_CSV_ENCODING))


def _dates_as_text(frame: pl.DataFrame, day: str, month: str) -> pl.DataFrame:
    months = [name for name in ("entered_on",) if name in frame.columns]
    return frame.with_columns(
        pl.col(name).dt.strftime(month if name in months else day)
        for name, kind in frame.schema.items()
        if kind == pl.Date
    )


def _unique(headings: Sequence[Heading]) -> list[str]:
    """Return the heading texts; a repeated one gets spaces behind it, because a frame's columns need names apart."""
    seen: dict[str, int] = {}
    texts = []
    for heading in headings:
        count = seen[heading.text] = seen.get(heading.text, -1) + 1
        texts.append(heading.text + " " * count)
    return texts


def _group_merges(headings: Sequence[Heading]) -> list[tuple[int, int, int, int, str]]:
    merges: list[tuple[int, int, int, int, str]] = []
    for at, heading in enumerate(headings):
        if not heading.group:
            continue
        if merges and merges[-1][4] == heading.group:
            row, first, _, _, text = merges[-1]
            merges[-1] = (row, first, row, at, text)
        else:
            merges.append((1, at, 1, at, heading.group))
    return merges
