"""Checks of how a decision is carried out: owner and feedback, amount, supplier and start, urgent matters."""

from collections.abc import Iterator
from datetime import date
from itertools import pairwise

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.choices import Phase
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.checks.parts import on_case
from xianxue.decisions.rules.facts import Assigned, Case
from xianxue.kernel.checks.choices import Severity
from xianxue.kernel.checks.outcomes import PASSED, Failure, Outcome, Standing, failed, skipped
from xianxue.meetings.rules.names import plain_name

AFTER = Phase.AFTER
NOT_URGENT = Standing(_("不是先行处置的紧急事项。"))


def not_passed(case: Case) -> Outcome | None:
    """Skipped, where there is nothing to carry out."""
    if case.is_withdrawn:
        return skipped(_t("议题已撤回。"))
    return None if case.is_passed else skipped(_t("还没有通过，没有要落实的。"))


@on_case("C22", _("无责任人、逾期无反馈"), AFTER, _("督查督办制度"))
def followed_up(case: Case, book: RuleBook) -> Outcome:
    """Every task has an owner and a limit, is done in time, and is reported upon; the longer it is late, the graver."""
    if (wait := not_passed(case)) is not None:
        return wait
    numbers = {name: book.number("C22", name) for name in ("silent_days", "serious_after", "grave_after")}
    if not case.tasks:
        return _unassigned(case, numbers)
    found = (_late(case, task, place, numbers) for place, task in enumerate(case.tasks, start=1))
    return failed(*(one for one in found if one))


def _unassigned(case: Case, numbers: dict[str, int]) -> Outcome:
    if case.archived_on is not None or case.decided_on is None:
        return skipped(_t("没有要落实的任务。"))
    waited = (case.today - case.decided_on).days - numbers["silent_days"]
    if waited <= 0:
        return skipped(_t("还没有安排落实。"))
    reason = _t("作出决定以后 %(days)s 天没有安排责任人和期限。") % {"days": waited + numbers["silent_days"]}
    return failed(Failure(reason, key="none", severity=_gravity(waited, numbers)))


def _gravity(days: int, numbers: dict[str, int]) -> Severity:
    if days > numbers["grave_after"]:
        return Severity.GRAVE
    return Severity.SERIOUS if days > numbers["serious_after"] else Severity.NOTE


def _late(case: Case, task: Assigned, place: int, numbers: dict[str, int]) -> Failure | None:
    reasons, days = [], 0
    if not task.has_owner or task.due_on is None:
        reasons.append(_t("第 %(place)s 项任务没有责任人或者期限。") % {"place": place})
    end = task.done_on or case.today
    if task.due_on and end > task.due_on:
        days = (end - task.due_on).days
        reasons.append(_t("第 %(place)s 项任务逾期 %(days)s 天。") % {"place": place, "days": days})
    silent = _silence(task, case, end)
    if silent > numbers["silent_days"]:
        days = max(days, silent - numbers["silent_days"])
        reasons.append(_t("第 %(place)s 项任务 %(days)s 天没有反馈。") % {"place": place, "days": silent})
    if not reasons:
        return None
    severity = _gravity(days, numbers)
    if not task.has_owner:
        severity = max(severity, Severity.SERIOUS)
    # The days would differ every day: what was seen is the dates.
    inputs = {"due_on": _iso(task.due_on), "done_on": _iso(task.done_on), "has_owner": task.has_owner}
    return Failure("".join(reasons), key=str(place), inputs=inputs, severity=severity)


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _silence(task: Assigned, case: Case, end: date) -> int:
    """The longest time without a word, in days, from the start until it was done, or until today."""
    start = task.started_on or case.decided_on
    if start is None or start > end:
        return 0
    days = sorted({start, end, *(day for day in task.feedback if start <= day <= end)})
    return max(((later - earlier).days for earlier, later in pairwise(days)), default=0)


@on_case("C23", _("执行偏离、变更未复议"), AFTER, _("集体决定不得擅自改变；确需变更的，重新履行程序"))
def as_decided(case: Case, book: RuleBook) -> Outcome:
    """Paid and contracted within what was approved, to the supplier approved, begun neither before the decision nor
    before the publication was over; what a later decision approved counts instead.
    """
    if (wait := not_passed(case)) is not None:
        return wait
    if not case.payments and not case.contracts and not any(task.started_on for task in case.tasks):
        return skipped(_t("还没有付款、合同和实施记录。"))
    return failed(*_money(case, book.number("C23", "over_percent")), *_suppliers(case), *_begun(case))


