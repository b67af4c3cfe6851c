"""Votes: opened under the rule in force, cast openly or in secret, counted at the moment of closing and never again."""

from dataclasses import dataclass
from datetime import datetime
from secrets import SystemRandom

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command, nothing_changed
from xianxue.meetings.access import SITS
from xianxue.meetings.choices import AttendanceRole, BallotChoice, ItemState, VoteMethod
from xianxue.meetings.models import AgendaItem, Ballot, SecretBallot, SecretTurn, Vote
from xianxue.meetings.rules.majority import Count, Fraction, passes
from xianxue.meetings.rules.provided import rules_of
from xianxue.meetings.selectors.rosters import electors, present_count, roster_count
from xianxue.meetings.services.frame import (
    account_in,
    as_it_was_hint,
    is_told_as_it_was,
    item_for,
    moment,
    refusal,
    trace,
)
from xianxue.meetings.services.speaking import refuse_unrecused
from xianxue.people.models import Person

SLIP = max(len(choice) for choice in BallotChoice.values)
"""Every secret ballot is written as long as the longest: sealed, a short one would be known by its length."""


@dataclass(frozen=True, slots=True)
class Totals:
    """A vote counted by tellers: slips by what they say."""

    yes: int
    no: int
    abstain: int
    invalid: int = 0

    @property
    def cast(self) -> int:
        """Slips handed in."""
        return self.yes + self.no + self.abstain + self.invalid


@command("meetings.vote_opened", label=gettext_lazy("开始表决"))
def open_vote(item: AgendaItem, *, by: Actor, method: str, confirmed: bool = False, at: datetime | None = None) -> Vote:
    """Put an item to the vote under the rules of whoever put it on the agenda. Refused without a quorum.

    `confirmed`: a meeting entered later did vote without one, or with members who should have left the room.
    """
    found = item_for(item, by)
    if found.state != ItemState.OPEN:
        raise refusal(_("这项议程没有在讨论。请先开始讨论。"))
    if method not in VoteMethod.values:
        raise refusal(_("没有选表决方式。请选择。"), field="method")
    if Vote.objects.filter(item=found).exists():
        raise refusal(_("这项议程已经开始表决，或已经表决过。请刷新页面后核对。"))
    rules = rules_of(found)
    if rules is None:
        raise refusal(_("这项议程没有表决规则，不用表决。请直接记录情况并议毕。"))
    refuse_unrecused(found, confirmed=confirmed)
    opened_at = moment(at)
    _refuse_without_quorum(found, rules.quorum, opened_at, confirmed=confirmed)
    made: Vote = Vote.objects.create(item=found, method=method, rule=rules.as_dict(), opened_at=opened_at)
    trace(found.meeting, {"method": (None, method)}, facts={"item": found.number, "rules": rules.version})
    return made


@command("meetings.ballot", label=gettext_lazy("登记表决"))
def cast(item: AgendaItem, *, by: Actor, person: Person, choice: str, at: datetime | None = None) -> None:
    """The recorder writes how a member voted openly. Said twice it is one ballot; said otherwise it is put right."""
    found = item_for(item, by)
    vote = _open_vote_of(found)
    if vote.method == VoteMethod.SECRET:
        raise refusal(_("这是无记名投票，不能登记某人的票。请由本人投票，或在结束时填写纸质票的票数。"))
    _cast_openly(found, vote, person.pk, choice, moment(at))


@command("meetings.own_ballot", label=gettext_lazy("投票"))
def cast_own(item: AgendaItem, *, by: Actor, choice: str) -> None:
    """A member votes by the own account. In a secret vote what the ballot says is written nowhere beside who cast it."""
    found = item_for(item, by, grant=SITS)
    vote = _open_vote_of(found)
    mine = account_in(found.meeting, by, AttendanceRole.MEMBER)
    if mine is None or mine.person_id is None:
        raise refusal(_("到会成员中没有使用您这个账号的人。请核对账号，或请记录人登记。"))
    if vote.method == VoteMethod.SECRET:
        _cast_secretly(found, vote, mine.person_id, choice)
    else:
        _cast_openly(found, vote, mine.person_id, choice, moment(None))


