"""The 25 checks as a registry: the functions over a proposal or a school, each with its phase."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from xianxue.decisions.choices import Phase
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.facts import Case, School
from xianxue.kernel.checks import check
from xianxue.kernel.checks.outcomes import Outcome

CASE, SCHOOL = "case", "school"
"""The kinds of subjects: one proposal with all around it, one school's ledgers and lists."""
SWITCHED_OFF = _("县局在规则版本 %(version)s 中停用了这一项。")
CaseCheck = Callable[[Case, RuleBook], Outcome]
SchoolCheck = Callable[[School, RuleBook], Outcome]


@dataclass(frozen=True)
class Check(check.Check):
    """One of the 25: besides, when what it looks at happens."""

    phase: Phase = Phase.BEFORE

    @property
    def group(self) -> str:
        """Before, during or after the meeting."""
        return str(self.phase.label)

    @property
    def on_case(self) -> CaseCheck | None:
        """The function over a proposal, where it has one."""
        return self.looks.get(CASE)

    @property
    def on_school(self) -> SchoolCheck | None:
        """The function over a school, where it has one."""
        return self.looks.get(SCHOOL)


CHECKS: check.Checks[Check] = check.Checks()


def all_checks() -> Iterator[Check]:
    """Every check, by its number."""
    return iter(CHECKS)


def get(code: str) -> Check:
    """The check of that code. Raises KeyError."""
    return CHECKS.get(code)
