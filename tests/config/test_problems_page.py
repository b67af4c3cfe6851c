"""The manual lists every kind of problem."""

from pathlib import Path

from xianxue.config.management.commands.problems_page import SORTS, problems_page
from xianxue.kernel.columns.problems import problem_kinds


def test_the_manual_has_every_problem() -> None:
    assert Path("docs/guide/problems.md").read_text(encoding="utf-8") == problems_page(), "run: make generated"


def test_every_problem_has_its_place_on_the_page() -> None:
    assert [kind.code for kind in problem_kinds() if not kind.code.startswith(tuple(SORTS))] == []
