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
    monkeypatch.setattr(menu, "_entries", {})
    with override_settings(ROOT_URLCONF="tests.kernel.ui.gallery_urls"):
        yield


def test_entries_stand_in_the_order_of_the_actions() -> None:
    menu.add("system", "组件", "ui:gallery", menu.Everyone(), 1)
    menu.add("care", "资助", "search", menu.Everyone(), 9)
    menu.add("care", "档案", "account", menu.Everyone(), 3)
    groups = menu.entries(None)
    assert [(group.action, [entry.label for entry in group.entries]) for group in groups] == [
        ("care", ["档案", "资助"]),
        ("system", ["组件"]),
    ]


def test_who_has_no_grant_sees_neither_the_entry_nor_its_group() -> None:
    menu.add("care", "资助", "search", Nobody(), 1)
    assert menu.entries(None) == []


def test_a_wrong_action_and_a_second_declaration_are_refused() -> None:
    with pytest.raises(ValueError, match='names the action "caring"; there are: leadership, foundation'):
        menu.add("caring", "资助", "search", menu.Everyone(), 1)
    menu.add("care", "资助", "search", menu.Everyone(), 1)
    with pytest.raises(ValueError, match='"search" is declared twice'):
        menu.add("care", "资助", "search", menu.Everyone(), 1)


def test_an_entry_that_leads_nowhere_stops_the_server() -> None:
    menu.add("care", "资助", "aid-list", menu.Everyone(), 1)
    (error,) = checks.check_menu(None)
    assert error.id == "ui.E001"
    assert '"aid-list", which does not exist' in error.msg


def test_the_shell_marks_the_entry_of_the_page_and_of_pages_below_it() -> None:
    menu.add("", "首页", "home", menu.Everyone(), 1)
    menu.add("registers", "组件", "ui:gallery", menu.Everyone(), 2)
    menu.add("registers", "学生", "ui:sample", menu.Everyone(), 3, kwargs={"name": "table"})

    def current(path: str) -> list[str]:
        shell = Shell(user="易守正", path=path)
        drawn = Template('{% load ui %}{% frame "menu" %}').render(Context({"shell": shell}))
        return re.findall(r'aria-current="page"><span>(.*?)</span>', drawn)

    assert current("/") == ["首页"]
    assert current("/ui/") == ["组件"]
    assert current("/ui/table/17/") == ["学生"]
    assert current("/elsewhere/") == []


def test_a_visitor_has_no_menu_and_open_matters_are_counted() -> None:
    menu.add("", "我的待办", "account", menu.Everyone(), 1)
    assert Shell().menu == ()
    shell = Shell(user="易守正", counts={"account": 7})
    drawn = Template('{% load ui %}{% frame "menu" %}').render(Context({"shell": shell}))
    assert (
        '<span>我的待办</span><span class="badge badge-late">7<span class="visually-hidden">件待办</span></span>'
        in drawn
    )
