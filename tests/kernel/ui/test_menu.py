"""The menu: grouped by the five actions, seen by those who may."""

import re
from collections.abc import Iterator

import pytest
from django.template import Context, Template
from django.test import override_settings

from xianxue.kernel.ui import checks, menu
from xianxue.kernel.ui.shell import Shell


class Nobody:
    def scope(self, reach: object, /) -> bool:
        return False


@pytest.fixture(autouse=True)
def empty_menu(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(menu, "_tabs", {})
    with override_settings(ROOT_URLCONF="tests.kernel.ui.gallery_urls"):
        yield


def tabs(reach: object = None) -> list[tuple[str, list[tuple[str, list[str]]]]]:
    """The menu: action, its systems, the tabs of each."""
    return [
        (group.action, [(entry.system.key, [str(tab.label) for tab in entry.tabs]) for entry in group.entries])
        for group in menu.entries(reach)
    ]


def draw(part: str, shell: Shell) -> str:
    return Template(f'{{% load ui %}}{{% frame "{part}" %}}').render(Context({"shell": shell}))


def test_systems_stand_in_the_order_of_the_house_and_tabs_in_their_own() -> None:
    menu.add("settings", "组件", "ui:gallery", menu.Everyone(), 1)
    menu.add("student_aid", "发放", "search", menu.Everyone(), 9)
    menu.add("student_aid", "标准", "home", menu.Everyone(), 1, in_settings=True)
    menu.add("student_aid", "人数", "account", menu.Everyone(), 3)
    menu.add("home_school", "开放日", "ui:sample", menu.Everyone(), 1, kwargs={"name": "table"})
    assert tabs() == [
        ("care", [("home_school", ["开放日"]), ("student_aid", ["人数", "发放", "标准"])]),
        ("system", [("settings", ["组件"])]),
    ]


def test_who_has_no_grant_sees_neither_the_tab_nor_its_system() -> None:
    menu.add("student_aid", "资助", "search", Nobody(), 1)
    assert tabs() == []


def test_a_wrong_system_and_a_second_declaration_are_refused() -> None:
    with pytest.raises(ValueError, match='names the system "student_ade"; there are: work, cockpit_and_report'):
        menu.add("student_ade", "资助", "search", menu.Everyone(), 1)
    menu.add("student_aid", "资助", "search", menu.Everyone(), 1)
    with pytest.raises(ValueError, match='"search" is declared twice'):
        menu.add("student_aid", "资助", "search", menu.Everyone(), 1)


def test_a_tab_that_leads_nowhere_stops_the_server() -> None:
    menu.add("student_aid", "资助", "aid-list", menu.Everyone(), 1)
    (error,) = checks.check_menu(None)
    assert error.id == "ui.E001"
    assert '"aid-list", which does not exist' in error.msg


def test_the_shell_marks_system_and_tab_of_the_page_and_of_pages_below_it() -> None:
    menu.add("cockpit_and_report", "首页", "home", menu.Everyone(), 1)
    menu.add("pupils", "组件", "ui:gallery", menu.Everyone(), 2)
    menu.add("pupils", "学生", "ui:sample", menu.Everyone(), 3, kwargs={"name": "table"})

    def current(path: str, system: str = "") -> list[str]:
        shell = Shell(user="易守正", path=path, system=system)
        systems = re.findall(r'aria-current="page"><span>(.*?)</span>', draw("menu", shell))
        return systems + re.findall(r'aria-current="page">(.*?)</a>', draw("tabs", shell))

    assert current("/") == ["驾驶舱与年度报告"]
    assert current("/ui/") == ["学生学籍", "组件"]
    assert current("/ui/table/17/") == ["学生学籍", "学生"]
    assert current("/elsewhere/") == []
    # A matter stands under no tab; its view says to which system it belongs.
    assert current("/elsewhere/", "pupils") == ["学生学籍"]


def test_a_system_of_one_page_has_no_bar_of_tabs_and_a_large_one_keeps_eight_in_sight() -> None:
    menu.add("work", "待我办", "home", menu.Everyone(), 1)
    assert draw("tabs", Shell(user="易守正")) == ""
    for number in range(9):
        menu.add("work", f"第 {number}", "ui:sample", menu.Everyone(), 2 + number, f"tab-{number}", {"name": "table"})
    menu.add("work", "参数", "account", menu.Everyone(), 1, in_settings=True)
    shown, _bar, rest = draw("tabs", Shell(user="易守正")).partition("</nav>")
    assert shown.count("<li>") == 8
    assert [text in rest for text in ("第 6", "第 7", "第 8", "更多", "参数", "设置")] == [
        False,
        True,
        True,
        True,
        True,
        True,
    ]


def test_few_systems_stand_flat_and_many_in_groups_of_which_that_of_the_page_is_open() -> None:
    for number, system in enumerate(["work", "pupils", "staff", "schools", "imports", "student_aid", "decisions"]):
        menu.add(system, "页", "ui:sample", menu.Everyone(), 1, f"few-{number}", {"name": "table"})
    assert "<details" not in draw("menu", Shell(user="易守正"))
    menu.add("settings", "组件", "ui:gallery", menu.Everyone(), 1)
    menu.add("accounts", "账号", "account", menu.Everyone(), 1)
    drawn = draw("menu", Shell(user="易守正", path="/account/", counts={"student_aid": 2, "work": 2}))
    opened = dict(re.findall(r'data-remembered="menu-(\w+)"( open)?', drawn))
    assert opened == {"accountability": "", "care": "", "registers": "", "system": " open"}
    care = drawn.partition("menu-care")[2]
    assert 'badge-late">2<' in care.partition("</summary>")[0]
    assert "工作台</span>" in drawn.partition("<details")[0]


def test_a_visitor_has_no_menu_and_open_matters_are_counted() -> None:
    menu.add("work", "待我办", "account", menu.Everyone(), 1)
    assert Shell().menu == ()
    assert (
        '<span>工作台</span><span class="badge badge-late">7<span class="visually-hidden">件待办</span></span>'
        in draw("menu", Shell(user="易守正", counts={"work": 7}))
    )
