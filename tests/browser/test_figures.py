"""From the cockpit to the rows: every published figure is opened, and the rows add up to it."""

import re
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.workbooks import download, records, sheet_of

# Label on the cockpit → the column of its rows that adds up to the figure; without one, each row counts.
FIGURES = {
    "学生资助人次": "",
    "学生资助金额": "金额（元）",
    "新建、改扩建项目": "",
    "列入民生实事的项目": "",
    "新增学位": "新增学位",
}


def number(text: str) -> Decimal:
    return Decimal(text.replace(",", "").strip())


def total(rows: list[dict[str, Any]], column: str) -> Decimal:
    return sum((number(row[column] or "0") if column else Decimal(1) for row in rows), Decimal(0))


def rows_told(page: Page) -> int:
    """The number of rows that the page of a figure names."""
    told = re.search(r"明细 ([\d,]+) 行", page.locator(".value-facts").inner_text())
    assert told
    return int(number(told[1]))


def exported(page: Page) -> list[dict[str, Any]]:
    return records(sheet_of(download(page, page.get_by_role("link", name="导出所见"))[1]))


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    """The director's browser, at the cockpit."""
    return sign_in("juzhang")


@pytest.mark.parametrize("label", FIGURES)
def test_three_clicks_lead_from_a_figure_to_its_rows_and_they_add_up(page: Page, label: str) -> None:
    figure = page.locator(".figure").filter(has=page.locator(".figure-label", has_text=re.compile(f"^{label}")))
    value = figure.locator(".figure-number").inner_text()

    figure.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(label)
    expect(page.locator(".value-number")).to_have_text(value)
    counted, whole = rows_told(page), page.url
    parts = page.get_by_role("region", name="分单位").locator("tbody tr").filter(has=page.get_by_role("link"))
    shares = [line.locator("td").all_inner_texts() for line in parts.all()]
    assert sum(number(share[0]) for share in shares) == number(value)
    assert sum(number(share[2]) for share in shares) == counted

    parts.last.get_by_role("link").click()
    expect(page.locator(".value-number")).to_have_text(shares[-1][0])
    rows = exported(page)
    assert (len(rows), total(rows, FIGURES[label])) == (int(number(shares[-1][2])), number(shares[-1][0]))
    expect(page.locator(".register tbody tr")).to_have_count(min(50, len(rows)))
    page.locator(".register tbody th a").first.click()
    expect(page.get_by_role("heading", level=2, name="变更记录")).to_be_visible()

    page.goto(whole)
    page.get_by_role("link", name="看明细").click()
    rows = exported(page)
    assert (len(rows), total(rows, FIGURES[label])) == (counted, number(value))


def test_a_figure_of_a_system_that_is_not_built_yet_says_so_and_never_zero(page: Page) -> None:
    page.get_by_role("link", name="近视率同比变化").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("近视率同比变化")
    expect(page.locator("main")).to_contain_text("尚无记录")
    expect(page.locator(".value-number")).to_have_count(0)


def test_charts_are_drawn_and_have_their_numbers_as_a_table(page: Page) -> None:
    expect(page.locator("[data-chart-canvas] svg").first).to_be_visible()
    page.locator("[data-chart-table] summary").first.click()
    expect(page.locator("[data-chart-table] tbody tr").first).to_be_visible()
