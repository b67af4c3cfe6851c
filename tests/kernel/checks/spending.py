"""A small suite over the money of building projects: what an app declares so that its register is checked.

It uses the kernel's own tables and nothing of any other app's checks.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import NamedTuple

from xianxue.kernel.access import holds
from xianxue.kernel.checks import declaration
from xianxue.kernel.checks.book import DatedBook, book_on, read_books
from xianxue.kernel.checks.check import Check, Checks
from xianxue.kernel.checks.choices import Certainty, Severity
from xianxue.kernel.checks.deciding import commands_of
from xianxue.kernel.checks.declaration import About, Subjects, Suite
from xianxue.kernel.checks.forms import forms_of
from xianxue.kernel.checks.models import SubjectFinding
from xianxue.kernel.checks.night import make_commands
from xianxue.kernel.checks.outcomes import Failure, Outcome, failed, skipped
from xianxue.kernel.checks.procedure import FindingProcedure
from xianxue.kernel.procedures import Days
from xianxue.kernel.procedures import declaration as procedures
from xianxue.kernel.procedures.declaration import give_commands
from xianxue.organisations import roles
from xianxue.organisations.models import Unit
from xianxue.organisations.selectors import county_of
from xianxue.projects.models import CapitalProject, ProjectFunding

BOOKS = read_books(Path(__file__).with_suffix(".toml"))
MONEY: Checks[Check] = Checks()


class Line(NamedTuple):
    """Money of one source."""

    source: str
    planned_fen: int
    paid_fen: int


@dataclass(frozen=True, slots=True)
class Money:
    """A project with its money."""

    id: int
    unit: int
    code: str
    lines: tuple[Line, ...]


def overspent(project: Money, book: DatedBook) -> Outcome:
    """No source pays more than was planned, but for so many percent."""
    if not project.lines:
        return skipped("没有登记资金。")
    percent = 100 + book.number("P01", "over_percent")
    return failed(
        *(
            Failure(
                f"{line.source} 支付 {line.paid_fen // 100} 元，计划 {line.planned_fen // 100} 元。",
                key=line.source,
                inputs={"planned_fen": line.planned_fen, "paid_fen": line.paid_fen},
            )
            for line in project.lines
            if line.paid_fen * 100 > line.planned_fen * percent
        )
    )


def unpaid(project: Money, _book: DatedBook) -> Outcome:
    """What is planned is paid."""
    return failed(*(Failure("没有支付。", key=line.source) for line in project.lines if not line.paid_fen))


MONEY.register(
    Check("P01", "超计划支付", Severity.GRAVE, Certainty.SUSPECTED, "《办法》第九条", {"project": overspent})
)
MONEY.register(Check("P02", "没有支付", Severity.NOTE, Certainty.SUSPECTED, "《办法》第十条", {"project": unpaid}))


class Projects(Subjects):
    """Building projects of a unit."""

    code, subject_type, at_once = "project", "projects.capitalproject", 3

    def of_unit(self, unit: int) -> Mapping[int, None]:
        return dict.fromkeys(CapitalProject.objects.filter(unit_id=unit).values_list("pk", flat=True))

    def among(self, keys: Collection[int]) -> Mapping[int, None]:
        return dict.fromkeys(CapitalProject.objects.filter(pk__in=keys).values_list("pk", flat=True))

    def facts(self, keys: Collection[int], today: date) -> Iterator[Money]:
        lines: dict[int, list[Line]] = defaultdict(list)
        money = ProjectFunding.objects.filter(project_id__in=keys).order_by("source")
        for project, *facts in money.values_list("project_id", "source", "planned_fen", "paid_fen"):
            lines[project].append(Line(*facts))
        for pk, unit, code in CapitalProject.objects.filter(pk__in=keys).values_list("pk", "unit_id", "code"):
            yield Money(pk, unit, code, tuple(lines[pk]))

    def about(self, facts: Money) -> About:
        return About(facts.id, facts.unit, facts.code)


class FollowSpending(FindingProcedure):
    """The head explains, the county's officer judges, the director makes exceptions."""

    code, label, about = "tests.spending_finding", "资金问题核查", "资金检查发现的问题。"
    subject, system = SubjectFinding, "settings"
    read = holds(roles.HEAD, roles.COUNTY_OFFICER, roles.DIRECTOR)
    explains, judges = holds(roles.HEAD), holds(roles.COUNTY_OFFICER)
    excepts, hands_on = holds(roles.DIRECTOR), holds(roles.COUNTY_OFFICER)
    explain_within = Days(3)


class SpendingSuite(Suite):
    """All checks of building projects."""

    code, label, system = "tests.spending", "项目资金检查", "settings"
    checks, subjects, procedure = MONEY, (Projects(),), FollowSpending
    tells, unit_type = holds(roles.COUNTY_OFFICER), "organisations.unit"

    def units(self) -> Collection[int]:
        return set(CapitalProject.objects.values_list("unit_id", flat=True))

    def rules(self, today: date) -> DatedBook:
        return book_on(BOOKS, today)

    def book(self, by: None, rules: DatedBook) -> DatedBook:
        return rules

    def above(self, unit: int) -> int:
        county = county_of(Unit.objects.get(pk=unit))
        return county.pk if county else unit


commands = commands_of(FollowSpending)
give_commands(FollowSpending)
forms_of(FollowSpending)


@contextmanager
def registered() -> Iterator[Suite]:
    """The suite and its procedure are known while the block lasts."""
    declaration.register(SpendingSuite)
    procedures.register(FollowSpending)
    try:
        suite = declaration.get(SpendingSuite.code)
        make_commands(suite)
        yield suite
    finally:
        declaration.forget(SpendingSuite.code)
        del procedures._registry[FollowSpending.code]