def _cast_openly(item: AgendaItem, vote: Vote, person_id: int, choice: str, at: datetime) -> None:
    _refuse_non_elector(item, person_id, choice, at)
    old = Ballot.objects.filter(vote=vote, person_id=person_id).first()
    if old is not None and old.choice == choice:
        nothing_changed()
        return
    Ballot.objects.update_or_create(vote=vote, person_id=person_id, defaults={"choice": choice, "cast_at": at})
    facts = {"item": item.number, "person": person_id}
    trace(item.meeting, {"ballot": (old.choice if old else None, choice)}, facts=facts)


def _cast_secretly(item: AgendaItem, vote: Vote, person_id: int, choice: str) -> None:
    _refuse_non_elector(item, person_id, choice, moment(None))
    if SecretTurn.objects.filter(vote=vote, person_id=person_id).exists():
        raise refusal(_("您已经投过票，没有重复计入。无记名票投出后不能更改。"))
    SecretTurn.objects.create(vote=vote, person_id=person_id)
    _mix(vote, choice)
    trace(item.meeting, {}, facts={"item": item.number})


def _refuse_non_elector(item: AgendaItem, person_id: int, choice: str, at: datetime) -> None:
    if choice not in BallotChoice.values:
        raise refusal(_("没有选赞成、反对或弃权。请选择。"), field="choice")
    if item.recusals.filter(person_id=person_id).exists():
        raise refusal(_("本人对这项议程已经回避，不能表决。"))
    if person_id not in {one.person_id for one in electors(item, at)}:
        raise refusal(_("不是此刻在会的应到成员，不能表决。缺席成员的书面意见不计入票数。"))


@command("meetings.vote_voided", label=gettext_lazy("表决作废重来"))
def void_vote(item: AgendaItem, *, by: Actor, reason: str) -> None:
    """Throw away a vote that is still open, with its ballots; the history keeps that there was one."""
    found = item_for(item, by)
    vote = _open_vote_of(found)
    if not reason.strip():
        raise refusal(_("没有写明作废的理由。请填写。"), field="reason")
    for model in (Ballot, SecretBallot, SecretTurn):
        model.objects.filter(vote=vote).delete()
    Vote.objects.filter(pk=vote.pk).delete()
    trace(found.meeting, {"method": (vote.method, None)}, note=reason.strip(), facts={"item": found.number})


@command("meetings.vote_closed", label=gettext_lazy("结束表决"))
def close_vote(
    item: AgendaItem,
    *,
    by: Actor,
    totals: Totals | None = None,
    tellers: str = "",
    confirmed: bool = False,
    at: datetime | None = None,
) -> Vote:
    """Count, with rule, electorate and presence as they are at this moment; all is written once.

    `totals`: slips on paper, or hands in a body that only counts; they need tellers and may not exceed the electorate.
    `confirmed`: members who have not voted do not vote; a meeting entered later is told as it was. Refused without a quorum. Recused members have come (实到),
    and are not in the electorate.
    """
    found = item_for(item, by)
    vote = _open_vote_of(found)
    vote.closed_at = moment(at)
    if vote.closed_at < vote.opened_at:
        raise refusal(_("结束时间早于开始表决的时间。请核对时间。"), field="at")
    refuse_unrecused(found, confirmed=confirmed)
    _refuse_without_quorum(found, Fraction.of(vote.rule["quorum"]), vote.closed_at, confirmed=confirmed)
    voters = [one.person_id for one in electors(found, vote.closed_at)]
    vote.roster_count, vote.present_count = _numbers(found, vote.closed_at)
    most = vote.present_count if found.meeting.body.counts_only else len(voters)
    counted = _counted(found, vote, most, totals, tellers, confirmed=confirmed)
    vote.electorate, vote.tellers = sorted(voters), tellers.strip()
    vote.yes, vote.no, vote.abstain, vote.invalid = counted.yes, counted.no, counted.abstain, counted.invalid
    vote.is_passed = passes(
        Count(counted.yes, counted.no, counted.abstain, counted.invalid, vote.roster_count, vote.present_count),
        Fraction.of(vote.rule["majority"]),
    )
    _mix(vote)
    vote.save()
    counts = f"{vote.yes}/{vote.no}/{vote.abstain}/{vote.invalid}"
    facts = {"item": found.number, "roster": vote.roster_count, "present": vote.present_count, "voters": len(voters)}
    trace(found.meeting, {"counted": (None, counts), "passed": (None, vote.is_passed)}, facts=facts)
    return vote


