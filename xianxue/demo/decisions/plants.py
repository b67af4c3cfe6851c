"""What was planted: for each of the 25 checks one thing that is not as it should be, done to a lawful proposal."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from django.db import models

from xianxue.decisions.choices import Category, PreparationKind
from xianxue.decisions.models import CatalogueEntry
from xianxue.demo.decisions.lawful import Bundle, Sitting, at
from xianxue.kernel.procedures.calendar import add_working_days
from xianxue.ledgers.models import Payment
from xianxue.meetings.choices import BallotChoice, BodyKind, Presence, RecusalGround
from xianxue.meetings.models import Interest

Fits = Callable[[CatalogueEntry], bool]
Spoil = Callable[[Bundle], None]


@dataclass(frozen=True)
class Plant:
    """One fault: the check that it is for, in words, which entries it needs, how far the proposal has come, and what
    is done to it. `also`: other checks that cannot but find the same.
    """

    check: str
    words: str
    spoil: Spoil
    fits: Fits = lambda _entry: True
    phase: str = "archived"
    least: int = 3
    """Members that the deciding body must have."""
    also: tuple[str, ...] = ()

    @property
    def finds(self) -> frozenset[str]:
        """Every check that finds it."""
        return frozenset({self.check, *self.also})


def _needs(kind: PreparationKind) -> Fits:
    return lambda entry: kind in entry.preparations


def _with_money(entry: CatalogueEntry) -> bool:
    return entry.category in {Category.PROJECT, Category.FUNDS} and bool(entry.payment_kinds)


def _without(kind: PreparationKind) -> Spoil:
    def spoil(bundle: Bundle) -> None:
        bundle.preparations[:] = [done for done in bundle.preparations if done.kind != kind]

    return spoil


def _unpaid_for(bundle: Bundle, number: str, amount_fen: int, payee: str, days: int = 0) -> Payment:
    proposal = bundle.proposal
    kind = next(iter(proposal.entry.payment_kinds), "repair") if proposal.entry else "repair"
    return Payment(
        unit_id=proposal.unit_id,
        number=f"{number}-{proposal.number}",
        paid_on=proposal.proposed_on + timedelta(days=days),
        kind=kind,
        purpose="零星支出",
        payee=payee,
        amount_fen=amount_fen,
    )


def _threshold(bundle: Bundle) -> int:
    return (bundle.proposal.entry and bundle.proposal.entry.threshold_fen) or 500_000


def _untabled(bundle: Bundle) -> None:
    bundle.others.append(_unpaid_for(bundle, "WS", _threshold(bundle) * 2, "顺达工程队"))


def _split(bundle: Bundle) -> None:
    part = _threshold(bundle) * 6 // 10
    bundle.others += [_unpaid_for(bundle, f"CF{day}", part, "恒信商贸行", day) for day in (0, 12, 25)]
    utilities = _unpaid_for(bundle, "SD", part, "恒信商贸行", 30)
    utilities.kind = "utilities"
    bundle.others.append(utilities)


def _unlisted(bundle: Bundle) -> None:
    bundle.proposal.entry, bundle.proposal.unlisted_reason = None, "清单中没有对应事项，先行提出。"


def _thin_congress(bundle: Bundle) -> None:
    for sitting in bundle.sittings:
        meeting, vote = sitting.meeting, sitting.vote
        if sitting.meeting.body.kind == BodyKind.CONGRESS and vote and meeting.roster_total:
            meeting.present_total = vote.present_count = vote.yes = meeting.roster_total * 3 // 5


def _late_notice(bundle: Bundle) -> None:
    sitting = bundle.sittings[-1]
    sent = sitting.meeting.starts_at - timedelta(hours=3)
    sitting.meeting.noticed_at = sitting.item.materials_at = sent
    sitting.item.added_at = sitting.study.added_at = sitting.tabling.tabled_at = sent - timedelta(minutes=30)
    for one in sitting.attendances:
        one.served_at, one.read_at = sent, sent + timedelta(hours=1)


def _added_late(bundle: Bundle) -> None:
    sitting = bundle.sittings[-1]
    sitting.item.added_at = sitting.tabling.tabled_at = (
        sitting.meeting.noticed_at or sitting.meeting.starts_at
    ) + timedelta(hours=5)


def _filed_late(bundle: Bundle) -> None:
    first = bundle.sittings[0].meeting.starts_at.date()
    for done in bundle.preparations:
        if done.kind == PreparationKind.FILING:
            done.done_on = add_working_days(first, -1)
            done.recorded_at = at(done.done_on, 16)


def _absent(bundle: Bundle, people: set[int | None]) -> None:
    """These members did not come to the last meeting: nothing of theirs is in its record."""
    sitting = bundle.sittings[-1]
    for one in sitting.attendances:
        if one.person_id in people:
            one.presence, one.arrived_at, one.absence_reason = Presence.ABSENT, None, "因公外出"
    sitting.opinions[:] = [said for said in sitting.opinions if said.person_id not in people]
    for place, said in enumerate(sitting.opinions, start=1):
        said.order = place
    sitting.ballots[:] = [ballot for ballot in sitting.ballots if ballot.person_id not in people]
    sitting.signatures[:] = [one for one in sitting.signatures if one.person_id not in people]
    if sitting.vote:
        sitting.vote.electorate = [person for person in sitting.vote.electorate if person not in people]
        sitting.vote.present_count = sitting.vote.yes = len(sitting.vote.electorate)


def _no_quorum(bundle: Bundle) -> None:
    members = bundle.sittings[-1].attendances
    # More than half, so that the vote itself is right; fewer than two thirds.
    staying = len(members) // 2 + 1
    ordinary = [one.person_id for one in members if not one.is_chief and not one.is_discipline]
    _absent(bundle, set(ordinary[: len(members) - staying]))


def _wrong_order(bundle: Bundle) -> None:
    first, last = bundle.sittings[0], bundle.sittings[-1]
    shift = last.meeting.starts_at - first.meeting.starts_at
    for sitting, by in ((first, shift), (last, -shift)):
        _move(sitting, by)


def _move(sitting: Sitting, by: timedelta) -> None:
    rows: list[tuple[models.Model | None, tuple[str, ...]]] = [
        (sitting.meeting, ("starts_at", "noticed_at", "began_at", "ended_at", "entered_at", "locked_at")),
        (sitting.item, ("added_at", "materials_at", "began_at", "ended_at")),
        (sitting.study, ("added_at", "materials_at", "began_at", "ended_at")),
        (sitting.vote, ("opened_at", "closed_at")),
        *((one, ("served_at", "read_at", "arrived_at")) for one in sitting.attendances),
    ]
    for row, names in rows:
        for name in names:
            if row is not None and getattr(row, name):
                setattr(row, name, getattr(row, name) + by)


def _interested(bundle: Bundle) -> None:
    member = next(one for one in bundle.sittings[-1].attendances if not one.is_chief)
    bundle.others.append(
        Interest(
            unit_id=bundle.proposal.unit_id,
            person=member.person,
            ground=RecusalGround.SUPPLIER,
            organisation=bundle.proposal.supplier,
            note="近亲属持股",
            started_on=bundle.proposal.proposed_on - timedelta(days=200),
        )
    )


def _chief_first(bundle: Bundle) -> None:
    opinions = bundle.sittings[-1].opinions
    opinions.insert(0, opinions.pop())
    for place, said in enumerate(opinions, start=1):
        said.order = place


def _no_vote(bundle: Bundle) -> None:
    sitting = bundle.sittings[-1]
    sitting.vote, sitting.ballots[:] = None, []


def _miscounted(bundle: Bundle) -> None:
    sitting = bundle.sittings[-1]
    if sitting.vote:
        sitting.vote.yes = len(sitting.ballots) // 2
        sitting.vote.no = len(sitting.ballots) - sitting.vote.yes
        for ballot in sitting.ballots[sitting.vote.yes :]:
            ballot.choice = BallotChoice.NO


def _hurried(bundle: Bundle) -> None:
    sitting = bundle.sittings[-1]
    began = sitting.meeting.starts_at
    sitting.meeting.ended_at = began + timedelta(minutes=2)
    for row, start in ((sitting.study, 0), (sitting.item, 1)):
        row.began_at, row.ended_at = began + timedelta(minutes=start), began + timedelta(minutes=start + 1)
    if sitting.vote:
        sitting.vote.opened_at = sitting.vote.closed_at = began + timedelta(minutes=2)


def _unwatched(bundle: Bundle) -> None:
    _absent(bundle, {one.person_id for one in bundle.sittings[-1].attendances if one.is_discipline})


def _entered_late(bundle: Bundle) -> None:
    meeting = bundle.sittings[-1].meeting
    entered = at(add_working_days(meeting.starts_at.date(), 5), 10)
    meeting.entered_at, meeting.locked_at = entered, entered + timedelta(hours=1)
    for signature in bundle.sittings[-1].signatures:
        signature.signed_at = entered


def _short_publication(bundle: Bundle) -> None:
    publication = bundle.publications[-1]
    publication.due_on = publication.ended_on = add_working_days(publication.started_on, 2)


def _silent(bundle: Bundle) -> None:
    bundle.feedback.clear()
    for task in bundle.tasks:
        task.owner, task.owner_name = None, ""


def _overspent(bundle: Bundle) -> None:
    for payment in bundle.payments:
        payment.amount_fen = payment.amount_fen * 13 // 10
    for contract in bundle.contracts:
        contract.amount_fen = contract.amount_fen * 13 // 10


def _not_ratified(bundle: Bundle) -> None:
    proposal = bundle.proposal
    proposal.is_urgent, proposal.urgent_reason, proposal.acted_on = True, "围墙险情，先行抢修", proposal.proposed_on


def _not_archived(bundle: Bundle) -> None:
    """The builder dates it: done long ago and not archived."""


def _important(entry: CatalogueEntry) -> bool:
    return bool(entry.is_important and entry.chain[-1:] == [BodyKind.PARTY] and entry.category == Category.APPOINTMENT)


def _published(entry: CatalogueEntry) -> bool:
    return bool(entry.publication_days)


def _two_meetings(entry: CatalogueEntry) -> bool:
    return bool(entry.chain == [BodyKind.ADMINISTRATION, BodyKind.PARTY])


PLANTS: Final = (
    Plant("C01", "超过限额的支出没有上会", _untabled, _with_money),
    Plant("C02", "三笔支出拆分到限额以下，其中一笔水电费不计", _split, _with_money),
    Plant("C03", "议题不在学校事项清单", _unlisted),
    Plant("C04", "缺调研论证", _without(PreparationKind.RESEARCH), _needs(PreparationKind.RESEARCH)),
    Plant("C05", "缺合法性审查", _without(PreparationKind.LEGAL), _needs(PreparationKind.LEGAL)),
    Plant("C06", "教代会到会不足三分之二", _thin_congress, lambda entry: entry.is_staff_interest, also=("C12",)),
    Plant(
        "C07", "干部任免缺民主推荐", _without(PreparationKind.RECOMMENDATION), _needs(PreparationKind.RECOMMENDATION)
    ),
    Plant("C08", "会前三小时才通知", _late_notice),
    Plant("C09", "通知以后临时增加议题", _added_late),
    Plant("C10", "书记、校长会前没有沟通", _without(PreparationKind.COMMUNICATION)),
    Plant("C11", "会前一个工作日才报备", _filed_late, lambda entry: bool(entry.filing_days)),
    Plant("C12", "干部任免到会不足三分之二", _no_quorum, _important, least=5),
    Plant("C13", "先开党组织会议，后开校长办公会议", _wrong_order, _two_meetings),
    Plant("C14", "与供应商有利害关系的成员没有回避", _interested, _with_money),
    Plant("C15", "主要负责人先表态", _chief_first),
    Plant("C16", "通过的议题没有表决", _no_vote),
    Plant("C17", "赞成票不够而记为通过", _miscounted, least=5),
    Plant("C18", "两个议程两分钟开完", _hurried),
    Plant("C19", "纪检委员缺席，没有人代为监督", _unwatched, least=5),
    Plant("C20", "会后五个工作日才补录记录", _entered_late),
    Plant("C21", "只公示两个工作日", _short_publication, _published),
    Plant("C22", "没有责任人，也没有反馈", _silent, phase="executing"),
    Plant("C23", "付款超过批准金额三成", _overspent, _with_money),
    Plant("C24", "紧急事项先行处置，十个工作日内没有追认", _not_ratified, _with_money),
    Plant("C25", "办结两个月没有归档", _not_archived, phase="done"),
)
