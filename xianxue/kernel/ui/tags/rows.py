"""The cells of a table's row: hundreds make a page, and drawn by a template they take most of its time."""

from collections.abc import Iterable

from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from xianxue.kernel.ui.tables import Cell, HeadCell, Row

from .library import register


@register.simple_tag
def row_cells(row: Row, pairs: Iterable[tuple[HeadCell, Cell]]) -> SafeString:
    """The row's cells beside their columns; the first one is its head and leads to the row's page."""
    drawn = [_cell(column, cell, row.href, is_first=not place) for place, (column, cell) in enumerate(pairs)]
    return mark_safe("".join(drawn))  # noqa: S308  # every value was escaped below


def _cell(column: HeadCell, cell: Cell, row_href: str, *, is_first: bool) -> str:
    opening, closing = ('th scope="row"', "th") if is_first else ("td", "td")
    title = f' title="{conditional_escape(cell.title)}"' if cell.title else ""
    content = _content(cell, cell.href or (row_href if is_first else ""))
    label = conditional_escape(column.label)
    return f'<{opening} class="{cell.css}" data-label="{label}"{title}>{content}</{closing}>'


def _content(cell: Cell, href: str) -> str:
    if not cell.text:
        return '<span class="none">–</span>'
    text = conditional_escape(cell.text)
    if cell.kind == "pill":
        return f'<span class="pill pill-{cell.tone}">{text}</span>'
    return f'<a href="{conditional_escape(href)}">{text}</a>' if href else text
