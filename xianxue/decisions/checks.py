"""The 25 checks as the engine runs them: over every proposal, and over every school's ledgers and lists."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import BUREAU, INSPECTS
from xianxue.decisions.models import CheckRun, Finding, NightlyCheck, Proposal, RuleSet
from xianxue.decisions.procedures.findings import FollowFinding
from xianxue.decisions.rules import checks
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.facts import Case, School
from xianxue.decisions.rules.outcomes import CASE, CHECKS, SCHOOL, SWITCHED_OFF
from xianxue.decisions.rules.versions import by_version
from xianxue.decisions.selectors.cases import cases, schools
from xianxue.decisions.selectors.rule_sets import all_books, book_on, checking_day, rule_set_on
from xianxue.kernel.checks.declaration import About, Judgement, Subjects, Suite, get, register
from xianxue.kernel.checks.outcomes import skipped
from xianxue.kernel.checks.running import run_checks
from xianxue.organisations.choices import Ownership
from xianxue.organisations.models import School as SchoolRow
from xianxue.organisations.models import Unit
from xianxue.organisations.selectors import county_of

__all__ = ["DECISIONS", "DecisionSuite", "Proposals", "Rules", "Schools", "checks"]


@dataclass(frozen=True)
class Rules:
    """What one run judges by: every version by its key, and by the day from which it holds. Read when first asked for."""

    today: date

    @cached_property
    def books(self) -> Mapping[int, RuleBook]:
        """Every version by its key."""
        return all_books()

    @cached_property
    def by_day(self) -> Mapping[date, RuleBook]:
        """Every version by the day from which it holds."""
        starts = dict(RuleSet.objects.order_by("pk").values_list("valid_from", "pk"))
        return {day: self.books[pk] for day, pk in starts.items()}

    @cached_property
    def current(self) -> int:
        """The key of today's version."""
        key: int = rule_set_on(self.today).pk
        return key


class Proposals(Subjects):
    """Proposals, each by the rules under which it was made; one that was withdrawn has no findings left."""

    code, subject_type, command = CASE, "decisions.proposal", "decisions.check"

    def of_unit(self, unit: int) -> Mapping[int, int]:
        return dict(Proposal.objects.filter(unit_id=unit).values_list("pk", "rule_set_id"))

    def among(self, keys: Collection[int]) -> Mapping[int, int]:
        return dict(Proposal.objects.filter(pk__among=keys).values_list("pk", "rule_set_id"))

    def facts(self, keys: Collection[int], today: date) -> Iterator[Case]:
        return cases(keys, today)

    def about(self, facts: Case) -> About:
        return About(facts.id, facts.unit, facts.number)

    def judge(self, suite: Suite, facts: Case, by: int, rules: Rules) -> Judgement:
        book, looks = rules.books[by], CHECKS.of(CASE)
        if facts.is_withdrawn:
            withdrawn = skipped(_t("议题已经撤回。"))
            return Judgement({code: withdrawn for code, _look in looks}, book, by, is_over=True)
        return Judgement(run_checks(looks, facts, book, suite.switched_off), book, by)


class Schools(Subjects):
    """Schools with their ledgers, each row by the rules of its day, and their lists as they stand today."""

    code, subject_type, command = SCHOOL, "organisations.unit", "decisions.check_ledgers"
    label = _("台账规则检查")
    at_once = 5
    is_counted = False

    def of_unit(self, unit: int) -> Mapping[int, None]:
        return {unit: None}

    def among(self, keys: Collection[int]) -> Mapping[int, None]:
        return dict.fromkeys(keys)

    def facts(self, keys: Collection[int], today: date) -> Iterator[School]:
        return schools(keys, today)

    def about(self, facts: School) -> About:
        return About(facts.unit, facts.unit)

    def judge(self, suite: Suite, facts: School, by: None, rules: Rules) -> Judgement:
        return Judgement(by_version(facts, rules.by_day), rules.books[rules.current], rules.current)


@register
class DecisionSuite(Suite):
    """The checks of major decisions."""

    code, label, system = "decisions", _("三重一大规则检查"), "decisions"
    checks = CHECKS
    subjects = (Proposals(), Schools())
    procedure = FollowFinding
    tells = BUREAU | INSPECTS
    findings = "findings"
    run, finding, visit = CheckRun, Finding, NightlyCheck
    night_command = "decisions.check_school"
    unit_type = "organisations.unit"
    switched_off = SWITCHED_OFF
    group_label = _("阶段")
    about_page = _("规则版本 %(version)s，共 %(count)s 项；排除率高的规则容易误报，请县局考虑修改。")

    def units(self) -> Collection[int]:
        """Schools that decide: the open public ones, and all others that ever proposed anything."""
        public = SchoolRow.objects.filter(ownership=Ownership.PUBLIC, unit__closed_on__isnull=True)
        proposed = Proposal.objects.order_by().values_list("unit_id", flat=True).distinct()
        return {*public.values_list("pk", flat=True), *proposed}

    def rules(self, today: date) -> Rules:
        return Rules(today)

    def book_of_today(self) -> RuleBook:
        return book_on(timezone.localdate())

    def above(self, unit: int) -> int:
        county = county_of(Unit.objects.get(pk=unit))
        return county.pk if county else unit

    def today(self) -> date:
        return checking_day()

    def summary(self, units: int, subjects: int, faults: int) -> str:
        return f"{units} schools, {subjects} proposals, {faults} faults"


DECISIONS = get(DecisionSuite.code)
