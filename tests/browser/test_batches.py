"""Many schools' files in one go, as the bureau's officer sends them."""

from pathlib import Path

from playwright.sync_api import expect

from tests.browser.conftest import SignIn
from tests.browser.imports import counts, send
from tests.browser.workbooks import filled, pupil, records, sheet_of


def test_three_schools_files_show_the_difference_of_each_before_anything_is_written(
    sign_in: SignIn, county: Path
) -> None:
    first, second, third = (
        county / "demo" / "workbooks" / f"4 {school} 学生 2024年秋.xlsx"
        for school in ("康乐一小", "康乐二小", "株潭中心")
    )
    roster, other = records(sheet_of(first)), records(sheet_of(second))
    roster[40]["现住址"] = "康乐街道新村路40号"
    other[5]["民族"], other[6]["民族"] = "汉族人", "汉族人"
    page = sign_in("xueji")

    new = [pupil("王待写", 801), pupil("王待定", 803)]
    send(page, 康乐一小=filled(first, [*roster, *new]), 康乐二小=filled(second, other), 株潭中心=third.read_bytes())

    expect(page.get_by_role("heading", level=1)).to_have_text("一次发送的 3 个文件")
    lines = page.get_by_role("region", name="各校差异").locator("tbody tr")
    heads = ("单位", "文件", "新增", "变更", "相同", "不在表中", "有错")
    shown = [[line.locator(f"[data-label={head}]").inner_text().strip() for head in heads] for line in lines.all()]
    many = len(records(sheet_of(third))) - 1  # below a title, the first record is the row of heads
    # Since the workbooks were sent, one child moved from each of the first two to the other: in the sheet of the
    # school that it left its row is refused, and the sheet of its new school lacks it.
    assert shown == [
        ["万载县康乐第一小学", "康乐一小.xlsx", "2", "1", str(len(roster) - 2), "1", "1"],
        ["万载县康乐第二小学", "康乐二小.xlsx", "0", "0", str(len(other) - 3), "1", "3"],
        ["万载县株潭镇中心小学", "株潭中心.xlsx", "0", "0", str(many), "0", "0"],
    ]
    same = len(roster) + len(other) + many - 5
    assert counts(page) == {"新增": "2", "变更": "1", "相同": str(same), "有错": "4"}
    expect(page.locator(".form-actions .button-primary")).to_have_text("写入全部没有错的 3 行")

    page.goto("/registers/pupils/?q=王待")
    expect(page.locator(".empty-title")).to_have_text("没有符合条件的记录")
