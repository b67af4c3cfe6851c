"""Rows of an import: those with a problem, those of one outcome, and all changed cells."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl
from django.http import Http404, HttpRequest, HttpResponseBase, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views import View

from xianxue.kernel.sheets import files, presenting
from xianxue.kernel.sheets import sheet as registry
from xianxue.kernel.sheets.checking.groups import sentence, shown_value
from xianxue.kernel.sheets.checking.summary import unit_labels
from xianxue.kernel.sheets.choices import Outcome
from xianxue.kernel.sheets.gone import GONE, gone_rows
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.restricting import open_cells
from xianxue.kernel.sheets.sheet import Sheet
from xianxue.kernel.sheets.views.common import job_to_handle, led_to_a_purpose
from xianxue.kernel.ui.pages import TablePage
from xianxue.kernel.ui.parts import Link
from xianxue.kernel.ui.tables import Cell, FilterControl, FilterOption, HeadCell, Row, TableView, pager

PAGE = 100
SHOWN_COLUMNS = 8


def _page_number(given: QueryDict, total: int) -> int:
    asked = given.get("page", "1")
    return min(max(int(asked) if asked.isdecimal() and len(asked) < 7 else 1, 1), max(1, -(-total // PAGE)))


class _LookView(View):
    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        job = job_to_handle(pk)
        if not job.is_checked or job.is_moving or not files.exists(job.pk, files.ROWS):
            raise Http404
        if (led := led_to_a_purpose(request, job)) is not None:
            return led
        title, table = self.looked_up(job, request.GET)
        trail = (Link(_("导入"), reverse("import-start")), Link(job.file_name, reverse("import-job", args=[job.pk])))
        page = TablePage(title=title, table=table, trail=(*trail, Link(title)))
        return render(request, "ui/table_page.html", {"page": page})

    def looked_up(self, job: ImportJob, given: QueryDict) -> tuple[str, TableView]:
        raise NotImplementedError


class RowsView(_LookView):
    """Rows with one kind of problem (`code`, `column`, `value`), or of one `outcome`."""

    def looked_up(self, job: ImportJob, given: QueryDict) -> tuple[str, TableView]:
        outcome = given.get("outcome", "")
        if outcome and outcome != Outcome.WRONG:
            if outcome not in Outcome.values:
                raise Http404
            return _("%(outcome)s的行") % {"outcome": Outcome(outcome).label}, _rows_of(job, outcome, given)
        return _("有问题的行"), _problem_rows(job, given)


def _missing_rows(job: ImportJob, given: QueryDict) -> TableView:
    sheet = registry.get(job.sheet)
    missing = files.read_frame(job.pk, files.MISSING).sort("unit_id", "label", "id")
    labels = unit_labels(sheet)
    page = _page_number(given, missing.height)
    shown = missing.slice((page - 1) * PAGE, PAGE)
    lines = [
        Row([Cell(label or ""), Cell(labels.get(unit, ""))])
        for unit, label in shown.select("unit_id", "label").iter_rows()
    ]
    heads = [HeadCell("who", _("谁")), HeadCell("unit", _("单位"))]
    kept = {"outcome": Outcome.MISSING.value}
    return _table(reverse("import-rows", args=[job.pk]), heads, lines, missing.height, kept, page)


def _rows_of(job: ImportJob, outcome: str, given: QueryDict) -> TableView:
    if outcome == Outcome.MISSING and files.exists(job.pk, files.MISSING):
        return _missing_rows(job, given)
    sheet = registry.get(job.sheet)
    rows = files.read_frame(job.pk, files.ROWS).filter(pl.col("outcome") == outcome).sort("row")
    names = [name for name in sheet.names if rows[name].null_count() < rows.height][:SHOWN_COLUMNS]
    page = _page_number(given, rows.height)
    shown = rows.slice((page - 1) * PAGE, PAGE)
    gone = gone_rows(job, sheet, shown["row"])
    lines = [
        Row([Cell(str(row), kind="number"), *(_gone_cells(names) if row in gone else _row_cells(sheet, names, texts))])
        for row, *texts in shown.select("row", *names).iter_rows()
    ]
    heads = [
        HeadCell("row", _("行"), numeric=True),
        *(HeadCell(name, str(sheet.by_name[name].label)) for name in names),
    ]
    return _table(reverse("import-rows", args=[job.pk]), heads, lines, rows.height, {"outcome": outcome}, page)


def _row_cells(sheet: Sheet, names: Sequence[str], texts: Sequence[str | None]) -> list[Cell]:
    return [Cell(sheet.by_name[name].display(text)) for name, text in zip(names, texts, strict=True)]


def _gone_cells(names: Sequence[str]) -> list[Cell]:
    return [Cell(str(GONE)), *(Cell("") for _name in names[1:])]


def _problem_rows(job: ImportJob, given: QueryDict) -> TableView:
    sheet = registry.get(job.sheet)
    problems = files.read_frame(job.pk, files.PROBLEMS)
    kept = {name: str(given[name]) for name in ("code", "column", "value") if given.get(name)}
    for name, text in kept.items():
        problems = problems.filter(pl.col(name) == text)
    titles = files.read_frame(job.pk, files.ROWS, ["row", sheet.title])
    page = _page_number(given, problems.height)
    shown = problems.slice((page - 1) * PAGE, PAGE).join(
        titles.rename({sheet.title: "who"}), on="row", how="left", maintain_order="left"
    )
    gone = gone_rows(job, sheet, shown["row"])
    lines = [
        Row(_problem_cells(problem, sheet, is_gone=problem["row"] in gone)) for problem in shown.iter_rows(named=True)
    ]
    heads = [
        HeadCell("row", _("行"), numeric=True), HeadCell("who", _("谁")), HeadCell("column", _("列")),
        HeadCell("value", _("这一格")), HeadCell("problem", _("问题和改法")),
    ]  # fmt: skip
    return _table(reverse("import-rows", args=[job.pk]), heads, lines, problems.height, kept, page)


def _problem_cells(problem: dict[str, Any], sheet: Any, *, is_gone: bool) -> list[Cell]:
    column = sheet.by_name.get(problem["column"] or "")
    label = Cell(str(column.label) if column else "")
    if is_gone:
        return [Cell(str(problem["row"]), kind="number"), Cell(str(GONE)), label, Cell(""), Cell("")]
    return [
        Cell(str(problem["row"]), kind="number"),
        Cell(problem["who"] or ""),
        label,
        Cell(shown_value(column, problem["value"] or "")),
        Cell(sentence(problem, sheet)),
    ]


class ChangesView(_LookView):
    """Every changed cell, by column where asked."""

    def looked_up(self, job: ImportJob, given: QueryDict) -> tuple[str, TableView]:
        sheet = registry.get(job.sheet)
        by_column = open_cells(job, sheet)
        column = given.get("column", "")
        total = by_column.get(column, 0) if column else sum(by_column.values())
        page = _page_number(given, total)
        shown = presenting.changes(job, sheet, column=column, limit=PAGE, start=(page - 1) * PAGE)
        lines = [
            Row([Cell(change.row), Cell(change.who), Cell(change.column), Cell(change.old), Cell(change.new)])
            for change in shown
        ]
        heads = [
            HeadCell("row", _("行")), HeadCell("who", _("谁")), HeadCell("column", _("列")),
            HeadCell("old", _("原值")), HeadCell("new", _("新值")),
        ]  # fmt: skip
        kept = {"column": column} if column else {}
        return _("将变更的内容"), _table(
            reverse("import-changes", args=[job.pk]),
            heads,
            lines,
            total,
            kept,
            page,
            filters=[_column_filter(job, sheet, by_column, column)],
        )


def _column_filter(job: ImportJob, sheet: Any, by_column: Mapping[str, int], chosen: str) -> FilterControl:
    href = reverse("import-changes", args=[job.pk])
    options = [FilterOption("", _("全部"), is_on=not chosen, href=href)] + [
        FilterOption(
            name, str(sheet.by_name[name].label), is_on=name == chosen, count=count,
            href=f"{href}?{urlencode({'column': name})}",
        )
        for name, count in by_column.items()
    ]  # fmt: skip
    return FilterControl("column", _("列"), kind="chips", options=options, value=chosen)


def _table(
    href: str,
    heads: Sequence[HeadCell],
    lines: Sequence[Row],
    total: int,
    kept: dict[str, str],
    page: int,
    *,
    filters: Sequence[FilterControl] = (),
) -> TableView:
    return TableView(
        columns=heads, rows=lines, total=total, href=href, filters=filters,
        pager=pager(total, page, PAGE, href, kept.items()) if total > PAGE else None, empty_title=_("没有这样的行"),
    )  # fmt: skip