def _numbers(item: AgendaItem, at: datetime) -> tuple[int, int]:
    return roster_count(item.meeting), present_count(item.meeting, at)


def _counted(
    item: AgendaItem, vote: Vote, most: int, totals: Totals | None, tellers: str, *, confirmed: bool
) -> Totals:
    cast_here = vote.ballots.exists() or vote.turns.exists()
    if totals is None and item.meeting.body.counts_only:
        raise refusal(_("这个机构只计人数。请填写赞成、反对、弃权的票数。"), field="yes")
    if totals is not None:
        if cast_here:
            raise refusal(_("已经有人在系统中投票，不能再填纸质票数。请结束表决，或作废重来。"), field="yes")
        if vote.method != VoteMethod.SECRET and not item.meeting.body.counts_only:
            raise refusal(_("口头、举手表决要逐人登记，不能只填票数。请在名单上登记各人的表决。"), field="yes")
        return _on_paper(totals, most, tellers)
    given = _from_ballots(vote, most)
    if given.cast < most and not confirmed:
        told = {"count": most - given.cast}
        raise refusal(
            _("还有 %(count)s 人没有表决。请等他们表决；确实不表决的，请勾选“照实记录”后再结束。") % told,
            field="confirmed",
        )
    return given


def _on_paper(totals: Totals, most: int, tellers: str) -> Totals:
    if min(totals.yes, totals.no, totals.abstain, totals.invalid) < 0:
        raise refusal(_("票数不能小于零。请核对。"), field="yes")
    if totals.cast > most:
        told = {"cast": totals.cast, "most": most}
        raise refusal(_("票数合计 %(cast)s，多于有表决权的 %(most)s 人。请重新清点。") % told, field="yes")
    if not tellers.strip():
        raise refusal(_("没有填写监票人、计票人。请填写。"), field="tellers")
    return totals


def _from_ballots(vote: Vote, most: int) -> Totals:
    said = _slips(vote) if vote.method == VoteMethod.SECRET else list(vote.ballots.values_list("choice", flat=True))
    if len(said) > most:
        raise refusal(_("票数多于有表决权的人数。请把这次表决作废，重新表决。"))
    return Totals(*(said.count(choice) for choice in (BallotChoice.YES, BallotChoice.NO, BallotChoice.ABSTAIN)))


def _slips(vote: Vote) -> list[str]:
    return [said.strip() for said in vote.secret_ballots.values_list("choice", flat=True)]


def _mix(vote: Vote, *new: str) -> None:
    """Write the secret ballots anew in mixed order, with a new one, if any.

    At every ballot and not only when they are counted: neither place nor transaction of a row tells who cast it, also
    to somebody who looks into the database while the vote is open.
    """
    said = [*_slips(vote), *new]
    SystemRandom().shuffle(said)
    vote.secret_ballots.all().delete()
    SecretBallot.objects.bulk_create(SecretBallot(vote=vote, choice=choice.ljust(SLIP)) for choice in said)


def _open_vote_of(item: AgendaItem) -> Vote:
    vote: Vote | None = Vote.objects.filter(item=item).first()
    if vote is None:
        raise refusal(_("这项议程还没有开始表决。请等主持人宣布表决。"))
    if vote.closed_at is not None:
        raise refusal(_("表决已经结束，结果不能再改。"))
    return vote


def _refuse_without_quorum(item: AgendaItem, quorum: Fraction, at: datetime, *, confirmed: bool) -> None:
    roster, present = _numbers(item, at)
    if not quorum.reached(present, roster) and not is_told_as_it_was(item.meeting, confirmed=confirmed):
        told = {"roster": roster, "present": present, "needed": quorum.needed(roster)}
        reason = _(
            "到会人数不足：应到 %(roster)s 人，此刻实到 %(present)s 人，至少要 %(needed)s 人。请等人到齐，或缓议。"
        )
        raise refusal(reason % told + as_it_was_hint(item.meeting), field="confirmed")
