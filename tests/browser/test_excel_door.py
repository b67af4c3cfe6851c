"""The Excel door, as the registrar of First Primary goes through it."""

import io
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.imports import changes, counts, problems, send, state_becomes, undo, write
from tests.browser.workbooks import cell, download, filled, headings, id_number, pupil, records, sheet_of

RED = "FFF8CBC6"
RUINED = "“身份证件号”被 Excel 变成了数字“3.91999E+17”，末三位已丢失，无法还原。把这一列设为“文本”后对照证件重新填写，不能自动补。"
NO_CLASS = "该年级没有 99 班。已登记的班：1。改正年级或班号；确有此班的，先在“班级”中登记。"


@pytest.fixture
def roster(county: Path) -> list[dict[str, Any]]:
    """What First Primary has sent already."""
    return records(sheet_of(county / "demo" / "workbooks" / "4 康乐一小 学生 2024年秋.xlsx"))


@pytest.fixture
def page(sign_in: SignIn) -> Page:
    """The registrar's browser."""
    return sign_in("xuejiyuan")


def template(page: Page) -> tuple[str, bytes]:
    page.goto("/imports/")
    return download(page, page.locator(".import-templates").get_by_role("link", name="学生"))


def wrong_check_digit(number: str) -> str:
    return number[:-1] + ("1" if number[-1] == "0" else "0")


def dirty(roster: list[dict[str, Any]], order: int) -> list[dict[str, Any]]:
    """One row as it is, one changed, two new; a ruined number, an odd spelling, a wrong digit, a class that is none."""
    return [
        roster[order],
        {**roster[order + 1], "现住址": f"康乐街道新村路{order}号"},
        pupil(f"王新{chr(0x4E00 + order)}", order),
        pupil("王新二", order + 1),
        pupil("王毁号", order + 2, 身份证件号=3.91999201801159e17),
        pupil("王汉族", order + 3, 民族="汉族人"),
        pupil("王校验", order + 4, 身份证件号=wrong_check_digit(id_number("2018-01-15", order + 4))),
        pupil("王无班", order + 5, 班号="99"),
    ]


def assert_marked(sheet: Worksheet) -> None:
    """Wrong cells are red and say why; right ones stay as they were."""
    wrong = cell(sheet, 6, "身份证件号")
    assert (wrong.fill.fgColor.rgb, wrong.comment.text if wrong.comment else "") == (RED, RUINED)
    assert (cell(sheet, 9, "班号").fill.fgColor.rgb, cell(sheet, 9, "说明").value) == (RED, NO_CLASS)
    assert cell(sheet, 4, "身份证件号").fill.fgColor.rgb != RED


def name_purpose(page: Page) -> None:
    """The marked workbook tells what the records hold of restricted facts: its sender says why first, and comes back.

    Not asked again for half an hour: another test of the same sender may have said it.
    """
    here, href = page.url, str(page.get_by_role("link", name="下载标红的原表").get_attribute("href"))
    if "/restricted/" not in page.request.get(href).url:
        return
    page.goto(href)
    page.get_by_label("核对学籍信息").check()
    with page.expect_download():
        page.get_by_role("button", name="打开").click()
    page.goto(here)


def test_the_template_is_text_with_its_rules_and_lists_beside_it(page: Page) -> None:
    name, content = template(page)
    sheet = sheet_of(content)
    assert name == "学生模板.xlsx"
    assert load_workbook(io.BytesIO(content)).sheetnames == ["学生", "填写说明", "代码表"]
    assert headings(sheet)[:6] == ["学籍号", "姓名", "性别", "出生日期", "身份证件类型", "身份证件号"]
    assert sheet.column_dimensions["F"].number_format == "@"


