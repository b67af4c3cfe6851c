"""Checks of what comes before a meeting: list, studies, reviews, congress, personnel steps, notice, agenda, talk, filing."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.choices import Phase
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.checks.parts import (
    OPINION,
    each,
    failure,
    named,
    not_decided,
    not_held,
    on_case,
    takes_place_of,
)
from xianxue.decisions.rules.days import day_of
from xianxue.decisions.rules.facts import Attendee, Case, Edition, Sitting
from xianxue.decisions.rules.preparing import faults
from xianxue.kernel.checks.choices import Severity
from xianxue.kernel.checks.outcomes import Failure, Outcome, Standing, excepted, failed, skipped
from xianxue.meetings.choices import BodyKind, ItemOutcome

BEFORE = Phase.BEFORE
NO_STUDIES = Standing(_("清单没有要求调研论证、征求意见。"))
NO_REVIEWS = Standing(_("清单没有要求合法性、廉洁性审查。"))
NO_PERSONNEL = Standing(_("清单没有要求任免程序。"))
NO_TALK = Standing(_("不要求会前沟通。"))
NO_FILING = Standing(_("清单和金额都不要求报备。"))
NO_STAFF = Standing(_("不涉及教职工切身利益。"))


@on_case("C03", _("事项超清单、清单未备案"), BEFORE, _("学校“三重一大”事项清单制度"))
def listed(case: Case, book: RuleBook) -> Outcome:
    """The proposal stands under an entry of a list that was filed and is not older than the limit."""
    if case.is_withdrawn:
        return skipped(_t("议题已撤回。"))
    if "listed" in case.waived:
        return excepted(_t("已作例外处理。"))
    if case.entry is None:
        return failed(Failure(_t("议题不在学校的事项清单里。"), inputs={"proposed_on": case.proposed_on.isoformat()}))
    edition = case.edition
    if edition is None or edition.filed_on is None or edition.filed_on > case.proposed_on:
        return failed(Failure(_t("提出议题时，事项清单还没有报县局备案。"), inputs={"entry": case.entry.code}))
    return failed(
        *_out_of_date(case, edition, edition.filed_on, book.number("C03", "edition_months")), *_misplaced(case)
    )


def _out_of_date(case: Case, edition: Edition, filed_on: date, months: int) -> Iterator[Failure]:
    adopted = edition.adopted_on or filed_on
    years, month = divmod(adopted.month - 1 + months, 12)
    # Not a date: the 29th of February has no anniversary.
    limit = (adopted.year + years, month + 1, adopted.day)
    if case.proposed_on.timetuple()[:3] > limit:
        reason = _t("事项清单是 %(day)s 审议通过的，超过 %(months)s 个月没有更新。")
        words = {"day": adopted.isoformat(), "months": months}
        yield Failure(reason % words, key="edition", inputs={"adopted_on": adopted.isoformat()})
    elif edition.valid_to is not None and edition.valid_to < case.proposed_on:
        reason = _t("提出议题时，%(number)s 版事项清单已经失效（%(day)s）。")
        words = {"number": edition.number, "day": edition.valid_to.isoformat()}
        yield Failure(reason % words, key="edition", inputs={"valid_to": edition.valid_to.isoformat()})


def _misplaced(case: Case) -> Iterator[Failure]:
    if case.entry and case.category != case.entry.category:
        yield Failure(_t("议题的类别和清单事项的类别不一致。"), key="category", inputs={"category": case.category})


def _asked(case: Case, book: RuleBook, check: str, not_asked: Standing) -> Outcome:
    """Failed for what was missing when the first meeting began that decided; skipped where nothing was asked.

    A meeting that put it off because something was missing did what it should.
    """
    if (wait := not_decided(case)) is not None:
        return wait
    if case.is_urgent and case.acted_on:
        return skipped(_t("紧急事项先行处置，由第 24 项检查。"))
    found = faults(case, book, case.decided[0].starts_at, check)
    if not found:
        return not_asked()
    missing = [(kind, text) for kind, text in found.items() if text and kind not in case.waived]
    if not missing and any(found.values()):
        return excepted(_t("已作例外处理。"))
    lacking = ((kind, text.removeprefix("缺：")) for kind, text in missing)
    # What is lacking is what is judged: a review that was not held is something else than one by the wrong person.
    return failed(
        *(Failure(f"{kind.label}：{text}", key=kind.value, inputs={"lacking": text}) for kind, text in lacking)
    )


@on_case("C04", _("调研论证、征求意见缺失"), BEFORE, OPINION + "（七）")
def studied(case: Case, book: RuleBook) -> Outcome:
    """Studies, alternatives, consultation that the list asks for were done before the first meeting."""
    return _asked(case, book, "C04", NO_STUDIES)


@on_case("C05", _("合法性、廉洁性审查缺失"), BEFORE, _("合法性审查、廉洁性审查制度"))
def reviewed(case: Case, book: RuleBook) -> Outcome:
    """Reviews that the list asks for were given before the first meeting, by somebody who did not propose."""
    return _asked(case, book, "C05", NO_REVIEWS)


@on_case("C06", _("教代会程序缺失"), BEFORE, _("《学校教职工代表大会规定》（教育部令第32号）"))
def staff_heard(case: Case, book: RuleBook) -> Outcome:
    """Where staff interests are touched the congress met in number and passed it by more than half of all delegates."""
    if (wait := not_decided(case)) is not None:
        return wait
    if case.entry is None or not case.entry.is_staff_interest:
        return NO_STAFF()
    if "congress" in case.waived:
        return excepted(_t("已作例外处理。"))
    heard = [one for one in case.decided if takes_place_of(one, BodyKind.CONGRESS)]
    passed = [one for one in heard if one.outcome == ItemOutcome.PASSED]
    if not passed:
        if not case.is_passed:
            return skipped(_t("会议程序还没有走完，或者没有通过。"))
        reason = _t("教代会没有通过，仍然作了决定。") if heard else _t("没有教代会讨论通过的记录。")
        return failed(Failure(reason, inputs={"heard": bool(heard)}))
    return each(passed, lambda sitting: _heard_late(case, sitting) or _congress(sitting, book))


def _heard_late(case: Case, sitting: Sitting) -> Failure | None:
    """A congress after the decision, where the list does not put it there; the order of the list is for C13."""
    others = [one.starts_at for one in case.decided if not takes_place_of(one, BodyKind.CONGRESS)]
    in_chain = case.entry is not None and BodyKind.CONGRESS in case.entry.chain
    if in_chain or not others or sitting.starts_at <= max(others):
        return None
    return failure(sitting, _t("作出决定以后才提交教代会。"))


def _congress(sitting: Sitting, book: RuleBook) -> Failure | str | None:
    quorum, majority = book.quorum_of(BodyKind.CONGRESS, is_important=False), book.majority_of("", BodyKind.CONGRESS)
    if quorum is None or majority is None:
        return _t("规则里没有教代会的法定人数或者表决规则。")
    if not sitting.roster:
        return _t("%(meeting)s没有登记应到人数。") % {"meeting": named(sitting)}
    facts = {"roster": sitting.roster, "present": sitting.present}
    if not quorum.reached(sitting.present, sitting.roster):
        reason = _t("教代会应到 %(roster)s 人，实到 %(present)s 人，不足法定人数。")
        return failure(sitting, reason % facts, facts)
    if sitting.vote is None:
        return _t("%(meeting)s没有票数，由第 16 项追问。") % {"meeting": named(sitting)}
    yes = sitting.vote.yes
    if majority.reached(yes, sitting.roster):
        return None
    reason = _t("教代会 %(yes)s 人赞成，全体代表 %(roster)s 人，没有达到规定人数。")
    return failure(sitting, reason % {"yes": yes, "roster": sitting.roster}, {**facts, "yes": yes})


@on_case("C07", _("干部任免酝酿、报批缺失"), BEFORE, OPINION + "（七）")
def personnel(case: Case, book: RuleBook) -> Outcome:
    """Recommendation, inspection, deliberation, reply: those that the list asks for were done before the vote."""
    return _asked(case, book, "C07", NO_PERSONNEL)


@on_case("C08", _("材料告知不足"), BEFORE, _("学校党组织议事决策程序：会议通知和材料提前书面送达"))
def served(case: Case, book: RuleBook) -> Outcome:
    """Every member had notice and materials so many hours before; more for 人事 and 大额."""
    if (wait := not_held(case)) is not None:
        return wait
    hours = book.number("C08", "important_hours" if case.is_weighty else "hours")
    return each(case.held, lambda sitting: _served(sitting, hours))


def _served(sitting: Sitting, hours: int) -> Failure | str | None:
    last = sitting.starts_at - timedelta(hours=hours)
    if sitting.noticed_at is None:
        return failure(sitting, _t("没有会议通知的记录。"), {"noticed_at": None})
    # Of what was let in late the papers cannot be early: whether it should have been is for C09.
    materials = sitting.noticed_at if sitting.added_at > sitting.noticed_at else sitting.materials_at
    if materials is None:
        return failure(sitting, _t("没有会议材料送达的记录。"), {"materials_at": None})
    if sitting.noticed_at > last or materials > last:
        reason = _t("会议通知或者材料不到会前 %(hours)s 小时才送达。")
        return failure(sitting, reason % {"hours": hours}, {"noticed_at": sitting.noticed_at.isoformat()})
    missed = [one for one in sitting.members if not _reached(one, last)]
    if missed:
        names = "、".join(one.name for one in missed)
        reason = _t("%(names)s没有在会前 %(hours)s 小时收到通知。")
        return failure(sitting, reason % {"names": names, "hours": hours}, {"persons": [one.person for one in missed]})
    if not sitting.members:
        return _t("%(meeting)s只登记人数，没有逐人送达的记录。") % {"meeting": named(sitting)}
    return None


def _reached(one: Attendee, last: datetime) -> bool:
    """Served in time, or said to have read it in time; who became a member after that moment could not be."""
    if one.joined_on is not None and one.joined_on > day_of(last):
        return True
    return (one.served_at is not None and one.served_at <= last) or (one.read_at is not None and one.read_at <= last)


@on_case("C09", _("临时动议"), BEFORE, _("学校党组织议事决策程序：原则上不临时动议"))
def on_the_agenda(case: Case, _book: RuleBook) -> Outcome:
    """The item stood on the agenda when the notice went out, or was let in with a reason and somebody's approval."""
    if (wait := not_held(case)) is not None:
        return wait
    severity = Severity.GRAVE if case.is_weighty else None
    return each(case.held, lambda sitting: _added(sitting, severity))


