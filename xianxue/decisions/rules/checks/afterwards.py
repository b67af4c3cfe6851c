"""Checks of what follows a decision: made public long enough, archived, looked back upon."""

from bisect import bisect_left
from collections.abc import Sequence
from datetime import date, timedelta

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.choices import Category, Phase
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.checks.execution import not_passed
from xianxue.decisions.rules.checks.parts import SEVERITIES, on_case
from xianxue.decisions.rules.facts import Case, Published, School
from xianxue.decisions.rules.outcomes import CASE, CHECKS, SCHOOL, Check
from xianxue.decisions.rules.publishing import counted, days_asked
from xianxue.kernel.checks.choices import Certainty, Severity
from xianxue.kernel.checks.outcomes import PASSED, Failure, Outcome, Standing, failed, skipped

NOT_PUBLIC = Standing(_("清单不要求公示。"))


@on_case("C21", _("公示缺失或期限不足"), Phase.AFTER, _("校务公开制度；任前公示期限见干部任用规定，条款待核"))
def published(case: Case, book: RuleBook) -> Outcome:
    """What must be made public was, for as many working days as the list says; days with an open objection do not count."""
    if (wait := not_passed(case)) is not None:
        return wait
    days = _required(case, book)
    if not days:
        return NOT_PUBLIC()
    if case.is_confidential and case.has_confidential_basis:
        return skipped(_t("依法不公开。"))
    severity = Severity.GRAVE if case.category == Category.APPOINTMENT else None
    if case.publications:
        return _long_enough(case, case.publications[-1], days, severity)
    if case.decided_on and case.calendar.between(case.decided_on, case.today) <= book.number("C21", "working_days"):
        return skipped(_t("刚刚作出决定，还在安排公示。"))
    return failed(Failure(_t("应当公示 %(days)s 个工作日而没有公示。") % {"days": days}, severity=severity))


def _required(case: Case, book: RuleBook) -> int:
    days = case.entry.publication_days if case.entry else None
    return days_asked(case.category, days, book.number("C21", "working_days"), is_listed=case.entry is not None)


def _long_enough(case: Case, last: Published, days: int, severity: Severity | None) -> Outcome:
    shown = _days(case, last)
    if last.ended_on is None and shown < days:
        return skipped(_t("正在公示。"))
    if shown >= days:
        return PASSED
    words = {"shown": shown, "days": days}
    reason = _t("公示了 %(shown)s 个工作日，应当公示 %(days)s 个工作日。") % words
    return failed(Failure(reason, inputs=words, severity=severity))


def _days(case: Case, one: Published) -> int:
    end = one.ended_on or min(one.due_on, case.today)
    # Where nothing stops the clock the days need not be gone through.
    if not one.objections and case.calendar.covers(one.started_on, end):
        return case.calendar.between(one.started_on, end)
    return counted(one.started_on, end, one.objections, next_working_day=lambda day: case.calendar.after(day, 1))


def archived(case: Case, book: RuleBook) -> Outcome:
    """What is done is archived within so many days, and looked back upon when its day has come."""
    if (wait := not_passed(case)) is not None:
        return wait
    failures: list[Failure] = []
    if case.review_due_on and case.reviewed_on is None and case.review_due_on < case.today:
        day = case.review_due_on.isoformat()
        reason = _t("应当在 %(day)s 以前评估，还没有评估。") % {"day": day}
        failures.append(Failure(reason, key="review", inputs={"review_due_on": day}))
    wait = None if case.archived_on else _unarchived(case, book.number("C25", "archive_days"), failures)
    return failed(*failures) if failures or wait is None else wait


def _unarchived(case: Case, days: int, failures: list[Failure]) -> Outcome | None:
    """Add what is late; or say why it need not be in the archive yet."""
    done = [task.done_on for task in case.tasks if task.done_on]
    if not case.tasks or len(done) < len(case.tasks):
        return skipped(_t("还没有办结。"))
    late = (case.today - max(done)).days - days
    if late <= 0:
        return skipped(_t("刚刚办结，还在归档期限以内。"))
    reason = _t("办结以后超过归档期限 %(late)s 天没有归档。") % {"late": late}
    failures.append(Failure(reason, key="archive", inputs={"done_on": max(done).isoformat()}))
    return None


def reporting(school: School, book: RuleBook) -> Outcome:
    """No term in which a school paid and proposed nothing; wages and the like are paid in every term."""
    if not school.terms:
        return skipped(_t("没有可以核对的学期。"))
    # What was proposed in the holidays before a term is work of that term.
    margin = timedelta(days=book.number("C25", "before_term_days"))
    paid = sorted({one.on for one in school.payments if one.kind not in book.excluded})
    if not paid:
        return skipped(_t("没有登记支出台账。"))
    proposed = sorted(school.proposed_on)
    silent = [
        Failure(
            _t("%(start)s 至 %(end)s 有支出而没有申报议题。") % {"start": start.isoformat(), "end": end.isoformat()},
            key=f"silent:{start.isoformat()}",
            inputs={"start": start.isoformat(), "end": end.isoformat()},
            severity=Severity.SERIOUS,
        )
        for start, end in school.terms
        if _any_within(paid, start, end) and not _any_within(proposed, start - margin, end)
    ]
    return failed(*silent)


def _any_within(days: Sequence[date], start: date, end: date) -> bool:
    place = bisect_left(days, start)
    return place < len(days) and days[place] <= end


CHECKS.register(
    Check(
        "C25", _("未归档评估、长期零报告"), SEVERITIES["C25"], Certainty.CERTAIN, _("档案管理制度"),
        {CASE: archived, SCHOOL: reporting}, phase=Phase.AFTER,
    )
)  # fmt: skip
