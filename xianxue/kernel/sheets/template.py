"""Templates: a workbook to be filled in, with its rules and code lists beside it, in which Excel cannot ruin numbers."""

import io
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from xianxue.kernel.columns import Column
from xianxue.kernel.sheets.export import sheet_name
from xianxue.kernel.sheets.sheet import Sheet

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

HEAD = PatternFill("solid", fgColor="FFE8EEF5")
NEEDED = PatternFill("solid", fgColor="FFFBEBD9")
BOLD = Font(bold=True)
WRAP = Alignment(wrap_text=True, vertical="top")
LAST_ROW = 1_048_576
CODES = "代码表"
RULES = "填写说明"


def template_workbook(sheet: Sheet) -> bytes:
    """The template of a sheet as .xlsx: heads (required ones with *), 填写说明, 代码表; all cells are text."""
    book = Workbook()
    page = book.worksheets[0]
    page.title = sheet_name(str(sheet.label))
    lists = {column.name: tuple(column.type.choices()) for column in sheet.columns}
    codes = book.create_sheet(CODES)
    ranges = _write_codes(codes, sheet, {name: texts for name, texts in lists.items() if texts})
    for place, column in enumerate(sheet.columns, 1):
        _write_head(page, place, column)
        if column.name in ranges:
            _offer(page, place, ranges[column.name])
    page.freeze_panes = "A2"
    _write_rules(book.create_sheet(RULES, 1), sheet)
    if not ranges:
        del book[CODES]
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _write_head(page: "Worksheet", place: int, column: Column) -> None:
    head = page.cell(1, place, f"{column.label}*" if column.required else str(column.label))
    head.font, head.alignment = BOLD, WRAP
    head.fill = NEEDED if column.required else HEAD
    dimension = page.column_dimensions[get_column_letter(place)]
    dimension.width = column.type.width + 2
    # The whole column is text before anything is typed: 18 digits stay 18 digits.
    dimension.number_format = "@"


def _offer(page: "Worksheet", place: int, source: str) -> None:
    """A list to choose from; a hint only, because synonyms are accepted too."""
    letter = get_column_letter(place)
    offer = DataValidation(type="list", formula1=source, allow_blank=True, showErrorMessage=False)
    offer.add(f"{letter}2:{letter}{LAST_ROW}")
    page.add_data_validation(offer)


def _write_codes(page: "Worksheet", sheet: Sheet, lists: dict[str, tuple[str, ...]]) -> dict[str, str]:
    """One column for each list; returns the range of each."""
    ranges = {}
    for place, (name, texts) in enumerate(lists.items(), 1):
        head = page.cell(1, place, str(sheet.by_name[name].label))
        head.font, head.fill = BOLD, HEAD
        letter = get_column_letter(place)
        page.column_dimensions[letter].width = 22
        page.column_dimensions[letter].number_format = "@"
        for row, text in enumerate(texts, 2):
            page.cell(row, place, text)
        ranges[name] = f"'{CODES}'!${letter}$2:${letter}${len(texts) + 1}"
    return ranges


def _write_rules(page: "Worksheet", sheet: Sheet) -> None:
    keys = _("、或").join("＋".join(str(sheet.by_name[name].label) for name in group) for group in sheet.key)
    notes = (
        _("一行一条，列的先后随意，不用的列可以删去。带 * 的列新登记时必填。"),
        _("系统按“%(keys)s”认定是哪一条记录：已有的更新，没有的新增，表里没有的不动。") % {"keys": keys},
        _("空白格表示不改，不会清除已有的内容。"),
        *map(str, sheet.notes),
    )
    for row, note in enumerate(notes, 1):
        page.cell(row, 1, note)
    start = len(notes) + 2
    for place, (head, width) in enumerate(
        ((_("列名"), 20), (_("要求"), 8), (_("写法"), 44), (_("举例"), 24), (_("备注"), 50)), 1
    ):
        cell = page.cell(start, place, head)
        cell.font, cell.fill = BOLD, HEAD
        page.column_dimensions[get_column_letter(place)].width = width
    for row, column in enumerate(sheet.columns, start + 1):
        needed = _("必填") if column.required else _("选填")
        texts = (str(column.label), needed, column.type.expected(), column.example, str(column.help))
        for place, text in enumerate(texts, 1):
            cell = page.cell(row, place, text)
            cell.number_format, cell.alignment = "@", WRAP
