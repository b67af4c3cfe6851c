"""How large a workbook is once opened, found without opening it: cells are laid out as a rectangle in memory.

One forgotten cell in the last corner of a sheet asks for 17,000,000,000 of them, and the process that reads it is
ended by the system. The archive's own directory may lie about sizes; so every part is inflated and counted.
"""

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xianxue.kernel.commands import Refused
from xianxue.kernel.sheets.reading.scan import column_index, column_letters

BLOCK = 4 * 1024**2
LONGEST_TAG = 64 * 1024
LOCAL_HEADER = struct.Struct("<26xHH")
# A county's 80,000 pupils with 60 columns are 4,800,000; a cell takes some 32 bytes.
CELLS_LIMIT = 20_000_000
SHEET = re.compile(r"^xl/worksheets/[^/]+\.xml$")
# The form in which nearly every program writes a cell, and any other form.
PLAIN = re.compile(rb'<c r="([A-Z]{1,3})(\d{1,7})"')
ODD = re.compile(rb"<(?:c[\t\r\n>]|\w+:c[\s>])")
# Cells with something in them; those that only carry a format are not laid out.
PLACED = re.compile(rb"<(?:\w+:)?c\s[^>]*?\br\s*=\s*[\"']([A-Za-z]{1,7})(\d{1,10})[\"'][^>]*?(?<!/)>(?!</)")
UNPLACED = re.compile(rb"<(?:\w+:)?c(?=[\s>])(?![^>]*\sr\s*=)[^>]*(?<!/)>(?!</)")
ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*?\br\s*=\s*[\"'](\d{1,10})[\"']")
ROW_START = re.compile(rb"<(?:\w+:)?row[\s>]")


@dataclass
class Extent:
    """Of one sheet: the last row and column that hold something, and how many cells its XML names, empty or not."""

    rows: int = 0
    columns: int = 0
    elements: int = 0

    @property
    def cells(self) -> int:
        """Cells of the rectangle."""
        return self.rows * self.columns


def check_extent(name: str, content: bytes) -> int:
    """Number of cells that the XML of all sheets names. Refuses a workbook that would not fit into memory."""
    found: dict[str, Extent] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for member in archive.infolist():
                # Any part may be a sheet, whatever it is called: the workbook says so in another one.
                found[member.filename] = _measured(content, member)
    except (zlib.error, struct.error, OverflowError, NotImplementedError) as error:
        raise Refused(
            _("未能导入“%(name)s”：文件已损坏，打不开。请重新保存或重新下载后再发送。") % {"name": name}
        ) from error
    except _Lies as error:
        raise Refused(
            _(
                "未能导入“%(name)s”：文件的内容与它自己的目录不符，可能是恶意文件，没有打开。请用 Excel 重新另存后再发送。"
            )
            % {"name": name}
        ) from error
    if sum(extent.cells for extent in found.values()) > CELLS_LIMIT:
        raise _too_wide(name, max(found.values(), key=lambda extent: extent.cells))
    return sum(extent.elements for part, extent in found.items() if SHEET.match(part))


def _too_wide(name: str, extent: Extent) -> Refused:
    place = f"{column_letters(extent.columns - 1)}{extent.rows}"
    return Refused(
        _(
            "未能导入“%(name)s”：工作表里有内容的格一直到 %(place)s，范围太大，没有打开。"
            "请删去数据下方和右侧多余的行、列后再发送。"
        )
        % {"name": name, "place": place}
    )


class _Lies(Exception):
    """A part is larger than the directory says, or no program would have written it."""


def _inflated(content: bytes, member: zipfile.ZipInfo) -> Iterator[bytes]:
    """A part in blocks, read past the size that the directory claims: zipfile would stop there, others do not."""
    names, extra = LOCAL_HEADER.unpack_from(content, member.header_offset)
    start = member.header_offset + 30 + names + extra
    packed = memoryview(content)[start : start + member.compress_size]
    if member.compress_type == zipfile.ZIP_STORED:
        yield bytes(packed)
        return
    if member.compress_type != zipfile.ZIP_DEFLATED:
        raise NotImplementedError
    inflater, rest, total = zlib.decompressobj(-zlib.MAX_WBITS), bytes(packed), 0
    while rest and not inflater.eof:
        block = inflater.decompress(rest, BLOCK)
        rest = inflater.unconsumed_tail
        total += len(block)
        if total > member.file_size:
            raise _Lies
        yield block


def _measured(content: bytes, member: zipfile.ZipInfo) -> Extent:
    """The extent of a part: quickly and at most; where that is too much, exactly."""
    found = _quick(_inflated(content, member))
    return found if found and found.cells <= CELLS_LIMIT else _exact(_inflated(content, member))


def _texts(blocks: Iterator[bytes]) -> Iterator[bytes]:
    """Blocks cut between tags: what follows the last whole tag comes with the next one."""
    rest, is_sheet = b"", False
    for block in blocks:
        text = rest + block
        is_sheet = is_sheet or b"sheetData" in text
        start = text.rfind(b"<")
        end = len(text) if text.find(b">", start) >= 0 else max(start, 0)
        yield text[:end]
        rest = text[end:]
        if len(rest) > LONGEST_TAG:
            if is_sheet:
                raise _Lies
            rest = b""


def _quick(blocks: Iterator[bytes]) -> Extent | None:
    """Cells that only carry a format counted as well; None where cells are written in any other way."""
    found = Extent()
    for text in _texts(blocks):
        cells, number = PLAIN.findall(text), text.count(b"<c ")
        found.elements += number
        if number != len(cells) or ODD.search(text):
            return None
        if cells:
            _stretch(found, cells)
    return found


def _stretch(found: Extent, cells: list[tuple[bytes, bytes]]) -> None:
    columns, rows = {letters for letters, _row in cells}, {row for _letters, row in cells}
    found.columns = max(found.columns, *(column_index(one.decode().upper()) + 1 for one in columns))
    found.rows = max(found.rows, *(int(row) for row in rows))


def _exact(blocks: Iterator[bytes]) -> Extent:
    found = Extent()
    for text in _texts(blocks):
        found.elements += text.count(b"<c ") + text.count(b":c ")
        if cells := PLACED.findall(text):
            _stretch(found, cells)
        if UNPLACED.search(text):
            # Cells without a place of their own follow one another in the row that is named.
            widths = [piece.count(b"<c") + piece.count(b":c") for piece in ROW_START.split(text)]
            found.rows = max(found.rows, *(int(row) for row in ROW.findall(text)), 0)
            found.columns = max(found.columns, *widths)
    return found
