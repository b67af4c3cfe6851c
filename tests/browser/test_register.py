"""The register of pupils, as the registrar of Second Primary works with it."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.workbooks import cell, download, headings, id_number, records, sheet_of
from xianxue.people.rules.names import name_initials

LIST = "/registers/pupils/"
LEFT = CAME = 1  # transfers of the demonstration that were done after the workbook had been sent


@pytest.fixture
def roster(county: Path) -> list[dict[str, Any]]:
    """What Second Primary has sent."""
    return records(sheet_of(county / "demo" / "workbooks" / "4 康乐二小 学生 2024年秋.xlsx"))


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    """The registrar's browser, at the list."""
    page = sign_in("xuejiyuan2")
    menu = page.get_by_role("navigation", name="主菜单")
    menu.get_by_text("登记").click()
    menu.get_by_role("link", name="学生学籍").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("学生")
    return page


def names(page: Page) -> list[str]:
    return [text.strip() for text in page.locator(".register tbody th").all_inner_texts()]


def search(page: Page, text: str) -> None:
    page.get_by_role("searchbox", name=re.compile("姓名、拼音或首字母")).fill(text)
    page.wait_for_url(re.compile(r"[?&]q="))


def masked(number: str) -> str:
    return f"{number[:4]}{'•' * (len(number) - 8)}{number[-4:]}"


def test_pupils_are_found_by_name_by_initials_and_by_the_exact_number(page: Page, roster: list[dict[str, Any]]) -> None:
    wanted = roster[7]
    expect(page.locator(".page-sub")).to_have_text(f"{len(roster)} 人")
    search(page, wanted["姓名"])
    assert set(names(page)) == {wanted["姓名"]}
    initials = name_initials(wanted["姓名"])
    page.goto(f"{LIST}?q={initials}")
    assert sorted(names(page)) == sorted(
        row["姓名"] for row in roster if name_initials(row["姓名"]).startswith(initials)
    )
    for number in (wanted["学籍号"], wanted["身份证件号"]):
        page.goto(f"{LIST}?q={number}")
        assert names(page) == [wanted["姓名"]]
    page.goto(f"{LIST}?q={wanted['学籍号'][:-1]}")
    expect(page.locator(".empty-title")).to_have_text("没有符合条件的记录")


def test_choosing_a_grade_filters_at_once_and_a_head_sorts_both_ways(page: Page, roster: list[dict[str, Any]]) -> None:
    page.get_by_role("search", name="查找和筛选").get_by_role("combobox", name="年级").select_option(label="三年级")
    page.wait_for_url(re.compile("grade="))
    expect(page.locator(".chip-drop")).to_have_text("年级：三年级")
    assert sorted(names(page)) == sorted(row["姓名"] for row in roster if row["年级"] == "三年级")
    head = page.get_by_role("columnheader", name="姓名")
    head.get_by_role("link").click()
    expect(head).to_have_attribute("aria-sort", "ascending")
    upwards = names(page)
    head.get_by_role("link").click()
    expect(head).to_have_attribute("aria-sort", "descending")
    assert names(page) == upwards[::-1]
    page.locator(".chip-drop").click()
    expect(page.locator(".page-sub")).to_have_text(f"{len(roster)} 人")


def test_columns_are_chosen_and_the_export_is_what_is_seen_with_numbers_masked(
    page: Page, roster: list[dict[str, Any]]
) -> None:
    page.get_by_text("列", exact=True).click()
    page.get_by_role("group", name="显示哪些列").get_by_label("民族").check()
    page.get_by_role("button", name="应用").click()
    expect(page.get_by_role("columnheader", name="民族")).to_be_visible()
    shown = [text.strip() for text in page.locator(".register thead th").all_inner_texts()]
    _name, content = download(page, page.get_by_role("link", name="导出所见"))
    sheet = sheet_of(content)
    assert headings(sheet) == shown
    exported = records(sheet)
    seen, sent = ({(row["姓名"], row["学籍号"]) for row in rows} for rows in (exported, roster))
    sent = {(name, masked(number)) for name, number in sent}
    assert (len(sent - seen), len(seen - sent)) == (LEFT, CAME)


def test_a_number_is_shown_in_full_on_request_and_the_history_says_so(page: Page, roster: list[dict[str, Any]]) -> None:
    wanted = roster[12]
    page.goto(f"{LIST}?q={wanted['学籍号']}")
    page.locator("tbody th a").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(wanted["姓名"])
    assert wanted["身份证件号"] not in page.content()
    fact = page.locator(".fact").filter(has_text=re.compile("^身份证件号"))
    expect(fact.locator(".masked")).to_have_text(masked(wanted["身份证件号"]))
    fact.get_by_role("button", name="查看全号").click()
    # Numbers are restricted: who opens them says what for, and then looks.
    assert wanted["身份证件号"] not in page.content()
    page.get_by_label("办理学生本人的事项").check()
    page.get_by_role("button", name="打开").click()
    fact.get_by_role("button", name="查看全号").click()
    notice = page.locator(".notice")
    expect(notice).to_contain_text(f"身份证件号：{wanted['身份证件号']}（本次查看已记入变更记录）")
    first = page.locator(".timeline > li").first
    expect(first.locator(".step-title")).to_have_text("查看原值：身份证件号")
    expect(first.locator(".step-note")).to_contain_text("曾晓燕")


def test_the_form_tells_a_mistake_at_its_field_and_saves_what_is_right(
    page: Page, roster: list[dict[str, Any]]
) -> None:
    wanted = roster[20]
    number = id_number("2018-01-15", 711)
    page.goto(f"{LIST}?q={wanted['学籍号']}")
    page.locator("tbody th a").click()
    page.get_by_role("link", name="更改").click()
    field = page.get_by_label("监护人1身份证件号")
    field.fill(number[:-1] + ("1" if number[-1] == "0" else "0"))
    page.get_by_label("现住址").fill("=HYPERLINK(1)")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("alert")).to_contain_text("没有保存：有内容需要改。")
    described = (page.get_by_label("监护人1身份证件号").get_attribute("aria-describedby") or "").split()[0]
    expect(page.locator(f"#{described}")).to_contain_text("的校验位不对，通常是某一位抄错。")
    page.get_by_label("监护人1身份证件号").fill("")
    page.get_by_role("button", name="保存").click()
    expect(page.get_by_role("status")).to_contain_text("已保存。")
    expect(page.locator(".timeline > li").first.locator(".step-note")).to_contain_text("曾晓燕 · 页面")

    page.goto(f"{LIST}?q={wanted['学籍号']}&columns=name&columns=address")
    exported = sheet_of(download(page, page.get_by_role("link", name="导出所见"))[1])
    harmless = cell(exported, 2, "现住址")
    assert (harmless.value, harmless.data_type, bool(harmless.quotePrefix)) == ("=HYPERLINK(1)", "s", True)


def test_the_list_as_of_a_day_shows_who_was_there_in_the_grade_of_that_day(
    page: Page, roster: list[dict[str, Any]]
) -> None:
    page.goto(f"{LIST}?on=2024-08-31&columns=name&columns=grade")
    before = [row for row in roster if row["入学年月"].year < 2024]
    expect(page.locator(".chip-drop")).to_have_text("2024 年 8 月 31 日 的名册")
    expect(page.locator(".page-sub")).to_have_text(f"{len(before)} 人")
    second_graders = {row["姓名"] for row in before if row["年级"] == "二年级"}
    shown = page.locator(".register tbody tr").filter(has_text="一年级")
    assert {text.strip() for text in shown.locator("th").all_inner_texts()} == second_graders
