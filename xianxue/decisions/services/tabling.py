"""Bringing a proposal to a meeting, and what follows when the meeting has dealt with it."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.decisions.choices import Category
from xianxue.decisions.models import Proposal, Tabling
from xianxue.decisions.procedures import DecisionProposal as Steps
from xianxue.decisions.rules.requirements import Requirement, requirements
from xianxue.decisions.selectors.cases import case_of
from xianxue.decisions.selectors.execution import chain_of
from xianxue.decisions.selectors.meetings import meetings_for, next_body
from xianxue.decisions.selectors.rule_sets import book_of
from xianxue.decisions.services import checking
from xianxue.kernel.access import Actor, system_actor, whole_county
from xianxue.kernel.commands import Refused, refuse_if
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures import clock
from xianxue.meetings.choices import AgendaKind, BodyKind, ItemOutcome
from xianxue.meetings.models import AgendaItem, Meeting
from xianxue.meetings.rules.provided import Rules
from xianxue.meetings.services.agenda import add_item

PURPOSE = "会议结果转入议题"


def missing_for(proposal: Proposal, meeting: Meeting) -> list[Requirement]:
    """What holds the agenda entry at this meeting; nothing where it may be tabled."""
    found = requirements(case_of(proposal, clock.today()), book_of(proposal.rule_set), meeting.starts_at)
    return [one for one in found if one.holds]


def waivable(proposal: Proposal) -> list[Requirement]:
    """What is missing now, or will be too late for a meeting that is called: that from which one may make an exception."""
    case, book = case_of(proposal, clock.today()), book_of(proposal.rule_set)
    ahead = (one.starts_at for one in meetings_for(proposal.unit_id, next_body(proposal)))
    found: dict[str, Requirement] = {}
    for at in (None, *(moment for moment in ahead if moment > clock.now())):
        for one in requirements(case, book, at):
            if one.holds:
                found.setdefault(one.code, one)
    return list(found.values())


@Steps.table.command
def table(
    proposal: Proposal, *, by: Actor, meeting: Meeting, late_reason: str = "", late_approved_by: str = ""
) -> None:
    """Put the proposal on the agenda of a meeting. Refuses what lacks anything, and a body whose turn it is not."""
    refuse_if(_why_not_there(proposal, meeting))
    if missing := missing_for(proposal, meeting):
        what = "；".join(f"{one.label}（{one.text.removeprefix('缺：').rstrip('。')}）" for one in missing)
        raise Refused(_("未能列入会议：%(what)s。请补齐，或由书记、校长作例外处理后再列入。") % {"what": what})
    concerns = [one for one in (proposal.candidate, proposal.supplier) if one]
    item = add_item(
        meeting, by=by, kind=AgendaKind.DECISION, title=proposal.title, concerns=concerns,
        late_reason=late_reason, late_approved_by=late_approved_by,
    )  # fmt: skip
    made = Tabling.objects.create(proposal=proposal, item=item, tabled_at=clock.now())
    record(
        Subject("decisions.tabling", made.pk, f"{proposal.number} {meeting.number}"),
        {"meeting": [None, meeting.number]},
        unit_id=proposal.unit_id,
    )
    checking.changed(proposal, by)


def _why_not_there(proposal: Proposal, meeting: Meeting) -> str | None:
    if meeting.unit_id != proposal.unit_id:
        return _("未能列入会议：这是别的单位的会议。请选择本校的会议。")
    wanted, body = next_body(proposal), meeting.body
    if wanted and wanted not in {body.kind, *body.stands_in_for}:
        return _("未能列入会议：按会议顺序应当先经%(body)s。请选择这个会议。") % {"body": BodyKind(wanted).label}
    return None


def rules_of_item(item: AgendaItem) -> Rules | None:
    """By which rules an item of ours is decided: those of the version that the proposal keeps; None for other items.

    A body that stands in for another (联合支部代行) decides by the rules of that one.
    """
    tabling = Tabling.objects.filter(item=item).select_related("proposal__entry", "proposal__rule_set").first()
    if tabling is None:
        return None
    entry, book, body = tabling.proposal.entry, book_of(tabling.proposal.rule_set), item.meeting.body
    chain = entry.chain if entry else [BodyKind.PARTY]
    kind = book.judged_as((body.kind, *sorted(body.stands_in_for)), chain)
    is_important = entry.is_important if entry else tabling.proposal.category == Category.APPOINTMENT
    quorum = book.quorum_of(kind, is_important=is_important)
    majority = book.majority_of(entry.majority if entry else "", kind)
    return Rules(quorum, majority, book.version) if quorum and majority else None


def why_not_open(item: AgendaItem) -> str | None:
    """Why an item of ours cannot be discussed: it came in the wrong order, or lacks what was there before."""
    tabling = Tabling.objects.filter(item=item).select_related("proposal").first()
    if tabling is None or tabling.proposal.matter.state == "tabled":
        return None
    return _("未能开始讨论：议题现为“%(state)s”，不在待议状态。请核对。") % {
        "state": tabling.proposal.matter.current.label
    }


def when_done(item: AgendaItem, by: Actor) -> None:
    """Move the proposal on: to the next body, to its decision, back for another meeting. Part of the item's command."""
    with whole_county(PURPOSE):
        tabling = Tabling.objects.filter(item=item).select_related("proposal").first()
        if tabling is None or tabling.proposal.matter.state != "tabled":
            return
        proposal = tabling.proposal
        if item.outcome == ItemOutcome.PASSED:
            step = Steps.go_on if next_body(proposal) else Steps.decide
        else:
            step = Steps.reject if item.outcome == ItemOutcome.REJECTED else Steps.postpone
        # The meeting decides, and not who enters it: these steps are the system's, within that person's command.
        is_over = step is Steps.decide or step is Steps.reject
        step.run(proposal, by=system_actor(by.via), **({"item": item} if is_over else {}))


