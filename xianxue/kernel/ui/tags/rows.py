"""The repeated pieces of a table: heads, rows, filters with their options. Hundreds make a page."""

from collections.abc import Iterable, Sequence

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from xianxue.kernel.ui.details import TablePanel
from xianxue.kernel.ui.markup import attribute, esc, safe
from xianxue.kernel.ui.tables import Cell, FilterControl, HeadCell, Row, TableView

from .library import register
from .text import NONE, icon


@register.simple_tag
def table_heads(table: TableView) -> SafeString:
    """The heads of the columns; one that can be sorted is a link and says how it is sorted."""
    return safe(*[_head(column, esc(table.dom_id)) for column in table.columns])


def _head(column: HeadCell, dom_id: str) -> str:
    numeric = ' class="numeric"' if column.numeric else ""
    attributes = f"{numeric}{attribute('aria-sort', column.sorted)}{attribute('title', column.help)}"
    label = esc(column.label)
    if column.sort_href:
        arrow = icon("sort-up" if column.sorted == "ascending" else "sort-down") if column.sorted else ""
        target = f'id="{dom_id}-sort-{esc(column.name)}" href="{esc(column.sort_href)}"'
        label = f'<a class="sort" {target}>{label}{arrow}</a>'
    return f'<th scope="col"{attributes}>{label}</th>'


@register.simple_tag
def table_rows(table: TableView | TablePanel) -> SafeString:
    """The rows; each one's first cell is its head and leads to its page. Raises ValueError for a row of another width."""
    labels = [esc(column.label) for column in table.columns]
    word = esc(_("选中")) if isinstance(table, TableView) and table.is_selectable else ""
    return safe(*[_row(row, labels, word) for row in table.rows])


def _row(row: Row, labels: Sequence[str], select_word: str) -> str:
    tone = f' class="row-{row.tone}"' if row.tone != "quiet" else ""
    box = ""
    if select_word:
        spoken = f"{select_word} {esc(row.cells[0].text if row.cells else '')}"
        given = f'name="row" value="{esc(row.pk)}" data-bulk-one aria-label="{spoken}"'
        box = f'<td class="cell-select"><input type="checkbox" {given}></td>'
    pairs = enumerate(zip(labels, row.cells, strict=True))
    cells = [_cell(label, cell, row.href, is_first=not place) for place, (label, cell) in pairs]
    return f"<tr{tone}>{box}{''.join(cells)}</tr>\n"


def _cell(label: str, cell: Cell, row_href: str, *, is_first: bool) -> str:
    opening, closing = ('th scope="row"', "th") if is_first else ("td", "td")
    title = f' title="{esc(cell.title)}"' if cell.title else ""
    content = _content(cell, cell.href or (row_href if is_first else ""))
    return f'<{opening} class="{cell.css}" data-label="{label}"{title}>{content}</{closing}>'


def _content(cell: Cell, href: str) -> str:
    if not cell.text:
        return NONE
    text = esc(cell.text)
    if cell.kind == "pill":
        return f'<span class="pill pill-{cell.tone}">{text}</span>'
    return f'<a href="{esc(href)}">{text}</a>' if href else text


@register.simple_tag
def table_filters(table: TableView, controls: Iterable[FilterControl]) -> SafeString:
    """The filters that are inputs: a select for the values there are, a field for a day or a text."""
    return safe(*[_filter(control, esc(table.dom_id)) for control in controls])


def _filter(control: FilterControl, dom_id: str) -> str:
    name = esc(control.name)
    given = f'id="{dom_id}-f-{name}" name="{name}"'
    if control.kind == "select":
        options = "".join(
            f'<option value="{esc(option.value)}"{" selected" if option.is_on else ""}>{esc(option.label)}'
            f"{'' if option.count is None else f'（{option.count}）'}</option>"
            for option in control.options
        )
        field = f'<select {given} data-auto-submit="change">{options}</select>'
    else:
        field = f'<input type="{control.kind}" {given} value="{esc(control.value)}" data-auto-submit="change">'
    on = " filter-on" if control.value else ""
    return f'<label class="filter{on}"><span class="filter-label">{esc(control.label)}</span>{field}</label>\n'


@register.simple_tag
def table_choices(table: TableView) -> SafeString:
    """What the form for columns sends: the conditions in force, hidden, and a box for each column."""
    kept = [pair for pair in table.kept if pair[0] != "columns"]
    kept += [("q", table.search)] if table.search else []
    controls = (*table.form_filters, *table.tucked_filters)
    kept += [(control.name, control.value) for control in controls if control.value]
    hidden = "".join(_hidden(name, value) for name, value in kept)
    return safe(
        f'{hidden}<fieldset class="choices"><legend>{esc(_("显示哪些列"))}</legend>',
        *[
            f'<label class="choice"><input type="checkbox" name="columns" value="{esc(choice.name)}"'
            f"{' checked' if choice.is_shown else ''}{' disabled' if choice.is_fixed else ''}>"
            f"<span>{esc(choice.label)}</span></label>{_hidden('columns', choice.name) if choice.is_fixed else ''}"
            for choice in table.choices
        ],
        "</fieldset>",
    )


def _hidden(name: str, value: str) -> str:
    return f'<input type="hidden" name="{esc(name)}" value="{esc(value)}">'
