"""Checks of the meeting itself: quorum, order of the chain, who spoke when, whether it was one, oversight, record."""

from collections.abc import Iterator
from datetime import timedelta

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.choices import Phase
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.checks.parts import (
    ENDED,
    OPINION,
    body_name,
    each,
    failure,
    named,
    not_decided,
    not_held,
    on_case,
    ruled_as,
)
from xianxue.decisions.rules.days import day_of
from xianxue.decisions.rules.facts import Attendee, Case, Entry, Sitting
from xianxue.kernel.checks.choices import Certainty
from xianxue.kernel.checks.outcomes import Failure, Outcome, failed, skipped
from xianxue.meetings.choices import AttendanceRole, ItemOutcome

DURING = Phase.DURING


@on_case("C12", _("法定人数不足"), DURING, OPINION + "（五）（六）")
def quorum(case: Case, book: RuleBook) -> Outcome:
    """So many members of that day's roster were there, at the vote where there was one; absent ones, and those nobody
    marked, do not count.
    """
    if (wait := not_decided(case)) is not None:
        return wait
    return each(case.decided, lambda sitting: _quorum(case, sitting, book))


def _quorum(case: Case, sitting: Sitting, book: RuleBook) -> Failure | str | None:
    rule = book.quorum_of(ruled_as(case, sitting, book), is_important=case.is_important)
    if rule is None:
        return _t("规则里没有%(body)s的法定人数。") % {"body": body_name(sitting.body_kind)}
    if not sitting.roster:
        return _t("%(meeting)s没有登记应到人数。") % {"meeting": named(sitting)}
    if rule.reached(sitting.at_vote, sitting.roster):
        return None
    facts = {"roster": sitting.roster, "present": sitting.at_vote, "needed": rule.needed(sitting.roster)}
    reason = _t("应到 %(roster)s 人，实到 %(present)s 人，至少要到 %(needed)s 人。")
    return failure(sitting, reason % facts, {**facts, "rule": rule.as_dict()})


@on_case("C13", _("会议层级、顺序不当"), DURING, OPINION + "（五）（六）（七）")
def in_order(case: Case, _book: RuleBook) -> Outcome:
    """The meetings that passed it are those of the list, in its order; a body may stand in for one that is not there."""
    if (wait := not_decided(case)) is not None:
        return wait
    if case.entry is None or not case.entry.chain:
        return skipped(_t("清单没有规定会议顺序。"))
    return failed(*_disorder(case, case.entry))


def _disorder(case: Case, entry: Entry) -> Iterator[Failure]:
    place = 0
    for sitting in sorted(case.decided, key=lambda one: one.starts_at):
        ours = {sitting.body_kind, *sitting.stands_in_for}
        wanted = entry.chain[place] if place < len(entry.chain) else None
        if wanted is None or sitting.outcome != ItemOutcome.PASSED:
            continue
        if wanted in ours:
            place += 1
            # One body that stands in for others passes their stages with one meeting.
            while place < len(entry.chain) and entry.chain[place] in ours:
                place += 1
        elif ours & set(entry.chain[place:]):
            reason = _t("应当先经%(body)s。") % {"body": body_name(wanted)}
            yield failure(sitting, reason, {"chain": list(entry.chain), "body": sitting.body_kind})
            return
    if case.is_passed and place < len(entry.chain):
        lacking = "、".join(body_name(kind) for kind in entry.chain[place:])
        yield Failure(
            _t("没有经过%(bodies)s就作了决定。") % {"bodies": lacking}, key="chain", inputs={"chain": list(entry.chain)}
        )


@on_case("C15", _("一把手未末位表态"), DURING, _("主要负责人末位表态制度"))
def chief_last(case: Case, _book: RuleBook) -> Outcome:
    """No member's opinion comes after the chief's."""
    if (wait := not_decided(case)) is not None:
        return wait
    recorded = [one for one in case.decided if any(said.is_chief for said in one.opinions)]
    if not recorded:
        return skipped(_t("没有主要负责人表态的记录。"))
    return each(recorded, _chief_last)


def _chief_last(sitting: Sitting) -> Failure | None:
    chief = min(said.order for said in sitting.opinions if said.is_chief)
    after = [
        said.person
        for said in sitting.opinions
        if said.role == AttendanceRole.MEMBER and not said.is_chief and said.order > chief
    ]
    if not after:
        return None
    reason = _t("主要负责人第 %(order)s 个发言，其后还有 %(count)s 名成员发言。")
    return failure(sitting, reason % {"order": chief, "count": len(after)}, {"order": chief, "after": after})


@on_case("C18", _("传阅会签代替会议"), DURING, _("学校“三重一大”议事规则：不得以传阅、会签、个别征求意见代替会议"))
def truly_met(case: Case, book: RuleBook) -> Outcome:
    """There was a meeting, people came to it, and it took time."""
    if case.is_withdrawn:
        return skipped(_t("议题已撤回。"))
    if not case.held:
        if case.is_passed is None:
            return skipped(_t("还没有上会。"))
        return failed(Failure(_t("有决定而没有会议记录。"), key="none"))
    if (wait := not_decided(case)) is not None:
        return wait
    minutes = book.number("C18", "least_minutes")
    return each(case.decided, lambda sitting: _truly_met(sitting, minutes))


