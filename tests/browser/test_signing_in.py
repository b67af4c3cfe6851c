"""Signing in and out, as each member of the cast meets it."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PASSWORD, SignIn, give_password
from xianxue.demo.plan import load

CAST = {member.username: member for member in load("wanzai").cast.members}
COUNTY, FIRST_PRIMARY, SECOND_PRIMARY = (
    "2024 年 · 全县一览",
    "2024 年 · 万载县康乐第一小学",
    "2024 年 · 万载县康乐第二小学",
)
OWN_CLASS = "2024 年 · 所辖范围一览"
START = ["工作台", "驾驶舱与年度报告"]
PROJECTS, DECISIONS, AID = ["项目建设"], ["三重一大监督"], ["学生资助"]
SCHOOLS, PUPILS, STAFF, EXCEL = ["学校与班级"], ["学生学籍"], ["教职工"], ["导入 Excel"]
SYSTEM, WITNESS, LAST = ["账号与权限", "基础数据"], ["留痕与查阅"], ["接口"]
RECORDS = SYSTEM + WITNESS + LAST
HEAD = START + PROJECTS + DECISIONS + AID + SCHOOLS + PUPILS + STAFF + EXCEL + RECORDS
REGISTRAR = START + AID + SCHOOLS + PUPILS + STAFF + EXCEL + SYSTEM + LAST
SENDS = START + DECISIONS + AID + SCHOOLS + EXCEL + SYSTEM + LAST
DECIDES = START + DECISIONS + AID + SCHOOLS + SYSTEM + LAST
# Username → heading of the page that comes first, and the systems of the menu.
MENUS: dict[str, tuple[str, list[str]]] = {
    "juzhang": (COUNTY, START + PROJECTS + DECISIONS + AID + SCHOOLS + PUPILS + STAFF + RECORDS),
    "xueji": (COUNTY, START + PROJECTS + AID + SCHOOLS + PUPILS + STAFF + EXCEL + SYSTEM + LAST),
    "zizhu": (COUNTY, START + AID + SCHOOLS + EXCEL + SYSTEM + LAST),
    "xiangmu": (COUNTY, START + PROJECTS + AID + SCHOOLS + EXCEL + SYSTEM + LAST),
    "shenji": (COUNTY, START + PROJECTS + DECISIONS + AID + SCHOOLS + PUPILS + STAFF + RECORDS),
    "xiaozhang": (FIRST_PRIMARY, HEAD),
    "xuejiyuan": (FIRST_PRIMARY, REGISTRAR),
    "xuejiyuan2": (SECOND_PRIMARY, REGISTRAR),
    "xiaozhang2": (SECOND_PRIMARY, HEAD),
    "banzhuren": (OWN_CLASS, START + AID + SCHOOLS + PUPILS + SYSTEM + LAST),
    "shuji": (FIRST_PRIMARY, SENDS),
    "jilu": (FIRST_PRIMARY, SENDS),
    "jiwei": (FIRST_PRIMARY, DECIDES),
    "banzi": (FIRST_PRIMARY, DECIDES),
    "jilu2": (SECOND_PRIMARY, SENDS),
    "sanzhong": (OWN_CLASS, SENDS),
    "jijian": (OWN_CLASS, DECIDES),
    "guanliyuan": (COUNTY, START + AID + SCHOOLS + EXCEL + SYSTEM + LAST),
    "anquan": (OWN_CLASS, START + AID + SCHOOLS + RECORDS),
    "shenjiyuan": (OWN_CLASS, START + AID + SCHOOLS + RECORDS),
}


def test_the_menus_below_are_those_of_the_whole_cast() -> None:
    assert list(MENUS) == list(CAST)


@pytest.mark.parametrize("username", MENUS)
def test_each_of_the_cast_signs_in_and_meets_their_own_menu(sign_in: SignIn, username: str) -> None:
    page = sign_in(username)
    first, systems = MENUS[username]
    expect(page.get_by_role("heading", level=1)).to_have_text(first)
    # Many systems stand in groups that are closed; a count of what waits may follow a name.
    page.evaluate("document.querySelectorAll('#menu details').forEach((group) => (group.open = true))")
    lines = [re.compile(f"^{system}") for system in systems]
    expect(page.get_by_role("navigation", name="主菜单").get_by_role("link")).to_have_text(lines)
    expect(page.locator(".top-user-name")).to_have_text(CAST[username].name)


def test_the_sign_in_page_lists_the_cast_and_one_click_is_enough(visit: SignIn) -> None:
    page = visit()
    cards = page.locator(".cast-card")
    expect(cards.locator("strong")).to_have_text([member.name for member in CAST.values()])
    cards.filter(has_text=CAST["zizhu"].name).click()
    expect(page.locator(".top-user-name")).to_have_text(CAST["zizhu"].name)


def test_a_wrong_password_is_answered_in_words_that_tell_nothing_more(visit: SignIn) -> None:
    page = visit()
    for username in ("juzhang", "meiyouzhegeren"):
        give_password(page, username, "not the password")
        expect(page.get_by_role("alert")).to_contain_text("未能登录：用户名或密码不正确。请核对后重试。")
        expect(page.get_by_label("用户名")).to_have_value(username)


def test_after_five_failures_signing_in_is_paused_and_the_time_is_told(visit: SignIn) -> None:
    page = visit()
    for _ in range(5):
        give_password(page, "suozhu", "not the password")
        expect(page.get_by_role("alert")).to_contain_text("用户名或密码不正确")
    give_password(page, "suozhu", "not the password")
    expect(page.get_by_role("alert")).to_contain_text(
        re.compile(r"未能登录：失败次数过多，已暂停登录，\d\d:\d\d 后可再试。忘记密码请找安全管理员重置。")
    )


def test_who_is_signed_out_is_led_to_sign_in_and_back(visit: SignIn) -> None:
    page = visit("/registers/schools/?q=第一小学")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
    give_password(page, "juzhang", PASSWORD)
    expect(page.get_by_role("heading", level=1)).to_have_text("学校")
    expect(page.get_by_role("search", name="查找和筛选").get_by_role("searchbox")).to_have_value("第一小学")


def test_the_menu_of_the_user_signs_out(sign_in: SignIn) -> None:
    page = sign_in("shenji")
    _sign_out(page)
    page.goto("/registers/pupils/")
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")


def _sign_out(page: Page) -> None:
    page.locator(".top-user").click()
    page.get_by_role("button", name="退出", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("登录")
