"""What one check says of one case."""

from typing import Any

from tests.decisions.rules.lawful import SECOND, case, entry, sitting
from tests.decisions.rules.test_hard_cases import said
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.facts import Case
from xianxue.kernel.checks.choices import Verdict

__all__ = ["one_meeting", "reason", "said", "verdict"]


def one_meeting(**given: Any) -> Case:
    """A case with the party's meeting alone, and something else at it."""
    facts = {**given}
    return case(entry=entry(chain=("party",)), sittings=(sitting("party", SECOND, **facts),))


def reason(code: str, it: Case, book: RuleBook) -> str:
    """The words of one check."""
    return said(code, it, book).reason


def verdict(code: str, it: Case, book: RuleBook) -> Verdict:
    """The verdict of one check."""
    return said(code, it, book).verdict