def _added(sitting: Sitting, severity: Severity | None) -> Failure | str | None:
    if sitting.noticed_at is None:
        return _t("%(meeting)s没有会议通知的记录，由第 8 项追问。") % {"meeting": named(sitting)}
    if sitting.added_at <= sitting.noticed_at:
        return None
    if sitting.late_reason and sitting.late_approved_by and severity is None:
        return None
    why = _t("没有写明理由")
    if sitting.late_reason:
        why = _t("没有批准人") if not sitting.late_approved_by else _t("人事、大额事项不得临时动议")
    return failure(
        sitting,
        _t("议题在通知发出以后才列入，%(why)s。") % {"why": why},
        {"added_at": sitting.added_at.isoformat()},
        severity=severity,
    )


@on_case("C10", _("书记校长未会前沟通"), BEFORE, OPINION + "（七）")
def talked(case: Case, book: RuleBook) -> Outcome:
    """Secretary and head spoke before the first meeting, and agreed."""
    return _asked(case, book, "C10", NO_TALK)


@on_case("C11", _("会前未报备"), BEFORE, _("会前报备制度；天数由县局确定"))
def filed(case: Case, book: RuleBook) -> Outcome:
    """What must be filed with the bureau was filed in time before the first meeting."""
    return _asked(case, book, "C11", NO_FILING)