def _truly_met(sitting: Sitting, minutes: int) -> Failure | str | None:
    if sitting.present == 0:
        return failure(sitting, _t("没有任何人到会的登记。"))
    if sitting.began_at is None or sitting.ended_at is None:
        return _t("%(meeting)s没有起止时间，时长由第 20 项追问。") % {"meeting": named(sitting)}
    lasted = sitting.ended_at - sitting.began_at
    if lasted < timedelta(minutes=minutes * max(1, sitting.item_count)):
        words = {"minutes": int(lasted.total_seconds() // 60), "items": sitting.item_count}
        reason = _t("会议开了 %(minutes)s 分钟，议了 %(items)s 个事项。") % words
        return failure(sitting, reason, words, certainty=Certainty.SUSPECTED)
    return None


@on_case("C19", _("监督缺位"), DURING, _("学校纪检监督制度"))
def overseen(case: Case, _book: RuleBook) -> Outcome:
    """The discipline member, or an inspector, was there and said something that stands in the record."""
    if (wait := not_decided(case)) is not None:
        return wait
    watched = [one for one in case.decided if _watchers(one)]
    if not watched:
        return skipped(_t("这些会议没有纪检委员，也没有派员监督。"))
    return each(watched, _overseen)


def _watchers(sitting: Sitting) -> list[Attendee]:
    return [one for one in sitting.attendees if one.is_discipline or one.role == AttendanceRole.INSPECTOR]


def _overseen(sitting: Sitting) -> Failure | str | None:
    # Who must leave the room over the item may not speak on it.
    recused = {one.person for one in sitting.recusals}
    watching = [one for one in _watchers(sitting) if not (one.is_discipline and one.person in recused)]
    if not watching:
        return _t("%(meeting)s的纪检委员对这一事项回避，没有其他人监督。") % {"meeting": named(sitting)}
    present = {one.person for one in watching if one.is_present}
    if not present:
        return failure(sitting, _t("纪检委员缺席，也没有人代为监督。"), {"persons": [one.person for one in watching]})
    if not any(said.has_text for said in sitting.opinions if said.person in present):
        return failure(sitting, _t("没有记录纪检委员的意见。"), {"persons": sorted(present)})
    return None


@on_case("C20", _("记录不完整、补录倒签"), DURING, _("学校党组织议事决策程序：会议记录、签名确认"))
def recorded(case: Case, book: RuleBook) -> Outcome:
    """The record says what it must, was signed by those present, entered in time, and not changed after the lock."""
    if (wait := not_held(case)) is not None:
        return wait
    days = book.number("C20", "working_days")
    return each(case.held, lambda sitting: _recorded(case, sitting, days))


def _recorded(case: Case, sitting: Sitting, days: int) -> Failure | str | None:
    reasons = []
    if sitting.changed_after_lock:
        reasons.append(_t("锁定以后记录被改动。"))
    late = 0
    if sitting.entered_at and sitting.ended_at:
        late = case.calendar.between(day_of(sitting.ended_at), day_of(sitting.entered_at))
    if late > days:
        reasons.append(_t("会后 %(late)s 个工作日才录入记录，最多 %(days)s 个。") % {"late": late, "days": days})
    is_due = _is_over(case, sitting, days)
    lacking = list(_lacking(sitting)) if is_due or sitting.locked_at else []
    if is_due and (unsigned := _unsigned(sitting)):
        lacking.append(_t("%(count)s 人的签名") % {"count": unsigned})
    if lacking:
        reasons.append(_t("记录缺%(what)s。") % {"what": "、".join(lacking)})
    if reasons:
        return failure(
            sitting, "".join(reasons), {"late": late, "lacking": lacking, "changed": sitting.changed_after_lock}
        )
    return None if is_due else _t("%(meeting)s的记录还在整理、签名的期限以内。") % {"meeting": named(sitting)}


def _is_over(case: Case, sitting: Sitting, days: int) -> bool:
    """Whether the days are over within which a record is written up and signed."""
    return case.calendar.between(day_of(sitting.ended_at or sitting.starts_at), case.today) > days


def _unsigned(sitting: Sitting) -> int:
    """How many members who came have not signed; 0 where only numbers are kept."""
    if sitting.counts_only:
        return 0
    return len({one.person for one in sitting.members if one.is_present} - sitting.signed)


def _lacking(sitting: Sitting) -> Iterator[str]:
    if not sitting.has_chair:
        yield _t("主持人")
    if not sitting.has_summary:
        yield _t("讨论情况")
    if sitting.outcome == ItemOutcome.PASSED and not sitting.has_resolution:
        yield _t("决定内容")
    if sitting.began_at is None or sitting.ended_at is None:
        yield _t("起止时间")
    if sitting.counts_only:
        return
    if sitting.outcome in ENDED and (silent := _silent(sitting)):
        yield _t("%(count)s 人的意见") % {"count": silent}
    if [one for one in sitting.members if not one.is_present and not one.absence_reason]:
        yield _t("缺席原因")


def _silent(sitting: Sitting) -> int:
    """How many members who came and did not leave the room have no opinion in the record; C19 asks for 纪检委员."""
    heard = {said.person for said in sitting.opinions} | {one.person for one in sitting.recusals}
    asked = {one.person for one in sitting.members if one.is_present and not one.is_discipline}
    return len(asked - heard)