def when_dropped(item: AgendaItem, reason: str, by: Actor) -> None:
    """The proposal is off the agenda before it was dealt with, and prepared on. Part of the meeting's command."""
    with whole_county(PURPOSE):
        tabling = Tabling.objects.filter(item=item).select_related("proposal__matter", "item__meeting").first()
        if tabling is None:
            return
        proposal, number = tabling.proposal, tabling.item.meeting.number
        record(
            Subject("decisions.tabling", tabling.pk, f"{proposal.number} {number}"),
            {"meeting": [number, None]},
            unit_id=proposal.unit_id,
            note=reason,
        )
        Tabling.objects.filter(pk=tabling.pk).delete()
        if proposal.matter.state == "tabled":
            Steps.take_off.run(proposal, by=system_actor(by.via), note=reason)


def when_changed(items: Sequence[AgendaItem], by: Actor) -> None:
    """The record of items of ours has changed after they ended: their proposals are checked again at once."""
    with whole_county(PURPOSE):
        _take_over_words(items)
        found = Tabling.objects.filter(item__in=items).values_list("proposal_id", flat=True)
        proposals = sorted(set(found))
    if proposals:
        checking.check_proposals(proposals, by=by)


def _take_over_words(items: Sequence[AgendaItem]) -> None:
    """A resolution put right before the record is signed holds for the proposals that these items decided."""
    ended = (ItemOutcome.PASSED, ItemOutcome.REJECTED)
    decided = Tabling.objects.filter(item__in=items, item__outcome__in=ended, proposal__decided_on__isnull=False)
    for tabling in decided.select_related("proposal", "item"):
        proposal, words = tabling.proposal, tabling.item.resolution
        if proposal.resolution == words or proposal.tablings.filter(pk__gt=tabling.pk).exists():
            continue
        subject = Subject("decisions.proposal", proposal.pk, proposal.number)
        record(subject, {"resolution": [proposal.resolution, words]}, unit_id=proposal.unit_id)
        Proposal.objects.filter(pk=proposal.pk).update(resolution=words)


@Steps.take_off.command
def take_off(proposal: Proposal, *, by: Actor) -> None:
    """Taken off the agenda, or its meeting called off: it waits for another one."""
    checking.changed(proposal, by)


@Steps.go_on.command
def go_on(proposal: Proposal, *, by: Actor) -> None:
    """One body has passed it, and another must."""
    checking.changed(proposal, by)


@Steps.postpone.command
def postpone(proposal: Proposal, *, by: Actor) -> None:
    """Put off: it waits for another meeting."""
    checking.changed(proposal, by)


@Steps.decide.command
def decide(proposal: Proposal, *, by: Actor, item: AgendaItem) -> None:
    """The last body of the chain has passed it: what was proposed is what is approved."""
    _decided(proposal, item, is_passed=True)
    checking.changed(proposal, by)
    if others := set(chain_of(proposal)) - {proposal.pk}:
        # What it approves holds for the decisions before it too.
        checking.check_proposals(sorted(others), by=by)


@Steps.reject.command
def reject(proposal: Proposal, *, by: Actor, item: AgendaItem) -> None:
    """A body has rejected it."""
    _decided(proposal, item, is_passed=False)
    checking.changed(proposal, by)


def _decided(proposal: Proposal, item: AgendaItem, *, is_passed: bool) -> None:
    held = item.meeting.began_at or item.meeting.starts_at
    # The day of the meeting, also where its record is entered days later.
    proposal.is_passed, proposal.decided_on = is_passed, timezone.localdate(held)
    proposal.resolution = item.resolution
    if is_passed:
        proposal.resolution_number = f"{proposal.number}-{item.number}"
        proposal.approved_fen, proposal.approved_supplier = proposal.amount_fen, proposal.supplier
    proposal.save()