def _approved(case: Case, day: date) -> int | None:
    """The amount in 分 that held on a day; what a later decision approved excuses what was done before it."""
    given = [(case.decided_on or date.min, case.approved_fen), *((on, fen) for on, fen, _who in case.reconsidered)]
    known = sorted((on, fen) for on, fen in given if fen is not None)
    held = [fen for on, fen in known if on <= day]
    return max([*held[-1:], *(fen for on, fen in known if on > day)], default=None)


def _money(case: Case, over: int) -> Iterator[Failure]:
    for key, label, rows, before in (
        ("paid", _("付款"), case.payments, case.paid_before_fen),
        ("contracted", _("合同"), case.contracts, case.contracted_before_fen),
    ):
        approved = _approved(case, max(one.on for one in rows)) if rows else None
        # What a reconsideration approves is the whole: what the first decision had spent counts towards it.
        amount = before + sum(one.amount_fen for one in rows)
        if approved is not None and amount * 100 > approved * (100 + over):
            words = {"label": label, "amount": _yuan(amount), "approved": _yuan(approved), "over": over}
            reason = _t("%(label)s合计 %(amount)s 元，批准 %(approved)s 元，超过 %(over)s%%，没有复议。") % words
            yield Failure(reason, key=key, inputs={"amount_fen": amount, "approved_fen": approved})


def _yuan(fen: int) -> str:
    return f"{fen // 100:,}.{fen % 100:02d}"


def _suppliers(case: Case) -> Iterator[Failure]:
    known = {
        plain_name(name) for name in (case.approved_supplier, *(who for _day, _given, who in case.reconsidered)) if name
    }
    if not known:
        return
    others = {one.payee for one in case.payments} | {one.supplier for one in case.contracts}
    for name in sorted(name for name in others if plain_name(name) not in known):
        reason = _t("批准的供应商以外的“%(name)s”收了款或者签了合同。") % {"name": name}
        yield Failure(reason, key=f"supplier:{name}", inputs={"supplier": name, "approved": sorted(known)})


def _begun(case: Case) -> Iterator[Failure]:
    days = [task.started_on for task in case.tasks if task.started_on]
    days += [day for one in case.contracts for day in (one.on, one.started_on) if day]
    days += [one.on for one in case.payments]
    if not days or case.decided_on is None or (case.is_urgent and case.acted_on):
        return
    first = min(days)
    if first < case.decided_on:
        reason = _t("%(first)s 已经实施，%(decided)s 才作出决定。")
        words = {"first": first.isoformat(), "decided": case.decided_on.isoformat()}
        yield Failure(reason % words, key="begun", inputs=words)
        return
    # Taken down later than it had to be: over all the same.
    ends = [min(one.ended_on or one.due_on, one.due_on) for one in case.publications]
    if ends and first <= max(ends):
        words = {"first": first.isoformat(), "end": max(ends).isoformat()}
        yield Failure(_t("%(first)s 已经实施，公示到 %(end)s 才结束。") % words, key="begun", inputs=words)


@on_case("C24", _("紧急事项未追认"), AFTER, _("中办发〔2010〕17号：紧急情况事后及时报告并追认"))
def ratified(case: Case, book: RuleBook) -> Outcome:
    """What was done before any meeting was decided upon at the next meeting, and within so many working days."""
    if case.is_withdrawn:
        return skipped(_t("议题已撤回。"))
    if not case.is_urgent or case.acted_on is None:
        return NOT_URGENT()
    last = case.calendar.after(case.acted_on, book.number("C24", "working_days"))
    decided = case.decided_on if case.is_passed else None
    following = [day for day in case.meetings_after if day > case.acted_on]
    due = min([last, *following[:1]])
    if decided is not None and decided <= max(due, case.acted_on):
        return PASSED
    if decided is None and case.today <= last and (not following or following[0] >= case.today):
        return skipped(_t("还在追认的期限以内。"))
    words = {"acted": case.acted_on.isoformat(), "due": due.isoformat()}
    reason = _t("%(acted)s 先行处置，应当在 %(due)s 以前追认。") % words
    if case.is_passed is False:
        reason = _t("%(acted)s 先行处置，会议没有同意追认。") % words
    return failed(Failure(reason, inputs={**words, "decided": decided.isoformat() if decided else None}))
