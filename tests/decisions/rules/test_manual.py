"""The page about the checks: every one with its words and its numbers, and as the program prints it."""

from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from xianxue.decisions.management.commands.write_checks import page
from xianxue.decisions.rules import checks  # noqa: F401 - makes the 25 known
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.manual import GUIDE, PARAMETERS
from xianxue.decisions.rules.outcomes import all_checks


def test_the_page_of_the_manual_is_fresh() -> None:
    kept = Path(settings.PACKAGE).parent / "docs" / "guide" / "decision-checks.md"
    assert kept.read_text(encoding="utf-8") == page(), "run: make generated"


def test_a_stale_page_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(settings, "PACKAGE", tmp_path / "xianxue")
    with pytest.raises(CommandError, match="决策检查一页已过期"):
        call_command("write_checks", "--check", skip_checks=True)
    call_command("write_checks", verbosity=0, skip_checks=True)
    call_command("write_checks", "--check", skip_checks=True)


def test_there_are_twenty_five_each_with_words_setting_and_basis(book: RuleBook) -> None:
    numbers = [f"C{number:02d}" for number in range(1, 26)]
    assert [check.code for check in all_checks()] == numbers
    assert sorted(GUIDE) == numbers
    assert sorted(book.checks) == numbers
    for check in all_checks():
        assert str(check.label)
        assert check.source.endswith("（条款待核）") is not check.is_basis_checked


def test_every_number_of_the_rules_has_a_name_and_the_other_way_round(book: RuleBook) -> None:
    given = {(code, name) for code, setting in book.checks.items() for name in setting.parameters}
    assert given == set(PARAMETERS)


def test_the_gravity_of_the_release_is_that_of_the_check(book: RuleBook) -> None:
    assert {check.code: check.severity for check in all_checks()} == {
        code: setting.severity for code, setting in book.checks.items()
    }
