"""What is out of reach looks as if it did not exist: the registrar of Second Primary asks for First Primary's."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import SignIn
from tests.browser.workbooks import records, sheet_of

NOWHERE = "/registers/pupils/99999999/"
NOT_FOUND = "地址可能写错了，内容可能已经移走，或者不在您的查看范围内。请核对地址，或从菜单重新进入。"


@pytest.fixture
def addresses(sign_in: SignIn) -> list[str]:
    """Pages of First Primary that its own registrar opens."""
    page = sign_in("xuejiyuan")
    page.goto("/registers/pupils/")
    pupil = _address(page, ".register tbody th a")
    page.goto("/registers/guardians/")
    guardian = _address(page, ".register tbody th a")
    page.goto("/registers/classes/")
    room = _address(page, ".register tbody th a")
    page.goto("/imports/")
    job = _address(page, "tbody th a:text-is('4 康乐一小 学生 2024年秋.xlsx')")
    school = re.search(r"school=(\d+)", page.request.get("/registers/pupils/").text())
    assert school
    unit = school[1]
    own = [pupil, f"{pupil}edit/", guardian, room, job, f"{job}rows/?outcome=new", f"{job}changes/", f"{job}undo/"]
    files = [f"{job}returned.xlsx"]
    figures = [f"/schools/{unit}/", f"/figures/people.pupils/units/{unit}/?year=2024"]
    for address in [*own, *files, *figures]:
        assert page.request.get(address).status == 200, address
    return [*own, *files, *figures]


def _address(page: Page, link: str) -> str:
    found = page.locator(link).first.get_attribute("href")
    assert found
    return found


def _words(page: Page, address: str) -> tuple[int, str]:
    answer = page.goto(address)
    assert answer
    return answer.status, page.locator("body").inner_text()


def test_every_page_of_another_school_reads_like_one_that_does_not_exist(sign_in: SignIn, addresses: list[str]) -> None:
    page = sign_in("xuejiyuan2")
    nothing = _words(page, NOWHERE)
    expect(page.get_by_role("heading", level=1)).to_have_text("没有找到这个页面")
    expect(page.get_by_text(NOT_FOUND)).to_be_visible()
    assert nothing[0] == 404
    for address in addresses:
        assert _words(page, address) == nothing, address


def test_lists_exports_searches_and_forms_never_reach_into_another_school(
    sign_in: SignIn, addresses: list[str], county: Path
) -> None:
    folder = county / "demo" / "workbooks"
    other, own = (records(sheet_of(folder / f"4 {name} 学生 2024年秋.xlsx")) for name in ("康乐一小", "康乐二小"))
    page = sign_in("xuejiyuan2")
    number = other[2]["学籍号"]  # the first of all has moved to Second Primary since
    unit = next(address for address in addresses if address.startswith("/schools/")).split("/")[2]

    page.goto(f"/registers/pupils/?q={number}")
    expect(page.locator(".empty-title")).to_have_text("没有符合条件的记录")
    page.goto(f"/registers/search/?q={number}")
    expect(page.get_by_text("没有找到", exact=True)).to_be_visible()
    everything = page.request.get(f"/registers/pupils/export/?school={unit}&status=every").body()
    assert {row["学校"] for row in records(sheet_of(everything))} <= {"万载县康乐第二小学"}
    assert len(records(sheet_of(page.request.get("/registers/pupils/export/").body()))) == len(own)
    token = page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""
    for address in addresses[:1]:
        for action in ("edit/", "reveal/id_number/"):
            answer = page.request.post(
                f"{address}{action}", form={"csrfmiddlewaretoken": token}, headers={"Referer": page.url}
            )
            assert answer.status == 404, action
