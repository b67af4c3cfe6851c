"""The rows behind a figure as a table and as a workbook: the columns of their register, masked as everywhere."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import polars as pl
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from xianxue.kernel import resources
from xianxue.kernel.access import current_reach
from xianxue.kernel.indicators import Indicator, Period, Rows
from xianxue.kernel.resources import Register, cells
from xianxue.kernel.resources.export import batched
from xianxue.kernel.sheets.export import text_workbook
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.tables import HeadCell, Row, TableView, pager

PAGE = 50
BATCH = 2_000
Parameters = list[tuple[str, str]]


@dataclass(frozen=True)
class Lines:
    """Rows of an indicator in one period, of one unit or all; `divided_by` turns to those that a ratio divides by."""

    item: Indicator
    period: Period
    unit: int | None = None
    divided_by: bool = False

    @property
    def declared(self) -> Rows:
        """What the indicator says of its rows."""
        rows = self.item.build(self.period)
        return rows.per if self.divided_by and rows.per else rows

    def queryset(self) -> "QuerySet[Any]":
        """The rows that the reader may open: in reach, and inside the grant of the indicator."""
        rows = self.declared
        found = self.register.within(rows.of_unit(self.unit), self.register.view)
        scope = self.item.view.scope(current_reach())
        return found if scope.every else found.filter(scope.q(rows.unit))

    @property
    def register(self) -> Register:
        """The register on whose pages such rows stand; every indicator's rows have one."""
        model = self.declared.queryset.model
        found = resources.find(lambda item: item.model is model)
        if found is None:
            message = f"{self.item.code}: no register shows rows of {model.__name__}."
            raise LookupError(message)
        return found

    @property
    def may_open(self) -> bool:
        """Whether the reader may see such rows at all: by the indicator's grant and by the register's."""
        return bool(self.item.view.scope(current_reach())) and self.register.may_view()


def table(
    lines: Lines, page: int, href: str, export_href: str, parameters: Parameters, to_export: Parameters
) -> TableView:
    """One page of the rows. A fixed number of queries."""
    register, queryset = lines.register, lines.queryset()
    total = queryset.count()
    page = min(max(page, 1), max(1, -(-total // PAGE)))
    first = (page - 1) * PAGE
    keys = list(queryset.order_by("pk").values_list("pk", flat=True)[first : first + PAGE])
    return TableView(
        columns=[HeadCell(one.name, str(one.label), numeric=cells.is_numeric(one)) for one in register.listed],
        rows=[
            Row(
                [cells.cell(row, column) for column in register.listed],
                href=register.url("detail", row.pk),
                pk=str(row.pk),
            )
            for row in _fetched(lines, keys)
        ],
        total=total,
        href=href,
        label=str(lines.item.label),
        pager=pager(total, page, PAGE, href, parameters),
        export_href=f"{export_href}?{urlencode(to_export)}",
        export_note=_("导出全部 %(rows)s 行") % {"rows": formats.grouped(total)},
        empty_title=_("没有明细"),
        empty_text=_("这个数字在本期没有可列出的记录。"),
    )


def _fetched(lines: Lines, keys: list[Any]) -> list[Any]:
    register = lines.register
    rows = register.model._default_manager.filter(pk__in=keys)
    by_key = {row.pk: row for row in register.fetched(rows, register.listed, lines.period.day)}
    return [by_key[key] for key in keys if key in by_key]


def workbook(lines: Lines) -> bytes:
    """All rows as .xlsx, masked as on the page."""
    columns = lines.register.listed
    texts = [[cells.shown(row, column) or None for column in columns] for row in _every(lines)]
    frame = pl.DataFrame(texts, schema={str(column.label): pl.String for column in columns}, orient="row")
    widths = {str(column.label): float(column.type.width) for column in columns}
    return text_workbook(frame, str(lines.item.label)[:31], widths)


def _every(lines: Lines) -> Iterator[Any]:
    keys = lines.queryset().order_by("pk").values_list("pk", flat=True)
    for batch in batched(keys.iterator(), BATCH):
        yield from _fetched(lines, batch)
