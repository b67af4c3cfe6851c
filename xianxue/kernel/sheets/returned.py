"""The sender's own workbook back: wrong cells red with a comment, and two more columns that say what became of each row."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import IO, TYPE_CHECKING, Any

import polars as pl
from django.utils.translation import gettext as _
from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import MergedCell
from openpyxl.comments import Comment
from openpyxl.styles import Font, PatternFill

from xianxue.kernel.sheets import files
from xianxue.kernel.sheets import sheet as registry
from xianxue.kernel.sheets.checking.groups import sentence
from xianxue.kernel.sheets.choices import Outcome, State
from xianxue.kernel.sheets.export import text_workbook
from xianxue.kernel.sheets.gone import GONE, gone_rows
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.reading import guards
from xianxue.kernel.sheets.reading.headings import EXPLANATION, RESULT
from xianxue.kernel.sheets.reading.scan import column_letters
from xianxue.kernel.sheets.reading.tables import Table, read_tables
from xianxue.kernel.sheets.sheet import Sheet

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

RED = PatternFill("solid", fgColor="FFF8CBC6")
AMBER = PatternFill("solid", fgColor="FFFBEBC8")
BOLD = Font(bold=True)
# openpyxl needs about 10 µs and 1 kB a cell; beyond this the sheet is written anew from its text.
CELLS_IN_PLACE = 300_000
STYLES, CELLS = "xl/styles.xml", "xl/worksheets/sheet1.xml"
CELL = re.compile(rb'<c r="([A-Z]+\d+)" s="\d+"')
XML_BLOCK = 4 * 1024**2
COMMENT_WIDTH, COMMENT_LINE = 320, 18


def returned_workbook(job: ImportJob) -> bytes:
    """The marked workbook of a checked import, as .xlsx; made once and kept sealed beside the source.

    Where a record has left the reach of who asks it is made anew, and not kept: others may still reach it.
    """
    sheet = registry.get(job.sheet)
    gone = gone_rows(job, sheet)
    if files.exists(job.pk, files.RETURNED) and job.state == State.READY and not gone:
        return files.read(job.pk, files.RETURNED)
    marks = _Marks(job, sheet, gone)
    content = files.read(job.pk, files.SOURCE)
    kind = guards.kind_of(job.file_name, content)
    tables = read_tables(job.file_name, content, kind)
    # Cells that carry only a format cost openpyxl as much as others.
    size = max(sum(table.frame.height * table.width for table in tables), job.layout_of("elements", 0))
    if size > CELLS_IN_PLACE:
        table = next(table for table in tables if table.name == job.layout_of("table"))
        book = _written_anew(table, marks)
    else:
        book = _in_place(content, marks) if kind == "xlsx" else _from_tables(tables, marks)
    if not marks.gone:
        files.write(job.pk, files.RETURNED, book)
    return book


class _Marks:
    """What to write where: `cells` (row, place) → (sentences, is only a warning); `rows` row → (result, explanation).

    Rows in `gone` come back empty: their records are not the sender's any more.
    """

    def __init__(self, job: ImportJob, sheet: Sheet, gone: set[int]) -> None:
        self.layout: Mapping[str, Any] = job.layout
        self.gone = gone
        self.cells: dict[tuple[int, int], tuple[str, bool]] = {}
        sentences: dict[int, list[str]] = {}
        mapping: Mapping[str, int] = self.layout["mapping"]
        for problem in files.read_frame(job.pk, files.PROBLEMS).iter_rows(named=True):
            if problem["row"] in self.gone:
                continue
            text = sentence(problem, sheet)
            sentences.setdefault(problem["row"], []).append(text)
            if (place := mapping.get(problem["column"] or "")) is not None:
                before, mild = self.cells.get((problem["row"], place), ("", True))
                warning = problem["code"].startswith("W")
                self.cells[problem["row"], place] = (f"{before}\n{text}".strip(), mild and warning)
        for late in job.late:
            if late.get("code"):
                sentences.setdefault(late["row"], []).append(sentence({"other": ""} | late, sheet))
        late_rows = {late["row"] for late in job.late if late.get("code")}
        outcomes = files.read_frame(job.pk, files.ROWS, ["row", "outcome"])
        self.rows = {
            row: (
                _result(outcome, job, is_late=row in late_rows or _was_left(job, row)),
                str(GONE) if row in self.gone else "".join(sentences.get(row, [])),
            )
            for row, outcome in outcomes.iter_rows()
        }

    @property
    def head_row(self) -> int:
        """Row of the sheet in which the two heads stand: the last one above the data."""
        return int(self.layout["data_row"]) - 1

    @property
    def first_column(self) -> int:
        return int(self.layout["first_column"])

    @property
    def result_places(self) -> tuple[int, int]:
        """Places of the two columns: those of an earlier return, else the next free ones."""
        if self.layout["results"]:
            first, second = self.layout["results"]
            return first, second
        width = len(self.layout["heads"])
        return width, width + 1


def _was_left(job: ImportJob, row: int) -> bool:
    """Whether the writing stopped before it came to the row."""
    return job.state == State.APPLIED and bool(job.reason) and row > job.applied_through


def _result(outcome: str, job: ImportJob, *, is_late: bool) -> str:
    if is_late and outcome in (Outcome.NEW, Outcome.CHANGED):
        return _("未写入")
    label = str(Outcome(outcome).label)
    if job.state == State.APPLIED and outcome in (Outcome.NEW, Outcome.CHANGED):
        return _("已%(outcome)s") % {"outcome": label}
    return label


def _in_place(content: bytes, marks: _Marks) -> bytes:
    book = load_workbook(io.BytesIO(content))
    _mark(book[marks.layout["table"]], marks)
    return _saved(book)


def _from_tables(tables: list[Table], marks: _Marks) -> bytes:
    """For formats that cannot be written back (.csv, .xls): the same sheets and texts as .xlsx."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for table in tables:
        page = book.create_sheet(table.name[:31])
        for row, *texts in table.frame.iter_rows():
            for place, text in enumerate(texts, 1):
                if text:
                    cell = page.cell(row, place)
                    cell.value = text
                    # Text, whatever it looks like: openpyxl would make a formula of what begins with =.
                    cell.data_type, cell.number_format, cell.quotePrefix = "s", "@", True
        if table.name == marks.layout["table"]:
            _mark(page, marks)
    return _saved(book)


