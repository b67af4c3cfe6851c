"""All schools side by side for those who oversee them: matters by phase, findings by rule and school, who reports nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count, Exists, Max, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractMonth

from xianxue.decisions.access import READS
from xianxue.decisions.models import Finding, Proposal
from xianxue.kernel.access import current_reach
from xianxue.kernel.checks.choices import Severity
from xianxue.ledgers.models import Payment
from xianxue.organisations.choices import Ownership
from xianxue.organisations.models import School

PHASES = {
    "before": ("proposed", "preparing", "tabled"),
    "after": ("decided", "published", "executing", "done"),
    "archived": ("archived", "reviewed"),
    "ended": ("rejected", "declined", "withdrawn"),
}
"""Where a matter stands for the reader → states of the procedure."""
PHASE_OF = {state: phase for phase, states in PHASES.items() for state in states}


@dataclass
class SchoolLine:
    """One school's year: proposals by phase, open findings by severity, the last day it proposed anything."""

    pk: int
    name: str
    phases: Counter[str] = field(default_factory=Counter)
    open_findings: Counter[int] = field(default_factory=Counter)
    last_on: date | None = None
    has_payments: bool = False

    @property
    def proposals(self) -> int:
        """How many it put forward."""
        return self.phases.total()

    @property
    def is_silent(self) -> bool:
        """Whether it paid and proposed nothing (零报告)."""
        return self.proposals == 0 and self.has_payments


@dataclass(frozen=True)
class RuleLine:
    """One check over all schools: found, open, confirmed, dismissed."""

    code: str
    found: int
    open: int
    confirmed: int
    dismissed: int
    schools: int

    @property
    def noise(self) -> int | None:
        """Dismissed of what was judged, in percent; None where nothing was."""
        judged = self.confirmed + self.dismissed
        return self.dismissed * 100 // judged if judged else None


@dataclass(frozen=True)
class Overview:
    """One year of the county."""

    year: int
    schools: tuple[SchoolLine, ...]
    rules: tuple[RuleLine, ...]
    proposed_by_month: Mapping[int, int]
    found_by_month: Mapping[int, int]

    @property
    def phases(self) -> Counter[str]:
        """Proposals by phase, over all schools."""
        return sum((line.phases for line in self.schools), Counter())

    @property
    def open_findings(self) -> Counter[int]:
        """Open findings by severity, over all schools."""
        return sum((line.open_findings for line in self.schools), Counter())


def overview(year: int) -> Overview:
    """The year of every public school in reach. Seven queries, whatever the number of schools."""
    start, end = date(year, 1, 1), date(year, 12, 31)
    schools = {pk: SchoolLine(pk, short or name) for pk, name, short in _schools()}
    proposals = Proposal.objects.filter(proposed_on__gte=start, proposed_on__lte=end, unit__in=schools)
    findings = Finding.objects.filter(found_on__gte=start, found_on__lte=end, unit__in=schools)
    _count_proposals(schools, proposals)
    for unit, severity, count in _open(findings).values_list("unit_id", "severity").annotate(count=Count("pk")):
        schools[unit].open_findings[severity] = count
    for unit in _payers(schools, start, end):
        schools[unit].has_payments = True
    return Overview(
        year,
        tuple(schools.values()),
        tuple(_rules(findings)),
        _by_month(proposals, "proposed_on"),
        _by_month(findings, "found_on"),
    )


def _schools() -> Iterable[tuple[int, str, str]]:
    scope = READS.scope(current_reach())
    rows = School.objects.filter(scope.q("pk"), ownership=Ownership.PUBLIC, unit__closed_on__isnull=True)
    return rows.order_by("unit__path").values_list("pk", "unit__name", "unit__short_name")


def _count_proposals(schools: Mapping[int, SchoolLine], proposals: QuerySet[Proposal]) -> None:
    grouped = proposals.order_by().values_list("unit_id", "matter__state")
    for unit, state, count, last in grouped.annotate(count=Count("pk"), last=Max("proposed_on")):
        line = schools[unit]
        line.phases[PHASE_OF[state]] += count
        line.last_on = max(filter(None, (line.last_on, last)))


def _open(findings: QuerySet[Finding]) -> QuerySet[Finding]:
    return findings.filter(matter__finished_on__isnull=True).order_by()


def _payers(schools: Iterable[int], start: date, end: date) -> Iterable[int]:
    paid = Payment.objects.filter(unit=OuterRef("pk"), paid_on__gte=start, paid_on__lte=end)
    found: Iterable[int] = School.objects.filter(Exists(paid), pk__in=list(schools)).values_list("pk", flat=True)
    return found


def _rules(findings: QuerySet[Finding]) -> Iterable[RuleLine]:
    grouped = (
        findings.order_by()
        .values("check_code")
        .annotate(
            found=Count("pk"),
            open=Count("pk", filter=Q(matter__finished_on__isnull=True)),
            confirmed=Count("pk", filter=Q(is_confirmed=True)),
            dismissed=Count("pk", filter=Q(is_confirmed=False)),
            schools=Count("unit_id", distinct=True),
        )
    )
    names = ("check_code", "found", "open", "confirmed", "dismissed", "schools")
    return (RuleLine(*row) for row in grouped.order_by("check_code").values_list(*names))


def _by_month(rows: QuerySet[Proposal] | QuerySet[Finding], day: str) -> Mapping[int, int]:
    counted = rows.order_by().annotate(month=ExtractMonth(day)).values_list("month").annotate(count=Count("pk"))
    return defaultdict(int, counted)


SEVERITIES = (Severity.GRAVE, Severity.SERIOUS, Severity.NOTE)
