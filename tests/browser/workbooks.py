"""Workbooks as schools send them, made for the tests and read back."""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Download, FilePayload, Locator, Page

from xianxue.demo.identity import check_digit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
AREA = "391999"  # no pupil of the demonstration was born there
Rows = Sequence[Mapping[str, Any]]


def id_number(born: str, order: int) -> str:
    """A valid number of nobody: odd orders are men's."""
    body = f"{AREA}{born.replace('-', '')}{order:03d}"
    return body + check_digit(body)


def pupil(name: str, order: int, **changed: Any) -> dict[str, Any]:
    """A new pupil of the first class of First Primary's first year, with what a school must fill in."""
    number = id_number("2018-01-15", order)
    return {
        "姓名": name, "性别": "男" if order % 2 else "女", "出生日期": "2018-01-15", "身份证件号": number,
        "民族": "汉族", "学校标识码": "2136990101", "年级": "一年级", "班号": "1", "入学年月": "2024-09",
        **changed,
    }  # fmt: skip


def sheet_of(content: bytes | Path) -> Worksheet:
    """The first sheet of a workbook."""
    book = load_workbook(io.BytesIO(content) if isinstance(content, bytes) else content)
    return book.worksheets[0]


def headings(sheet: Worksheet) -> list[str]:
    """The first row, without the stars of required columns."""
    return [str(cell.value or "").rstrip("*") for cell in sheet[1]]


def records(sheet: Worksheet) -> list[dict[str, Any]]:
    """The rows below the headings."""
    heads = headings(sheet)
    return [dict(zip(heads, values, strict=True)) for values in sheet.iter_rows(min_row=2, values_only=True)]


def filled(template: bytes | Path, rows: Rows) -> bytes:
    """A template with these rows in it, as Excel would save it."""
    book = load_workbook(io.BytesIO(template) if isinstance(template, bytes) else template)
    sheet = book.worksheets[0]
    places = {head: place for place, head in enumerate(headings(sheet), 1)}
    sheet.delete_rows(2, sheet.max_row)
    for number, row in enumerate(rows, 2):
        for head, value in row.items():
            sheet.cell(number, places[head], value)
    return saved(book)


def saved(book: Workbook) -> bytes:
    """The workbook as a file."""
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def cell(sheet: Worksheet, row: int, heading: str) -> Cell:
    """One cell, by the heading of its column."""
    found = sheet.cell(row, headings(sheet).index(heading) + 1)
    assert isinstance(found, Cell)
    return found


def payload(name: str, content: bytes) -> FilePayload:
    """A file to be chosen in a form."""
    return {"name": name, "mimeType": XLSX, "buffer": content}


def download(page: Page, link: Locator) -> tuple[str, bytes]:
    """What a link downloads: (file name, content)."""
    with page.expect_download() as started:
        link.click()
    found: Download = started.value
    return found.suggested_filename, Path(found.path()).read_bytes()
