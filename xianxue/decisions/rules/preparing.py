"""What is wrong with what was done before a meeting: asked by the pre-flight beforehand, by the checks afterwards."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.translation import gettext as _

from xianxue.decisions.choices import PERSONNEL, REVIEWS, STUDIES, PreparationKind, PreparationResult
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.days import day_of
from xianxue.decisions.rules.facts import Case, Prepared

GROUPS: Mapping[str, tuple[PreparationKind, ...]] = {"C04": STUDIES, "C05": REVIEWS, "C07": PERSONNEL}
"""Check → the preparations that it asks for, where the list does."""


def latest(case: Case, kind: str, at: datetime | None) -> Prepared | None:
    """The last preparation of a kind that was recorded and done before the meeting."""
    done = list(_before(case, kind, at))
    if len(done) > 1:
        return max(done, key=lambda one: one.recorded_at)
    return done[0] if done else None


def _before(case: Case, kind: str, at: datetime | None) -> Iterator[Prepared]:
    day = day_of(at) if at else date.max
    for one in case.preparations:
        if one.kind == kind and (at is None or (one.recorded_at < at and one.done_on <= day)):
            yield one


def fault_of(case: Case, book: RuleBook, kind: PreparationKind, done: Prepared | None) -> str:
    """What is wrong with a study, a review, a personnel step; empty where nothing is."""
    if done is None:
        return _("缺：没有%(what)s的记录。") % {"what": kind.label}
    if kind in REVIEWS and case.proposer_id is not None and done.user_id == case.proposer_id:
        return _("缺：审查人就是提出人。请由没有参与提出的人审查。")
    if done.result == PreparationResult.REFUSED:
        return _("缺：%(name)s的意见是不同意。请修改方案后重新送审。") % {"name": done.name}
    least = book.number("C04", "least_alternatives") if kind == PreparationKind.ALTERNATIVES else 0
    if (done.count or 0) < least:
        return _("缺：只有 %(count)s 个方案，至少要 %(least)s 个。") % {"count": done.count or 0, "least": least}
    return ""


def talk_fault(done: Prepared | None) -> str:
    """What is wrong with the talk of secretary and head."""
    if done is None:
        return _("缺：没有书记、校长会前沟通的记录。")
    if done.result == PreparationResult.DISPUTED:
        return _("缺：书记、校长沟通有重大分歧。请充分酝酿、取得一致后再上会。")
    return ""


def filing_days(case: Case, book: RuleBook) -> int | None:
    """By how many working days before the meeting it must be filed with the bureau; None where it need not be."""
    if case.entry and case.entry.filing_days:
        return case.entry.filing_days
    if case.amount_fen is not None and case.amount_fen >= book.filing_threshold_fen:
        return book.number("C11", "working_days")
    return None


@dataclass(frozen=True, slots=True)
class Filing:
    """Where a filing with the bureau stands: what the school sent that counts, and what the bureau said of it last."""

    sent: Prepared | None = None
    answer: Prepared | None = None

    @property
    def waits(self) -> bool:
        """Whether the bureau has not answered."""
        return self.sent is not None and self.answer is None


def filed(case: Case, at: datetime | None) -> Filing:
    """The filing as it stood when the meeting began.

    The first one counts: who files again later has filed in time all the same. One that the bureau returned does not.
    """
    now = Filing()
    for one in sorted(_before(case, PreparationKind.FILING, at), key=lambda one: (one.recorded_at, one.done_on)):
        if one.result == PreparationResult.AGREED:
            now = Filing(now.sent, one)
        elif one.result == PreparationResult.REFUSED:
            now = Filing(None, one)
        elif now.sent is None:
            now = Filing(one)
        elif one.done_on < now.sent.done_on:
            now = Filing(one, now.answer)
    return now


def last_filing_day(case: Case, at: datetime | None, days: int) -> date | None:
    """The last day on which it may be filed; None while no meeting is fixed."""
    return case.calendar.after(day_of(at), -days) if at else None


def filing_fault(case: Case, book: RuleBook, at: datetime | None, days: int) -> str:
    """What is wrong with the filing."""
    now, last = filed(case, at), last_filing_day(case, at, days)
    if now.sent is None and now.answer is not None:
        return _("缺：县局退回了报备（%(name)s）。请按退回的理由改好，再报备。") % {"name": now.answer.name}
    if now.sent is None:
        return _("缺：%(why)s，须会前 %(days)s 个工作日报县局。") % {"why": _why_filed(case, book), "days": days}
    if last and now.sent.done_on > last:
        return _("缺：报备晚了，须会前 %(days)s 个工作日。请推迟会议，或者作例外说明。") % {"days": days}
    return ""


def _why_filed(case: Case, book: RuleBook) -> str:
    if (case.entry and case.entry.filing_days) or case.amount_fen is None:
        return _("清单要求报备")
    words = {"amount": f"{case.amount_fen // 100:,}", "limit": f"{book.filing_threshold_fen // 100:,}"}
    return _("金额 %(amount)s 元达到报备限额 %(limit)s 元") % words


Faults = dict[PreparationKind, str]


def _of_group(check: str) -> Callable[[Case, RuleBook, datetime], Faults]:
    def look(case: Case, book: RuleBook, at: datetime) -> Faults:
        required = case.entry.preparations if case.entry else frozenset()
        kinds = [kind for kind in GROUPS[check] if kind in required]
        return {kind: fault_of(case, book, kind, latest(case, kind, at)) for kind in kinds}

    return look


def _talked(case: Case, _book: RuleBook, at: datetime) -> Faults:
    kind = PreparationKind.COMMUNICATION
    return {kind: talk_fault(latest(case, kind, at))}


def _filed(case: Case, book: RuleBook, at: datetime) -> Faults:
    days = filing_days(case, book)
    return {} if days is None else {PreparationKind.FILING: filing_fault(case, book, at, days)}


_ASKED = {**{check: _of_group(check) for check in GROUPS}, "C10": _talked, "C11": _filed}


def faults(case: Case, book: RuleBook, at: datetime, check: str) -> Faults:
    """Preparation → what was wrong with it when the meeting began, empty where nothing was; those that a check asks for."""
    return _ASKED[check](case, book, at)
