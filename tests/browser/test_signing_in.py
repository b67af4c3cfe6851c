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
Lines = list[str | re.Pattern[str]]
START: Lines = ["驾驶舱", re.compile("^我的待办"), "该谁办"]  # the to-do tells how many wait
REPORT: Lines = ["年度报告"]
RELEASED: Lines = ["已发布的报告"]
WAYS: Lines = ["流程目录"]
PROJECTS: Lines = ["建设项目"]
AID: Lines = ["资助发放"]
RATES: Lines = ["资助标准"]
OVERSEEN: Lines = ["三重一大监督"]
DECISIONS: Lines = ["三重一大议题", "事项清单"]
SITTING: Lines = ["我的会议"]
AROUND: Lines = [
    *("发现的问题", "提示函", "规则版本", "会议台账", "议事机构", "检查项", "议事机构成员", "利害关系"),
    *("支出台账", "合同台账", "任免台账"),
]
MATTERS: Lines = ["督办", "办件"]
WITNESS: Lines = ["留痕见证"]
SCHOOLS: Lines = ["学校", "班级"]
PEOPLE: Lines = ["教职工", "学生", "国家系统学籍状态", "升级", "监护人"]
DOUBLES: Lines = ["疑似重复"]
EXCEL: Lines = ["导入 Excel"]
READS: Lines = ["查阅记录", "紧急查阅"]
USERS: Lines = ["用户", "任职授权"]
APPLIED: Lines = ["账号事项申请"]
DELEGATED: Lines = ["代办委托"]
SIGN_INS: Lines = ["登录记录", "查阅记录", "登录失败", "紧急查阅"]
TRIED: Lines = ["跨校核对记录"]
SYSTEM: Lines = ["学年", "学期", "日历调整", "代码表", "代码", "接口令牌", "权限表"]
COUNTY_START, SCHOOL_START = START + REPORT + RELEASED + WAYS, START + RELEASED + WAYS
REGISTRAR = SCHOOL_START + MATTERS + AID + RATES + SCHOOLS + PEOPLE + DOUBLES + EXCEL + SYSTEM
OF_SCHOOL, OF_COUNTY = DECISIONS + SITTING + AROUND, OVERSEEN + DECISIONS + AROUND
DECIDES = START + WAYS + OF_SCHOOL + MATTERS + RATES + SCHOOLS + SYSTEM
SENDS = START + WAYS + OF_SCHOOL + MATTERS + RATES + SCHOOLS + EXCEL + SYSTEM
WATCHES = START + WAYS + OF_COUNTY + MATTERS + RATES + SCHOOLS + SYSTEM
HEAD = (
    SCHOOL_START
    + PROJECTS
    + OF_SCHOOL
    + MATTERS
    + WITNESS
    + AID
    + RATES
    + SCHOOLS
    + PEOPLE
    + DOUBLES
    + EXCEL
    + READS
    + SYSTEM
)
ALL_AID = MATTERS + AID + RATES + SCHOOLS
# Username → heading of the page that comes first, and the lines of the menu.
MENUS: dict[str, tuple[str, list[str | re.Pattern[str]]]] = {
    "juzhang": (
        COUNTY,
        COUNTY_START + PROJECTS + OF_COUNTY + MATTERS + WITNESS + AID + RATES + SCHOOLS + PEOPLE + APPLIED + SYSTEM,
    ),
    "xueji": (COUNTY, COUNTY_START + PROJECTS + ALL_AID + PEOPLE + DOUBLES + EXCEL + SYSTEM),
    "zizhu": (COUNTY, COUNTY_START + ALL_AID + EXCEL + SYSTEM),
    "xiangmu": (COUNTY, COUNTY_START + PROJECTS + RATES + SCHOOLS + EXCEL + SYSTEM),
    "shenji": (
        COUNTY,
        COUNTY_START
        + PROJECTS
        + OF_COUNTY
        + MATTERS
        + WITNESS
        + AID
        + RATES
        + SCHOOLS
        + PEOPLE
        + DOUBLES
        + READS
        + SYSTEM,
    ),
    "xiaozhang": (FIRST_PRIMARY, HEAD),
    "xuejiyuan": (FIRST_PRIMARY, REGISTRAR),
    "xuejiyuan2": (SECOND_PRIMARY, REGISTRAR),
    "xiaozhang2": (SECOND_PRIMARY, HEAD),
    "banzhuren": (OWN_CLASS, SCHOOL_START + MATTERS + RATES + SCHOOLS + ["学生", "监护人"] + SYSTEM),
    "shuji": (FIRST_PRIMARY, SENDS),
    "jilu": (FIRST_PRIMARY, SENDS),
    "jiwei": (FIRST_PRIMARY, DECIDES),
    "banzi": (FIRST_PRIMARY, DECIDES),
    "jilu2": (SECOND_PRIMARY, SENDS),
    "sanzhong": (OWN_CLASS, START + WAYS + OF_COUNTY + MATTERS + RATES + SCHOOLS + EXCEL + SYSTEM),
    "jijian": (OWN_CLASS, WATCHES),
    "guanliyuan": (COUNTY, COUNTY_START + RATES + SCHOOLS + EXCEL + SYSTEM),
    "anquan": (OWN_CLASS, START + WAYS + RATES + SCHOOLS + USERS + APPLIED + DELEGATED + TRIED + SYSTEM),
    "shenjiyuan": (
        OWN_CLASS,
        START + WAYS + WITNESS + RATES + SCHOOLS + USERS + APPLIED + DELEGATED + SIGN_INS + TRIED + SYSTEM,
    ),
}


def test_the_menus_below_are_those_of_the_whole_cast() -> None:
    assert list(MENUS) == list(CAST)


@pytest.mark.parametrize("username", MENUS)
def test_each_of_the_cast_signs_in_and_meets_their_own_menu(sign_in: SignIn, username: str) -> None:
    page = sign_in(username)
    first, lines = MENUS[username]
    expect(page.get_by_role("heading", level=1)).to_have_text(first)
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
