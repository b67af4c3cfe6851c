"""Every sheet of a file as a frame of text, with the sheet's own row numbers."""

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field

import fastexcel
import polars as pl
from django.utils.translation import gettext as _

from xianxue.kernel.commands import Refused
from xianxue.kernel.sheets.reading.extent import CELLS_LIMIT
from xianxue.kernel.sheets.reading.guards import BOM_16, Kind
from xianxue.kernel.sheets.reading.scan import Findings, scan

# The order matters: UTF-8 is hardly ever valid by accident, GB 18030 nearly always is.
ENCODINGS = ("utf-8-sig", "gb18030")
FILLED_LIMIT = 20_000
# Excel's own limit: no program that knows tables has written a wider one.
WIDEST = 16_384


@dataclass
class Table:
    """A sheet as text: `frame` has `row` (the sheet's row number, from 1) and `c0`, `c1`, … from its first column.

    `first_column` says which column `c0` is (0 is A). `is_hidden` tells a sheet that Excel does not show.
    """

    name: str
    frame: pl.DataFrame
    is_hidden: bool = False
    findings: Findings = field(default_factory=Findings)

    @property
    def width(self) -> int:
        """Number of columns."""
        return self.frame.width - 1

    def texts(self, index: int) -> list[str]:
        """Cells of the row at the index in the frame, empty text for nothing."""
        return [text or "" for text in self.frame.row(index)[1:]]


def read_tables(name: str, content: bytes, kind: Kind) -> list[Table]:
    """All sheets of a file that hold anything. Refuses a file that cannot be opened or holds nothing."""
    tables = [_read_csv(name, content)] if kind == "csv" else _read_workbook(name, content)
    tables = [table for table in tables if table.frame.height and table.width]
    if not tables:
        raise Refused(_("未能导入“%(name)s”：工作簿里没有内容。请确认选对了文件。") % {"name": name})
    return tables


def _read_workbook(name: str, content: bytes) -> list[Table]:
    try:
        book = fastexcel.read_excel(content)
        sheets = [book.load_sheet(sheet, header_row=None, skip_rows=0, dtypes="string") for sheet in book.sheet_names]
    except fastexcel.FastExcelError as error:
        raise Refused(
            _("未能导入“%(name)s”：文件已损坏，打不开。请重新保存或重新下载后再发送。") % {"name": name}
        ) from error
    return [Table(sheet.name, _with_rows(sheet.to_polars()), is_hidden=sheet.visible != "visible") for sheet in sheets]


def _with_rows(frame: pl.DataFrame) -> pl.DataFrame:
    frame.columns = [f"c{index}" for index in range(frame.width)]
    return frame.with_row_index("row", offset=1)


def decoded(name: str, content: bytes) -> str:
    """Text of a CSV in UTF-8, UTF-16 with mark, GBK or GB 18030."""
    encodings = ("utf-16",) if content.startswith(BOM_16) else ENCODINGS
    for encoding in encodings:
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused(_("未能导入“%(name)s”：认不出文字编码。请在 Excel 里另存为 .xlsx 后再发送。") % {"name": name})


def _read_csv(name: str, content: bytes) -> Table:
    text = decoded(name, content)
    head = text[:8192].split("\n", 1)[0]
    separator = max(",\t;，", key=head.count)
    try:
        rows = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise Refused(
            _("未能导入“%(name)s”：有一格长得不像表格，多半是少了一个引号。请在 Excel 里另存为 .xlsx 后再发送。")
            % {"name": name}
        ) from error
    width = max(map(len, rows), default=0)
    _refuse_wide(name, rows, width)
    columns = {f"c{index}": [row[index] if index < len(row) else None for row in rows] for index in range(width)}
    frame = pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))
    return Table(name.rpartition(".")[0], frame.with_row_index("row", offset=1))


def _refuse_wide(name: str, rows: Sequence[Sequence[str]], width: int) -> None:
    """A short file may ask for many cells: each row is laid out as wide as the widest."""
    if width <= WIDEST and width * len(rows) <= CELLS_LIMIT:
        return
    row = next(number for number, cells in enumerate(rows, 1) if len(cells) == width)
    raise Refused(
        _(
            "未能导入“%(name)s”：第 %(row)s 行有 %(columns)s 列，范围太大，没有打开。"
            "请检查这一行的分隔符和引号，删去多余的列后再发送。"
        )
        % {"name": name, "row": row, "columns": width}
    )


def with_findings(table: Table, content: bytes, kind: Kind) -> Table:
    """The table corrected by what only the XML tells: long numbers as Excel shows them, merged cells filled."""
    if kind != "xlsx":
        return table
    findings = scan(content, table.name)
    _align(table, findings)
    cells = {(row, column - findings.first_column): shown for (row, column), shown in findings.long_numbers.items()}
    cells |= _merged_cells(table.frame, findings)
    return Table(table.name, _replaced(table.frame, cells), table.is_hidden, findings)


def _align(table: Table, findings: Findings) -> None:
    """Correct the first column where cells left of the head's first one come further down."""
    head = table.frame.head(30)
    filled = [index for index in range(table.width) if head[f"c{index}"].null_count() < head.height]
    findings.first_column = max(0, findings.first_column - (filled[0] if filled else 0))


def _merged_cells(frame: pl.DataFrame, findings: Findings) -> dict[tuple[int, int], str]:
    """Every cell under a merge gets the text that the merge shows; enormous ones are decoration."""
    filled: dict[tuple[int, int], str] = {}
    width = frame.width - 1
    for top, left, bottom, right in findings.merged:
        column = left - findings.first_column
        if not 0 <= column < width or top > frame.height or len(filled) > FILLED_LIMIT:
            continue
        text = frame.item(top - 1, column + 1)
        if not text:
            continue
        for row in range(top, min(bottom, frame.height) + 1):
            for cell in range(column, min(right - findings.first_column, width - 1) + 1):
                filled[row, cell] = text
    return filled


def _replaced(frame: pl.DataFrame, cells: dict[tuple[int, int], str]) -> pl.DataFrame:
    by_column: dict[int, dict[int, str]] = {}
    for (row, column), text in cells.items():
        if 0 <= column < frame.width - 1 and row <= frame.height:
            by_column.setdefault(column, {})[row - 1] = text
    replaced = []
    for column, texts in by_column.items():
        series = frame[f"c{column}"].clone()
        replaced.append(series.scatter(list(texts), list(texts.values())))
    return frame.with_columns(replaced) if replaced else frame
