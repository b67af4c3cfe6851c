"""Where the manual says “学生学籍 → 升级”, the menu has it: every path that begins with a name of the menu leads somewhere."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from xianxue.kernel.ui import menu
from xianxue.kernel.ui.systems import groups, systems

PAGES = sorted((Path(__file__).parents[2] / "docs/guide").glob("*.md"))
PATH = re.compile("“([^”“]+ → [^”“]+)”")
GROUPS = {
    label: {system.label for system in systems().values() if system.action == key} for key, label in groups().items()
}
TABS = {
    system.label: {str(tab.label) for tab in menu.declared() if tab.system == key} for key, system in systems().items()
}


def paths() -> Iterator[tuple[str, str]]:
    for page in PAGES:
        for path in PATH.findall(page.read_text(encoding="utf-8")):
            yield page.name, path


def leads_somewhere(names: list[str]) -> bool:
    """Group, system, tab, each after the other; what comes after a tab stands on its page."""
    first, second = names[0], names[1]
    if first in GROUPS:
        return second in GROUPS[first] and (len(names) == 2 or leads_somewhere(names[1:]))
    return first not in TABS or second in TABS[first]


@pytest.mark.parametrize(("page", "path"), list(paths()))
def test_a_path_of_the_manual_is_in_the_menu(page: str, path: str) -> None:
    assert leads_somewhere(path.split(" → ")), (page, path)


def test_a_wrong_path_would_be_found() -> None:
    assert not leads_somewhere(["系统管理", "账号与权限", "学生"])
    assert not leads_somewhere(["登记", "账号与权限"])
    assert leads_somewhere(["系统管理", "账号与权限", "用户", "新建用户"])
