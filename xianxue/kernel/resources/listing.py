"""The list of a register as data: one page of rows, the table around it, the ways to filter, sort and page."""

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from xianxue.kernel.columns import Column
from xianxue.kernel.resources import cells, reading, slices
from xianxue.kernel.resources.asked import PAGE, Asked
from xianxue.kernel.resources.filters import Filter
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.tables import (
    Chip,
    ColumnChoice,
    FilterControl,
    FilterOption,
    HeadCell,
    Row,
    TableView,
    pager,
)

# Up to this many values a filter is a row of chips, each one click.
FEW = 5
# So many selects stand beside the search; the others wait behind 更多条件.
IN_SIGHT = 3


def fetched(asked: Asked, primary_keys: Iterable[int]) -> list[Any]:
    """The rows of these keys, in their order, with everything that showing them needs. A fixed number of queries."""
    register, keys = asked.register, list(primary_keys)
    rows = register.fetched(register.visible(asked.on).filter(pk__in=keys), asked.columns, asked.on)
    by_key = {row.pk: row for row in rows}
    # A row may have left in between; it is then simply not shown.
    return [by_key[key] for key in keys if key in by_key]


def page_of(asked: Asked) -> tuple[list[Any], int, int]:
    """(rows of the page, number of all rows, number of the page, which is the last one when too high was asked)."""
    rows = asked.rows()
    total = rows.count()
    page = min(asked.page, max(1, -(-total // PAGE)))
    start = (page - 1) * PAGE
    # Keys first: sorting and skipping then move numbers only, not rows with their joins.
    keys = slices.keys(rows, asked.order(), start, min(start + PAGE, total), total)
    return fetched(asked, keys), total, page


def table(asked: Asked) -> tuple[TableView, int]:
    """The table of one page, and the number of all rows."""
    register = asked.register
    rows, total, page = page_of(asked)
    reading.note_list(asked, total)
    href = register.url()
    chips = list(_chips(asked, href))
    view = TableView(
        columns=[_head(asked, column, href) for column in asked.columns],
        rows=[_row(asked, row) for row in rows],
        total=total,
        href=href,
        label=str(register.label),
        pager=pager(total, page, PAGE, href, asked.parameters),
        filters=list(_controls(asked, href)),
        chips=chips,
        clear_href=href if chips else "",
        search=asked.text if register.search else None,
        search_label=str(register.search_label),
        choices=[_choice(asked, column) for column in _in_reading_order(asked)],
        kept=_kept(asked),
        export_href=_address(register.url("export"), asked.parameters),
        export_note=_("按当前的条件、次序和列导出 %(rows)s 行") % {"rows": formats.grouped(total)},
        empty_title=_("没有符合条件的记录") if chips or asked.text else _("还没有记录"),
        empty_text=_("请放宽条件，或清除后重新查找。") if chips or asked.text else "",
        notes=register.list_notes(asked.on),
    )
    return view, total


def _row(asked: Asked, row: Any) -> Row:
    register = asked.register
    return Row(
        cells=[cells.cell(row, column) for column in asked.columns],
        href=register.url("detail", row.pk),
        pk=str(row.pk),
    )


def _head(asked: Asked, column: Column, href: str) -> HeadCell:
    sortable = bool(asked.register.sorting(column.name))
    is_here = asked.sorted_by == column.name
    descending = is_here and asked.sort.startswith("-")
    following = f"-{column.name}" if is_here and not descending else column.name
    others = [(key, value) for key, value in asked.parameters if key != "sort"]
    return HeadCell(
        name=column.name,
        label=str(column.label),
        sort_href=_address(href, [*others, ("sort", following)]) if sortable else "",
        sorted=("descending" if descending else "ascending") if is_here else "",
        numeric=cells.is_numeric(column),
        help=str(column.help),
    )


def _controls(asked: Asked, href: str) -> Iterable[FilterControl]:
    if asked.register.dated:
        day = asked.on.isoformat() if asked.on else ""
        yield FilterControl("on", _("名册日期"), "date", value=day, tucked=True)
    for item in asked.usable:
        yield from _control(asked, item, href)


def _control(asked: Asked, item: Filter, href: str) -> Iterable[FilterControl]:
    values = asked.chosen.get(item.name, [])
    if item.kind == "days":
        start, _dots, end = (values or [".."])[0].partition("..")
        yield FilterControl(f"{item.name}_from", _("%(what)s从") % {"what": item.label}, "date", (), start, tucked=True)
        yield FilterControl(f"{item.name}_to", _("%(what)s到") % {"what": item.label}, "date", (), end, tucked=True)
        return
    if item.options is None:
        yield FilterControl(item.name, str(item.label), "text", (), (values or [""])[0], tucked=not item.is_main)
        return
    options = asked.options(item)
    if not options:
        return
    as_chips = item is _chip_filter(asked)
    everything = ("", str(item.none_label) or (_("全部") if as_chips else _("全部%(what)s") % {"what": item.label}))
    if as_chips:
        others = [(key, value) for key, value in asked.parameters if key != item.name]
        yield FilterControl(
            item.name,
            str(item.label),
            "chips",
            [
                FilterOption(
                    value,
                    label,
                    is_on=value in values if value else not values,
                    href=_address(href, [*others, *([(item.name, value)] if value else [])]),
                )
                for value, label in (everything, *options)
            ],
        )
        return
    yield FilterControl(
        item.name,
        str(item.label),
        "select",
        [FilterOption(value, label, is_on=value in values) for value, label in (everything, *options)],
        (values or [""])[0],
        tucked=not item.is_main or item.name not in _in_sight(asked),
    )


def _chip_filter(asked: Asked) -> Filter | None:
    """The one filter drawn as chips: several rows of 全部 would not say what they are about."""
    filters = asked.register.all_filters.values()
    return next((item for item in filters if item.is_main and 0 < len(asked.options(item)) <= FEW), None)


def _in_sight(asked: Asked) -> set[str]:
    """Names of the selects that stand beside the search: the first few, and those in use."""
    chips = _chip_filter(asked)
    main = [item.name for item in asked.register.all_filters.values() if item.is_main and item is not chips]
    return {*main[:IN_SIGHT], *asked.chosen}


def _chips(asked: Asked, href: str) -> Iterable[Chip]:
    parameters = asked.parameters
    for item in asked.register.all_filters.values():
        if values := asked.chosen.get(item.name):
            names = {item.name, f"{item.name}_from", f"{item.name}_to"}
            rest = [(key, value) for key, value in parameters if key not in names]
            yield Chip(f"{item.label}：{_said(asked, item, values)}", _address(href, rest))
    if asked.on:
        rest = [(key, value) for key, value in parameters if key != "on"]
        yield Chip(_("%(day)s 的名册") % {"day": formats.china_date(asked.on, year="always")}, _address(href, rest))


def _said(asked: Asked, item: Filter, values: list[str]) -> str:
    if item.options is None:
        return "、".join(value.replace("..", " – ") for value in values)
    labels = dict(asked.options(item))
    return "、".join(str(labels.get(value, value)) for value in values)


def _kept(asked: Asked) -> list[tuple[str, str]]:
    """Parameters that no visible input of the filter form carries."""
    inputs = {control.name for control in _controls(asked, "") if control.kind != "chips"} | {"q"}
    return [(key, value) for key, value in asked.parameters if key not in inputs]


def _in_reading_order(asked: Asked) -> list[Column]:
    return [*asked.columns, *(column for column in asked.register.columns if column not in asked.columns)]


def _choice(asked: Asked, column: Column) -> ColumnChoice:
    return ColumnChoice(
        column.name,
        str(column.label),
        is_shown=column in asked.columns,
        is_fixed=column.name == asked.register.listed[0].name,
    )


def _address(href: str, parameters: Iterable[tuple[str, str]]) -> str:
    query = urlencode(list(parameters))
    return f"{href}?{query}" if query else href
