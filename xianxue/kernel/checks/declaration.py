"""The declaration of an app's checks: what they look at, how the facts are read, who judges what they find."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any, ClassVar, NamedTuple, TypeVar

from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Grant, nobody
from xianxue.kernel.checks.book import Book
from xianxue.kernel.checks.check import Checks
from xianxue.kernel.checks.models import SubjectFinding, SubjectRun, UnitVisit
from xianxue.kernel.checks.procedure import FindingProcedure
from xianxue.kernel.checks.running import Outcomes, run_checks
from xianxue.kernel.procedures import clock

Declared = TypeVar("Declared", bound="type[Suite]")


class About(NamedTuple):
    """Which subject the facts are of: its key, the unit to which it belongs, and its name, which begins the findings' keys."""

    key: int
    unit: int
    name: str = ""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What all checks said of one subject, by which book. `version` is kept with the run: a key, or the book's number.

    `is_over`: nothing remains to be checked, so what was found before is gone although every check was skipped.
    """

    outcomes: Outcomes
    book: Book
    version: Any
    is_over: bool = False


class Subjects:
    """One kind of thing that checks look at, declared by a subclass: where its rows are, and how their facts are read.

    `code` names the kind in `Check.looks`; `subject_type` is the type under which its events stand in the log. `command`
    and `label` are those of the events of a check, by default `<suite>.check_<code>`. `at_once`: of how many a change is
    checked within its own command; more wait for the queue.
    """

    code: ClassVar[str] = ""
    subject_type: ClassVar[str] = ""
    label: ClassVar[Any] = _("规则检查")
    command: ClassVar[str] = ""
    at_once: ClassVar[int] = 50
    is_counted: ClassVar[bool] = True
    """Whether the record of a night counts them."""

    def of_unit(self, unit: int) -> Mapping[int, Any]:
        """Keys of the subjects of one unit, each with what it is judged by (a version, or None). One query."""
        raise NotImplementedError

    def among(self, keys: Collection[int]) -> Mapping[int, Any]:
        """The same for these keys; those that there are not are left out."""
        raise NotImplementedError

    def facts(self, keys: Collection[int], today: date) -> Iterator[Any]:
        """The facts of these subjects, over the whole county, with a number of queries that does not grow with theirs."""
        raise NotImplementedError

    def about(self, facts: Any) -> About:
        """Of which subject the facts are."""
        raise NotImplementedError

    def judge(self, suite: "Suite", facts: Any, by: Any, rules: Any) -> Judgement:
        """What the checks say; `by` as `of_unit` gave it, `rules` as the suite's."""
        book = suite.book(by, rules)
        return Judgement(run_checks(suite.checks.of(self.code), facts, book, suite.switched_off), book, book.version)


class Suite:
    """The checks of one app with all that they need, declared in its `checks.py` and made known with `@register`.

    `procedure`: how a finding is explained and judged. `tells`: who is told at once of what is grave, over the unit.
    `findings`: code of the register that lists the findings, if there is one. The models are the kernel's tables unless
    an app has its own, with relations to its subjects. `at`: when the night's run begins.
    """

    code: ClassVar[str] = ""
    label: ClassVar[Any] = ""
    system: ClassVar[str] = ""
    """Key of the system (`ui.systems`) to which the checks belong."""
    checks: ClassVar[Checks[Any]]
    subjects: ClassVar[Sequence[Subjects]] = ()
    procedure: ClassVar[type[FindingProcedure]]
    tells: ClassVar[Grant] = nobody
    findings: ClassVar[str] = ""
    run: ClassVar[Any] = SubjectRun
    finding: ClassVar[Any] = SubjectFinding
    visit: ClassVar[Any] = UnitVisit
    at: ClassVar[time] = time(1, 20)
    night_command: ClassVar[str] = ""
    night_label: ClassVar[Any] = _("夜间规则检查")
    unit_type: ClassVar[str]
    """Under which type the log knows a unit."""
    switched_off: ClassVar[Any] = _("规则版本 %(version)s 停用了这一项。")

    group_label: ClassVar[Any] = _("类别")
    """What the groups of the checks are called, where they have some."""
    about_page: ClassVar[Any] = _("规则版本 %(version)s，共 %(count)s 项；排除率高的规则容易误报，请考虑修改。")

    def units(self) -> Collection[int]:
        """Units that are checked every night."""
        raise NotImplementedError

    def rules(self, today: date) -> Any:
        """What a run judges by, read once for all its subjects; the default is to pass it on to `book`."""
        raise NotImplementedError

    def book(self, by: Any, rules: Any) -> Book:
        """The version by which a subject is judged; `by` as its `Subjects` gave it."""
        raise NotImplementedError

    def book_of_today(self) -> Book:
        """The version that the page of the checks shows."""
        return self.book(None, self.rules(self.today()))

    def above(self, unit: int) -> int:
        """The unit that watches over this one."""
        raise NotImplementedError

    def today(self) -> date:
        """As of which day the checks count."""
        return clock.today()

    def summary(self, units: int, subjects: int, faults: int) -> str:
        """What the record of a night says: numbers alone."""
        return f"{units} units, {subjects} subjects, {faults} faults"

    def holds(self, finding: Any) -> bool:
        """Whether a finding of its table is its own."""
        return all(getattr(finding, name) == value for name, value in self.finding.of_suite(self.code).items())

    def kind(self, code: str) -> Subjects:
        """The kind of subject of that code. Raises KeyError."""
        for subjects in self.subjects:
            if subjects.code == code:
                return subjects
        raise KeyError(code)


_suites: dict[str, Suite] = {}


def register(declared: Declared) -> Declared:
    """Make the checks of an app known. Raises ValueError when the code is taken or missing."""
    if not declared.code or declared.code in _suites:
        message = f"{declared.__name__}.code {declared.code!r} is missing or taken; give it a code of its own."
        raise ValueError(message)
    _suites[declared.code] = declared()
    return declared


def forget(code: str) -> None:
    """Undo `register`: for tests that declare checks of their own."""
    del _suites[code]


def all_suites() -> list[Suite]:
    """The checks of every app, by code."""
    return [_suites[code] for code in sorted(_suites)]


def get(code: str) -> Suite:
    """The checks of that code. Raises KeyError."""
    return _suites[code]
