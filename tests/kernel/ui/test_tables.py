"""The register table: sorting, filters, columns, no rows, long rows."""

from dataclasses import replace

import pytest
from django.template.loader import render_to_string

from xianxue.kernel.ui.tables import (
    BulkAction,
    Cell,
    ColumnChoice,
    FilterControl,
    FilterOption,
    HeadCell,
    Pager,
    Row,
    TableView,
    pager,
)

TABLE = TableView(
    columns=(
        HeadCell("name", "姓名", "?order=-name", "ascending"),
        HeadCell("aid", "资助", "?order=aid", numeric=True),
        HeadCell("school", "学校"),
    ),
    rows=(Row((Cell("钟梓轩"), Cell("1,250.00", "money"), Cell()), "/people/1/", "1"),),
    total=1,
    href="/people/",
)


def draw(table: TableView) -> str:
    return " ".join(render_to_string("ui/table.html", {"table": table}).split())


def test_heads_sort_and_say_how_they_are_sorted() -> None:
    drawn = draw(TABLE)
    assert (
        '<th scope="col" aria-sort="ascending"><a class="sort" id="table-sort-name" href="?order=-name">姓名' in drawn
    )
    assert '<th scope="col" class="numeric"><a class="sort" id="table-sort-aid" href="?order=aid">资助</a>' in drawn
    assert '<th scope="col">学校</th>' in drawn


def test_cells_carry_their_column_for_narrow_screens_and_the_first_leads_to_the_row() -> None:
    drawn = draw(TABLE)
    assert 'data-label="姓名"><a href="/people/1/">钟梓轩</a></th>' in drawn
    assert '<td class="cell-money numeric cell-short" data-label="资助">1,250.00</td>' in drawn
    assert '<td class="cell-text cell-empty" data-label="学校"><span class="none">–</span></td>' in drawn


def test_text_of_a_cell_is_escaped() -> None:
    assert "<script>" not in draw(replace(TABLE, rows=(Row((Cell("<script>"), Cell(), Cell())),)))


def test_htmx_swaps_the_table_and_nothing_else() -> None:
    assert 'id="table" data-controller="table" hx-target="#table" hx-select="#table" hx-swap="outerHTML"' in draw(TABLE)
    assert 'id="table-aid"' in draw(replace(TABLE, name="aid"))
    assert "hx-boost" not in draw(TABLE).split("<tbody>")[1]


def test_no_rows_say_so_and_lead_out() -> None:
    drawn = draw(replace(TABLE, rows=(), total=0, clear_href="/people/", empty_text="没有叫张三丰的学生。"))
    assert "没有符合条件的记录" in drawn
    assert "没有叫张三丰的学生。" in drawn
    assert '<a class="button button-plain" href="/people/">' in drawn
    assert "<table" not in drawn


def test_filters_are_a_form_that_works_without_scripts_and_keeps_the_order() -> None:
    options = (FilterOption("", "全部", is_on=False), FilterOption("1", "城南小学", is_on=True, count=1846))
    table = replace(
        TABLE,
        search="zzx",
        kept=(("order", "-name"),),
        filters=(FilterControl("school", "学校", options=options, value="1"), FilterControl("on", "日期", "date")),
    )
    form = draw(table).split('class="tools-form"')[1].split("</form>")[0]
    assert 'method="get" action="/people/"' in form
    assert '<input type="hidden" name="order" value="-name">' in form
    assert 'name="q" value="zzx"' in form
    assert '<option value="1" selected>城南小学（1846）</option>' in form
    assert '<input type="date" id="table-f-on" name="on"' in form
    assert '<button class="button button-plain" type="submit"' in form


def test_the_column_chooser_keeps_the_filters_and_fixed_columns() -> None:
    table = replace(
        TABLE,
        search="zzx",
        filters=(FilterControl("school", "学校", value="1"),),
        choices=(ColumnChoice("name", "姓名", is_fixed=True), ColumnChoice("aid", "资助", is_shown=False)),
    )
    form = draw(table).split("显示哪些列")[0].rsplit("<form", 1)[1] + draw(table).split("显示哪些列")[1]
    assert '<input type="hidden" name="school" value="1">' in form
    assert '<input type="checkbox" name="columns" value="name" checked disabled>' in form
    assert '<input type="hidden" name="columns" value="name">' in form
    assert '<input type="checkbox" name="columns" value="aid">' in form


def test_rows_can_be_chosen_for_what_is_done_in_bulk() -> None:
    drawn = draw(replace(TABLE, is_selectable=True, bulk_actions=(BulkAction("调班", "/move/"),)))
    assert '<input type="checkbox" name="row" value="1" data-bulk-one aria-label="选中 钟梓轩">' in drawn
    assert 'formaction="/move/"' in drawn


def test_what_is_seen_can_be_exported_and_paged() -> None:
    drawn = draw(replace(TABLE, export_href="?format=xlsx", pager=Pager(1, 50, 120, 1, 3, next_href="?page=2")))
    assert 'href="?format=xlsx" download' in drawn
    assert '<a href="?page=2" rel="next">下一页</a>' in drawn


def test_a_row_of_the_wrong_width_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="zip"):
        draw(replace(TABLE, rows=(Row((Cell("钟梓轩"),)),)))


def test_a_pager_counts_rows_and_leads_to_the_other_pages() -> None:
    made = pager(120, 2, 50, "/people/", [("sex", "1"), ("sex", "2")])
    assert (made.first, made.last, made.total, made.page, made.pages) == (51, 100, 120, 2, 3)
    assert (made.first_href, made.previous_href) == ("/people/?sex=1&sex=2", "/people/?sex=1&sex=2")
    assert (made.next_href, made.last_href) == ("/people/?sex=1&sex=2&page=3", "/people/?sex=1&sex=2&page=3")


@pytest.mark.parametrize(
    ("total", "page", "rows", "pages"), [(0, 1, (0, 0), 1), (50, 1, (1, 50), 1), (51, 2, (51, 51), 2)]
)
def test_a_pager_at_the_ends(total: int, page: int, rows: tuple[int, int], pages: int) -> None:
    made = pager(total, page, 50, "/people/")
    assert ((made.first, made.last), made.pages) == (rows, pages)
    assert (made.next_href, made.last_href) == ("", "")
    assert made.first_href == made.previous_href == ("/people/" if page > 1 else "")
