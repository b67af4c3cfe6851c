"""What calamine does not tell of an .xlsx sheet: numbers too long, hidden rows, formulas, merged cells.

The XML is read as a stream and searched for rare patterns, so that 3,000,000 cells cost about a second.
"""

import io
import re
import zipfile
from dataclasses import dataclass, field
from typing import IO
from xml.etree.ElementTree import fromstring

BLOCK = 4 * 1024**2
KEPT = 8192
HEAD = 30
# Excel keeps 15 significant digits; a number cell with more has lost the rest.
LONG_NUMBER = re.compile(rb"<v>(\d{16,}(?:\.\d+)?|\d(?:\.\d+)?[eE]\+?1[5-9])</v>")
OPENING = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"([^>]*)>(?:<f[ >/].*)?$', re.DOTALL)
HIDDEN_ROW = re.compile(rb'<(?:\w+:)?row [^>]*?r="(\d+)"[^>]*?hidden="(?:1|true)"')
FORMULA = re.compile(rb"<(?:\w+:)?f[ >/]")
MERGED = re.compile(rb'<(?:\w+:)?mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
CELL = re.compile(rb'<(?:\w+:)?c r="([A-Z]{1,3})(\d{1,7})"[^>]*?(?<!/)>(?!</)')
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
STRICT_RELATION = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass
class Findings:
    """Row numbers are those of the sheet (from 1), columns count from 0 at A."""

    first_column: int = 0
    long_numbers: dict[tuple[int, int], str] = field(default_factory=dict)
    hidden_rows: list[int] = field(default_factory=list)
    formulas: int = 0
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    """(first row, first column, last row, last column)."""


def column_index(letters: str) -> int:
    """A → 0, AA → 26."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def column_letters(index: int) -> str:
    """0 → A, 26 → AA."""
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def sheet_part(archive: zipfile.ZipFile, sheet: str) -> str | None:
    """Path of a sheet's XML inside the workbook; None where it cannot be found."""
    book = fromstring(archive.read("xl/workbook.xml"))  # noqa: S314 - expat of Python ≥ 3.11 limits entities
    relations = fromstring(archive.read("xl/_rels/workbook.xml.rels"))  # noqa: S314 - same
    targets = {item.get("Id"): item.get("Target", "") for item in relations}
    for item in book.iter():
        if item.tag.endswith("}sheet") and item.get("name") == sheet:
            target = targets.get(item.get(RELATION) or item.get(STRICT_RELATION), "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}" if target else None
    return None


def scan(content: bytes, sheet: str) -> Findings:
    """Search one sheet of an .xlsx; nothing is found in other formats."""
    found = Findings()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        part = sheet_part(archive, sheet)
        if part is None or part not in archive.namelist():
            return found
        with archive.open(part) as stream:
            _search(stream, found)
    return found


def _search(stream: IO[bytes], found: Findings) -> None:
    rest, is_first = b"", True
    while block := stream.read(BLOCK):
        text = rest + block
        # A pattern may lie across two blocks: search up to the last row's end, keep the remainder.
        end = max(text.rfind(b"</row>"), text.rfind(b"/>"), text.rfind(b"</x:row>"))
        end = end if end > 0 else len(text)
        _search_text(text[:end], found)
        if is_first:
            found.first_column = _first_column(text[:end])
            is_first = False
        rest = text[end:]
    _search_text(rest, found)


def _search_text(text: bytes, found: Findings) -> None:
    for match in LONG_NUMBER.finditer(text):
        start = text.rfind(b"c r=", max(0, match.start() - KEPT), match.start())
        opening = OPENING.match(text, text.rfind(b"<", 0, start) if start >= 0 else match.start(), match.start())
        if opening and b't="str"' not in opening[3] and b't="s"' not in opening[3]:
            place = (int(opening[2]), column_index(opening[1].decode()))
            found.long_numbers[place] = f"{float(match[1]):.5E}"
    # Asking for a word first costs a tenth of the pattern, and most sheets hold none of these.
    if b'hidden="' in text:
        found.hidden_rows += [int(match[1]) for match in HIDDEN_ROW.finditer(text)]
    if b"<f" in text or b":f" in text:
        found.formulas += len(FORMULA.findall(text))
    for match in MERGED.finditer(text):
        top, left = int(match[2]), column_index(match[1].decode())
        found.merged.append((top, left, int(match[4]), column_index(match[3].decode())))


def _first_column(text: bytes) -> int:
    """The leftmost column with content in the first rows: calamine starts counting there."""
    columns: list[int] = []
    for match in CELL.finditer(text):
        if int(match[2]) > HEAD and columns:
            break
        columns.append(column_index(match[1].decode()))
    return min(columns, default=0)
