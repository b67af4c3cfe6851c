"""What must be there before a meeting: asked by the pre-flight page beforehand, and by the checks of the first phase later."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from xianxue.decisions.choices import PERSONNEL, REVIEWS, STUDIES, PreparationKind
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.days import day_of
from xianxue.decisions.rules.facts import Case, Entry, Prepared, Sitting
from xianxue.decisions.rules.preparing import (
    fault_of,
    filed,
    filing_days,
    filing_fault,
    last_filing_day,
    latest,
    talk_fault,
)
from xianxue.meetings.choices import BodyKind, ItemOutcome


class Met(StrEnum):
    """How a requirement stands."""

    MET = "met"
    MISSING = "missing"
    WAIVED = "waived"
    NOT_APPLICABLE = "not_applicable"


@dataclass(frozen=True, slots=True)
class Requirement:
    """One thing that must be there before a meeting. `text`: what was done, what is missing, or why it does not apply.

    `who` and `until` say whose move it is, for what is missing. `check` is the check that finds it afterwards.
    """

    code: str
    label: str
    check: str
    state: Met
    text: str
    who: str = ""
    until: date | None = None
    done_on: date | None = None

    @property
    def holds(self) -> bool:
        """Whether the agenda entry is held for it."""
        return self.state == Met.MISSING


def requirements(case: Case, book: RuleBook, at: datetime | None) -> tuple[Requirement, ...]:
    """Everything that must be there before the meeting at `at`; None for a meeting that is not fixed yet.

    What is recorded after `at` does not count. The order is that in which one does it.
    """
    return _with_waivers(case, (one for asked in ASKED for one in asked(case, book, at)))


def _with_waivers(case: Case, found: Iterable[Requirement]) -> tuple[Requirement, ...]:
    return tuple(_waived(one) if one.holds and one.code in case.waived else one for one in found)


def _waived(one: Requirement) -> Requirement:
    return Requirement(one.code, one.label, one.check, Met.WAIVED, _("已作例外处理：%(text)s") % {"text": one.text})


def _until(case: Case, at: datetime | None) -> date | None:
    return case.calendar.after(day_of(at), -1) if at else None


def _listed(case: Case, _book: RuleBook, _at: datetime | None) -> Iterator[Requirement]:
    label = _("事项清单")
    if case.entry is None:
        text = _("缺：本校事项清单里没有这个事项。请先修订清单并报县局备案，或者作例外说明。")
        yield Requirement("listed", label, "C03", Met.MISSING, text, who=_("学校办公室"))
        return
    if case.edition is None or case.edition.filed_on is None:
        text = _("缺：本校事项清单还没有报县局备案。")
        yield Requirement("listed", label, "C03", Met.MISSING, text, who=_("学校办公室"))
        return
    words = {"number": case.edition.number, "name": case.entry.name}
    text = _("本校事项清单 %(number)s 版“%(name)s”，已备案") % words
    yield Requirement("listed", label, "C03", Met.MET, text, done_on=case.edition.filed_on)


def _prepared(case: Case, book: RuleBook, at: datetime | None) -> Iterator[Requirement]:
    required = case.entry.preparations if case.entry else frozenset()
    for kind in (*STUDIES, *REVIEWS, *PERSONNEL):
        if kind in required:
            yield _one_prepared(case, book, kind, at)
        elif kind in REVIEWS:
            text = _("不适用：清单不要求。")
            yield Requirement(kind, str(kind.label), _check_of(kind), Met.NOT_APPLICABLE, text)


def _one_prepared(case: Case, book: RuleBook, kind: PreparationKind, at: datetime | None) -> Requirement:
    label, check, done = str(kind.label), _check_of(kind), latest(case, kind, at)
    if text := fault_of(case, book, kind, done):
        return Requirement(kind, label, check, Met.MISSING, text, who=_whose(kind), until=_until(case, at))
    return Requirement(kind, label, check, Met.MET, _told(done), done_on=done.done_on if done else None)


def _check_of(kind: PreparationKind) -> str:
    if kind in REVIEWS:
        return "C05"
    return "C07" if kind in PERSONNEL else "C04"


def _told(done: Prepared | None) -> str:
    if done is None:
        return ""
    if done.kind == PreparationKind.ALTERNATIVES:
        return _("%(count)s 个方案，%(name)s办理") % {"count": done.count, "name": done.name}
    if done.kind == PreparationKind.CONSULTATION and done.count:
        return _("征求 %(count)s 人意见，%(name)s办理") % {"count": done.count, "name": done.name}
    return _("%(name)s已办理") % {"name": done.name}


def _whose(kind: PreparationKind) -> str:
    if kind == PreparationKind.LEGAL:
        return _("审查人（不能是提出人）")
    return _("纪检委员") if kind == PreparationKind.INTEGRITY else _("提出人")


def _talked(case: Case, _book: RuleBook, at: datetime | None) -> Iterator[Requirement]:
    label, done = str(PreparationKind.COMMUNICATION.label), latest(case, PreparationKind.COMMUNICATION, at)
    if text := talk_fault(done):
        who, until = _("书记、校长"), _until(case, at)
        yield Requirement("communication", label, "C10", Met.MISSING, text, who=who, until=until)
    elif done:
        yield Requirement("communication", label, "C10", Met.MET, _("无重大分歧"), done_on=done.done_on)


def _filed(case: Case, book: RuleBook, at: datetime | None) -> Iterator[Requirement]:
    label, days = str(PreparationKind.FILING.label), filing_days(case, book)
    if days is None:
        text = _("不适用：清单不要求报备，金额也没有达到报备限额。")
        yield Requirement("filing", label, "C11", Met.NOT_APPLICABLE, text)
        return
    now = filed(case, at)
    if text := filing_fault(case, book, at, days):
        last = last_filing_day(case, at, days)
        yield Requirement("filing", label, "C11", Met.MISSING, text, who=_("学校办公室"), until=last)
    elif now.sent:
        text = (
            _("已报备，县局已确认（%(name)s）") % {"name": now.answer.name} if now.answer else _("已报备，等县局确认")
        )
        yield Requirement("filing", label, "C11", Met.MET, text, done_on=now.sent.done_on)


def _staff_heard(case: Case, _book: RuleBook, at: datetime | None) -> Iterator[Requirement]:
    label, entry = _("教代会"), case.entry
    if entry is None or not entry.is_staff_interest:
        yield Requirement("congress", label, "C06", Met.NOT_APPLICABLE, _("不适用：不涉及教职工切身利益。"))
        return
    held = [one for one in case.held if _is_congress(one) and (at is None or one.starts_at < at)]
    passed = [one for one in held if one.outcome == ItemOutcome.PASSED]
    if passed:
        day = day_of(passed[-1].starts_at)
        yield Requirement("congress", label, "C06", Met.MET, _("教代会已经讨论通过"), done_on=day)
    elif _next_body(case, entry) == BodyKind.CONGRESS or _comes_later(case, entry):
        yield Requirement("congress", label, "C06", Met.NOT_APPLICABLE, _("不适用：教代会排在这次会议或者以后。"))
    else:
        text = _("缺：涉及教职工切身利益，须先经教代会讨论通过。")
        yield Requirement("congress", label, "C06", Met.MISSING, text, who=_("工会"), until=_until(case, at))


def _is_congress(sitting: Sitting) -> bool:
    return BodyKind.CONGRESS in {sitting.body_kind, *sitting.stands_in_for}


def _next_body(case: Case, entry: Entry) -> str:
    done = _passed_kinds(case, entry)
    return next((kind for kind in entry.chain if kind not in done), "")


def _comes_later(case: Case, entry: Entry) -> bool:
    if BodyKind.CONGRESS not in entry.chain:
        return False
    current = _next_body(case, entry)
    return current in entry.chain and entry.chain.index(current) < entry.chain.index(BodyKind.CONGRESS)


def _passed_kinds(case: Case, entry: Entry) -> set[str]:
    """Kinds of the chain that have passed it, those in whose stead a body stood among them."""
    found: set[str] = set()
    for sitting in case.held:
        if sitting.outcome == ItemOutcome.PASSED:
            found |= {sitting.body_kind, *sitting.stands_in_for} & set(entry.chain)
    return found


def _in_order(case: Case, _book: RuleBook, at: datetime | None) -> Iterator[Requirement]:
    entry, label = case.entry, _("会议顺序")
    if entry is None or not entry.chain:
        return
    sitting, chain = _at(case, at), " → ".join(str(BodyKind(kind).label) for kind in entry.chain)
    if sitting is None:
        if following := _next_body(case, entry):
            words = {"body": BodyKind(following).label, "chain": chain}
            text = _("不适用：还没有列入会议。下一步上%(body)s（%(chain)s）。") % words
            yield Requirement("order", label, "C13", Met.NOT_APPLICABLE, text)
        return
    wanted = [kind for kind in entry.chain if kind not in _passed_before(case, entry, sitting)]
    ours = {sitting.body_kind, *sitting.stands_in_for}
    if wanted and wanted[0] in ours:
        yield Requirement("order", label, "C13", Met.MET, chain)
    elif wanted:
        text = _("缺：应当先经%(body)s。") % {"body": BodyKind(wanted[0]).label}
        yield Requirement("order", label, "C13", Met.MISSING, text, who=_("会议记录人"))


def _notified(case: Case, book: RuleBook, at: datetime | None) -> Iterator[Requirement]:
    """Notice and papers so many hours before: they go out when it stands on the agenda, so this holds nothing before."""
    label, hours = _("通知和材料"), book.number("C08", "important_hours" if case.is_weighty else "hours")
    if at is None:
        text = _("不适用：会议时间还没有定。定了以后，须在会前 %(hours)s 小时送达。") % {"hours": hours}
        yield Requirement("notice", label, "C08", Met.NOT_APPLICABLE, text)
        return
    last, sitting = at - timedelta(hours=hours), _at(case, at)
    until, words = day_of(last), {"hours": hours, "last": _moment(last)}
    sent = sitting.noticed_at if sitting else None
    is_late = case.today > until if sent is None else sent > last
    if sitting and is_late:
        text = _("缺：通知和材料须在%(last)s以前（会前 %(hours)s 小时）送达。请推迟会议。") % words
        yield Requirement("notice", label, "C08", Met.MISSING, text, who=_("会议记录人"), until=until)
    elif sent:
        yield Requirement(
            "notice", label, "C08", Met.MET, _("已在会前 %(hours)s 小时以前送达") % words, done_on=day_of(sent)
        )
    else:
        text = _("不适用：列入会议以后才发通知。须在%(last)s以前送达。") % words
        if is_late:
            text = _("不适用：列入会议以后才发通知。%(last)s以前送达已经来不及，列入这次会议属于临时动议。") % words
        yield Requirement("notice", label, "C08", Met.NOT_APPLICABLE, text)


def _moment(at: datetime) -> str:
    local = localtime(at)
    words = {"month": local.month, "day": local.day, "time": f"{local:%H:%M}"}
    return _(" %(month)s 月 %(day)s 日 %(time)s ") % words


def _at(case: Case, at: datetime | None) -> Sitting | None:
    if at is None:
        return None
    return next((sitting for sitting in case.sittings if sitting.starts_at == at), None)


def _passed_before(case: Case, entry: Entry, sitting: Sitting) -> set[str]:
    found: set[str] = set()
    for earlier in case.held:
        if earlier.starts_at < sitting.starts_at and earlier.outcome == ItemOutcome.PASSED:
            found |= {earlier.body_kind, *earlier.stands_in_for} & set(entry.chain)
    return found


def _basis_given(case: Case, _book: RuleBook, _at: datetime | None) -> Iterator[Requirement]:
    if case.is_confidential and not case.has_confidential_basis:
        text = _("缺：不公开的事项要写明依据。")
        yield Requirement("confidential", _("不公开的依据"), "C21", Met.MISSING, text, who=_("提出人"))


ASKED = (_listed, _prepared, _talked, _filed, _staff_heard, _in_order, _notified, _basis_given)
