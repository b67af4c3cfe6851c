"""Workbooks out: text cells only, in the words in which they are accepted back."""

import io
from collections.abc import Sequence

import polars as pl
import rustpy_xlsxwriter

from xianxue.kernel.columns import Column
from xianxue.kernel.sheets.sheet import Sheet

# Excel's own limit.
LONGEST_CELL = 32_767
WIDEST = 40
MARK = "导出编号"


def displayed(column: Column, texts: pl.Series, *, mask: bool) -> pl.Series:
    """Canonical text as people read it; each distinct text is put into words once."""
    distinct = texts.drop_nulls().unique().to_list()
    if not distinct:
        return texts
    words = [column.display(text, mask=mask)[:LONGEST_CELL] for text in distinct]
    return texts.replace_strict(distinct, words, default=None, return_dtype=pl.String)


def export(
    what: Sheet | Sequence[Column], rows: pl.DataFrame, *, title: str = "", reveal: bool = False, mark: str = ""
) -> bytes:
    """An .xlsx of `rows` (canonical text by column name; columns that are not there are left out).

    Sealed columns are masked unless `reveal`. Every cell is text with Excel's quote mark, so that a text that begins
    with = + - @ stays text wherever it is opened; the same file imported again changes nothing. `mark` names the approval
    under which the rows leave the house.
    """
    columns = what.columns if isinstance(what, Sheet) else what
    title = title or (str(what.label) if isinstance(what, Sheet) else "Sheet1")
    shown = [column for column in columns if column.name in rows.columns]
    data = [
        displayed(column, rows[column.name].cast(pl.String), mask=column.sealed and not reveal).alias(str(column.label))
        for column in shown
    ]
    widths = {str(column.label): float(min(WIDEST, column.type.width)) for column in shown}
    frame = pl.DataFrame(data)
    if mark:
        # On every row, so that it stays with rows that are copied out of the file.
        frame = frame.with_columns(pl.lit(mark).alias(MARK))
    return text_workbook(frame, title, widths, mark=mark)


def text_workbook(frame: pl.DataFrame, title: str, widths: dict[str, float] | None = None, *, mark: str = "") -> bytes:
    """An .xlsx of text cells; the names of the frame's columns are the heads, `mark` is printed on every page."""
    text = rustpy_xlsxwriter.Format().set_num_format("@").set_quote_prefix()
    head = rustpy_xlsxwriter.Format().set_bold().set_text_wrap()
    buffer = io.BytesIO()
    rustpy_xlsxwriter.write_worksheet(
        frame,
        buffer,
        sheet_name=sheet_name(title),
        column_formats=dict.fromkeys(frame.columns, text),
        header_format=head,
        column_widths=widths or None,
        freeze_row=1,
        page_setup={"header": f"&C{mark}", "footer": f"&C{mark}"} if mark else None,
    )
    return buffer.getvalue()


def sheet_name(title: str) -> str:
    """A name that Excel accepts for a sheet."""
    return "".join("-" if letter in "[]:*?/\\" else letter for letter in title)[:31] or "Sheet1"
