"""What is counted of major decisions: who proposes, how far it has come, what was found and what became of it."""

from collections.abc import Mapping
from datetime import date

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.access import READS
from xianxue.decisions.choices import Category
from xianxue.decisions.models import Finding, Proposal, Publication
from xianxue.kernel.indicators import Count, Period, Rows, Units, indicator
from xianxue.organisations.choices import Ownership
from xianxue.organisations.models import School

FACTS = {
    "period": "year",
    "grain": "school",
    "system": "decisions",
    "view": READS,
    "source": _("三重一大议题登记"),
}
WITHDRAWN = "withdrawn"


def _categories() -> Mapping[str, str]:
    return {code: str(label) for code, label in Category.choices}


def _checks() -> Mapping[str, str]:
    codes = Finding.objects.order_by("check_code").values_list("check_code", flat=True).distinct()
    return {code: code for code in codes}


def _day(period: Period) -> date:
    """The count day: that of the period, or today while it lies ahead."""
    return min(period.day, timezone.localdate())


def _proposed(period: Period) -> QuerySet[Proposal]:
    """Proposals of public schools put forward in the year; what was withdrawn was never a decision to be made."""
    public = School.objects.filter(ownership=Ownership.PUBLIC).values("pk")
    rows: QuerySet[Proposal] = Proposal.objects.filter(
        unit__in=public, proposed_on__gte=period.start, proposed_on__lte=period.end
    ).exclude(matter__state=WITHDRAWN)
    return rows


def _found(period: Period) -> QuerySet[Finding]:
    rows: QuerySet[Finding] = Finding.objects.filter(found_on__gte=period.start, found_on__lte=_day(period))
    return rows


def _open(rows: QuerySet[Finding], day: date) -> QuerySet[Finding]:
    return rows.filter(Q(matter__finished_on__isnull=True) | Q(matter__finished_on__gt=day))


@indicator(
    "decisions.schools",
    label=_("申报议题的公办学校"),
    unit=_("所"),
    definition=_("本年度（1 月 1 日至 12 月 31 日）提出过“三重一大”议题的公办学校所数；撤回的议题不计。"),
    figure="decision_schools",
    order=310,
    **FACTS,
)
def schools(period: Period) -> Rows:
    """Public schools that proposed anything in the year."""
    return Rows(_proposed(period), "unit_id", Units())


@indicator(
    "decisions.items",
    label=_("申报议题"),
    unit=_("个"),
    definition=_("提出日期在本年度内的公办学校“三重一大”议题个数，按四类分列；撤回的不计，复议另提的计为新议题。"),
    figure="decision_items",
    order=320,
    **FACTS,
)
def items(period: Period) -> Rows:
    """Proposals of the year."""
    return Rows(_proposed(period), "unit_id", Count(), slices="category", slice_labels=_categories)


@indicator(
    "decisions.decided",
    label=_("已表决的议题"),
    unit=_("个"),
    definition=_("本年度提出、到统计日会议程序已经走完的议题个数，通过和未通过的都计。"),
    order=330,
    **FACTS,
)
def decided(period: Period) -> Rows:
    """Those whose chain of meetings has come to an end."""
    proposed = _proposed(period)
    rows = proposed.filter(is_passed__isnull=False, decided_on__lte=_day(period))
    return Rows(rows, "unit_id", Count(), among=proposed, slices="category", slice_labels=_categories)


@indicator(
    "decisions.archived",
    label=_("已归档的议题"),
    unit=_("个"),
    definition=_("本年度提出、到统计日已经归档的议题个数。"),
    order=340,
    **FACTS,
)
def archived(period: Period) -> Rows:
    """Those whose file is closed."""
    proposed = _proposed(period)
    return Rows(proposed.filter(archived_on__lte=_day(period)), "unit_id", Count(), among=proposed)


@indicator(
    "decisions.published_share",
    label=_("应公示议题的公示率"),
    unit="%",
    definition=_("本年度提出、已经通过、清单要求公示且没有依法不公开的议题中，已经开始公示的百分比。"),
    times=100,
    places=1,
    order=350,
    **FACTS,
)
def published_share(period: Period) -> Rows:
    """Published as a share of what had to be."""
    due = _proposed(period).filter(is_passed=True, is_confidential=False, entry__publication_days__gt=0)
    done = due.filter(Exists(Publication.objects.filter(proposal=OuterRef("pk"))))
    return Rows(done, "unit_id", Count(), per=Rows(due, "unit_id", Count()))


@indicator(
    "decisions.in_time_share",
    label=_("议题按期办结率"),
    unit="%",
    definition=_("本年度提出、已经归档的议题中，归档日期不晚于办结期限的百分比；没有期限的算作按期。"),
    times=100,
    places=1,
    order=355,
    **FACTS,
)
def in_time_share(period: Period) -> Rows:
    """Archived within the limit as a share of those archived."""
    done = _proposed(period).filter(archived_on__lte=_day(period))
    late = Q(matter__finish_due_on__isnull=False, archived_on__gt=F("matter__finish_due_on"))
    return Rows(done.exclude(late), "unit_id", Count(), per=Rows(done, "unit_id", Count()))


@indicator(
    "decisions.findings",
    label=_("发现的问题"),
    unit=_("个"),
    definition=_("本年度内由规则检查发现的“三重一大”问题个数，疑似的也计，按检查项分列。"),
    order=360,
    **FACTS,
)
def findings(period: Period) -> Rows:
    """Findings of the year."""
    return Rows(_found(period), "unit_id", Count(), slices="check_code", slice_labels=_checks)


@indicator(
    "decisions.findings_open",
    label=_("未了结的问题"),
    unit=_("个"),
    definition=_("本年度内发现、到统计日还没有排除、整改或者了结的问题个数。"),
    order=370,
    **FACTS,
)
def findings_open(period: Period) -> Rows:
    """Findings that are still to be settled."""
    found = _found(period)
    return Rows(_open(found, _day(period)), "unit_id", Count(), among=found)


@indicator(
    "decisions.findings_closed",
    label=_("已了结的问题"),
    unit=_("个"),
    definition=_("本年度内发现、到统计日已经排除、整改或者了结的问题个数。"),
    order=380,
    **FACTS,
)
def findings_closed(period: Period) -> Rows:
    """Findings that are settled."""
    found = _found(period)
    return Rows(found.filter(matter__finished_on__lte=_day(period)), "unit_id", Count(), among=found)