def _saved(book: Workbook) -> bytes:
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _mark(page: "Worksheet", marks: _Marks) -> None:
    for row in marks.gone:
        for cell in page[row]:
            if not isinstance(cell, MergedCell):
                cell.value = None
    for (row, place), (text, mild) in marks.cells.items():
        cell = page.cell(row, marks.first_column + place + 1)
        if isinstance(cell, MergedCell):
            continue
        cell.fill = AMBER if mild else RED
        note = Comment(text, _("检查结果"))
        note.width, note.height = COMMENT_WIDTH, COMMENT_LINE * (2 + len(text) // 22)
        cell.comment = note
    places = [marks.first_column + place + 1 for place in marks.result_places]
    for place, head, width in zip(places, (RESULT, EXPLANATION), (8, 60), strict=True):
        cell = page.cell(marks.head_row, place)
        if not isinstance(cell, MergedCell):
            cell.value, cell.font = head, BOLD
        page.column_dimensions[column_letters(place - 1)].width = width
    for row, texts in marks.rows.items():
        for place, text in zip(places, texts, strict=True):
            page.cell(row, place).value = text or None


def _written_anew(table: Table, marks: _Marks) -> bytes:
    """The sheet from its text, in seconds also for millions of cells: red cells, and the two columns instead of comments."""
    kept = pl.when(~pl.col("row").is_in(sorted(marks.gone)))
    frame = table.frame.with_columns(kept.then(pl.exclude("row")).name.keep())
    first, second = marks.result_places
    if not marks.layout["results"]:
        frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(f"c{first}"))
        frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(f"c{second}"))
    rows = list(marks.rows)
    results = {f"c{first}": [marks.rows[row][0] for row in rows], f"c{second}": [marks.rows[row][1] for row in rows]}
    head = marks.head_row - 1
    for (name, texts), title in zip(results.items(), (RESULT, EXPLANATION), strict=True):
        filled = frame[name].scatter([row - 1 for row in rows], texts).scatter(head, title)
        frame = frame.with_columns(filled)
    content = frame.drop("row")
    body = content.slice(1)
    body.columns = list(_distinct(content.row(0)))
    book = text_workbook(body, table.name)
    reds = {f"{column_letters(place)}{row}".encode() for (row, place), (_text, mild) in marks.cells.items() if not mild}
    return _with_red_cells(book, reds)


def _distinct(heads: tuple[str | None, ...]) -> Iterator[str]:
    """The first row as names of columns; blanks make equal ones different, and nobody sees them."""
    seen: set[str] = set()
    for head in heads:
        name = head or " "
        while name in seen:
            name += " "
        seen.add(name)
        yield name


def _with_red_cells(book: bytes, reds: set[bytes]) -> bytes:
    """Give cells a red ground by editing the XML: the writer knows one format a column."""
    if not reds:
        return book
    result = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(book)) as source,
        zipfile.ZipFile(result, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as out,
    ):
        styles, red = _red_style(source.read(STYLES))
        for member in source.infolist():
            if member.filename == CELLS:
                with source.open(member) as cells, out.open(CELLS, "w", force_zip64=True) as edited:
                    for block in _whole_rows(cells):
                        edited.write(_reddened(block, reds, red))
            else:
                out.writestr(member.filename, styles if member.filename == STYLES else source.read(member))
    return result.getvalue()


def _whole_rows(stream: IO[bytes]) -> Iterator[bytes]:
    """The XML in blocks that end where a row does: hundreds of megabytes need not be held at once."""
    rest = b""
    while block := stream.read(XML_BLOCK):
        rest += block
        end = rest.rfind(b"</row>") + 1
        if end:
            yield rest[:end]
            rest = rest[end:]
    yield rest


def _reddened(block: bytes, reds: set[bytes], red: int) -> bytes:
    return CELL.sub(
        lambda cell: b'<c r="%s" s="%d"' % (cell[1], red) if cell[1] in reds else cell[0],
        block,
    )


def _red_style(styles: bytes) -> tuple[bytes, int]:
    """The style sheet with one more format, and the number of it."""
    fill = b'<fill><patternFill patternType="solid"><fgColor rgb="FFF8CBC6"/></patternFill></fill></fills>'
    fills = len(re.findall(rb"<fill>", styles))
    styles = styles.replace(b"</fills>", fill)
    styles = re.sub(rb'<fills count="\d+"', b'<fills count="%d"' % (fills + 1), styles)
    formats = re.search(rb"<cellXfs[^>]*>(.*?)</cellXfs>", styles, re.DOTALL)
    number = len(re.findall(rb"<xf ", formats[1])) if formats else 0
    text = re.search(rb'<numFmt numFmtId="(\d+)" formatCode="@"', styles)
    code = text[1] if text else b"49"
    added = b'<xf numFmtId="%s" fontId="0" fillId="%d" borderId="0" xfId="0" quotePrefix="1" applyNumberFormat="1" applyFill="1"/></cellXfs>'
    styles = styles.replace(b"</cellXfs>", added % (code, fills))
    return re.sub(rb'<cellXfs count="\d+"', b'<cellXfs count="%d"' % (number + 1), styles), number