def test_a_dirty_workbook_is_told_in_groups_mended_by_a_click_and_returned_marked(
    page: Page, roster: list[dict[str, Any]]
) -> None:
    rows = dirty(roster, 10)
    send(page, 新生=filled(template(page)[1], rows))
    assert counts(page) == {"新增": "2", "变更": "1", "相同": "1", "有错": "4", "不在表中": str(len(roster) - 2)}
    masked = f"{rows[6]['身份证件号'][:4]}••••••••••{rows[6]['身份证件号'][-4:]}"
    ruined = ["P104身份证件号被 Excel 变成了数字，末三位已丢失", "1", "第 6 行：3.91999E+17",
              "把这一列设为“文本”后对照证件重新填写，不能自动补。"]  # fmt: skip
    digit = ["P105身份证件号的校验位不对", "1", f"第 8 行：{masked}", "对照证件改正。"]
    spelling = ["P201民族写法不在代码表里", "1", "第 7 行：汉族人", "改为代码表里的一项。 1 行都改为“汉族”"]
    no_class = ["P515学校没有这个班", "1", "第 9 行：99", "改正年级或班号；确有此班的，先在“班级”中登记。"]
    assert problems(page) == [ruined, digit, spelling, no_class]
    changed = [roster[11]["姓名"], "第 3 行", "现住址", roster[11]["现住址"], "康乐街道新村路10号"]
    assert changes(page) == [changed]

    page.get_by_role("button", name="1 行都改为“汉族”").click()
    state_becomes(page, "待写入")
    assert problems(page) == [ruined, digit, no_class]
    expect(page.locator(".form-actions .button-primary")).to_have_text("先写入没有错的 4 行")
    write(page)

    name_purpose(page)
    name, content = download(page, page.get_by_role("link", name="下载标红的原表"))
    sheet = sheet_of(content)
    assert name == "新生（检查结果）.xlsx"
    assert headings(sheet)[-2:] == ["结果", "说明"]
    assert [row["结果"] for row in records(sheet)] == [
        "相同",
        "已变更",
        "已新增",
        "已新增",
        "有错",
        "已新增",
        "有错",
        "有错",
    ]
    assert_marked(sheet)
    undo(page)


def test_the_mended_workbook_adds_the_rest_and_sent_once_more_changes_nothing(
    page: Page, roster: list[dict[str, Any]]
) -> None:
    send(page, 新生=filled(template(page)[1], dirty(roster, 20)))
    write(page)
    first = page.url
    name_purpose(page)
    returned = download(page, page.get_by_role("link", name="下载标红的原表"))[1]
    rows = records(sheet_of(returned))
    rows[4]["身份证件号"] = id_number("2018-01-15", 22)
    rows[5]["民族"] = "汉族"
    rows[6]["身份证件号"] = id_number("2018-01-15", 24)
    rows[7]["班号"] = "1"
    mended = filled(returned, rows)

    send(page, 新生改正=mended)
    assert counts(page) == {"新增": "4", "变更": "0", "相同": "4", "有错": "0", "不在表中": str(len(roster) - 2)}
    expect(page.locator(".form-actions .button-primary")).to_have_text("写入 4 行")
    write(page)
    second = page.url

    send(page, 新生再发=mended)
    assert counts(page) == {"新增": "0", "变更": "0", "相同": "8", "有错": "0", "不在表中": str(len(roster) - 2)}
    expect(page.locator(".form-actions .button-primary")).to_be_disabled()
    expect(page.locator(".why-not").first).to_have_text("没有需要写入的行：内容与现有记录相同，或者都有错。")
    for address in (second, first):
        page.goto(address)
        undo(page)


def test_an_import_is_undone_whole_and_the_history_of_a_pupil_names_it(
    page: Page, roster: list[dict[str, Any]]
) -> None:
    send(page, 新生=filled(template(page)[1], dirty(roster, 30)[:3]))
    write(page)
    number = page.url.rstrip("/").rpartition("/")[2]
    job = page.url
    found = f"/registers/pupils/?q={roster[31]['学籍号']}"

    page.goto(found)
    page.locator("tbody th a").click()
    history = page.locator(".timeline > li")
    expect(history.first.locator(".step-title")).to_have_text("导入写入")
    expect(history.first.get_by_role("link", name=f"导入 {number}")).to_be_visible()
    expect(history.first.locator(".changes li")).to_have_count(1)
    expect(history.first.locator("ins")).to_contain_text("康乐街道新村路30号")
    pupil_page = page.url

    page.goto(job)
    undo(page)
    page.goto(pupil_page)
    expect(page.get_by_text("现住址").locator("xpath=following-sibling::dd").first).to_have_text(roster[31]["现住址"])
    expect(history.first.locator("ins")).to_contain_text(roster[31]["现住址"])
    page.goto("/registers/pupils/?q=王新一")
    expect(page.locator(".empty-title")).to_have_text("没有符合条件的记录")
