"""A proposal as it should be, from being put forward to the archive, as rows that are not saved yet."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from xianxue.decisions.choices import REVIEWS, Category, PreparationKind, PreparationResult
from xianxue.decisions.models import (
    CatalogueEntry,
    Feedback,
    Preparation,
    Proposal,
    Publication,
    RuleSet,
    Tabling,
    Task,
)
from xianxue.decisions.rules.book import RuleBook
from xianxue.demo.decisions.rosters import Team
from xianxue.kernel.procedures.calendar import add_working_days
from xianxue.ledgers.models import Appointment, Contract, Payment
from xianxue.meetings.choices import (
    AgendaKind,
    AttendanceRole,
    BallotChoice,
    BodyKind,
    ItemOutcome,
    ItemState,
    Presence,
    SignatureWay,
    Stance,
    VoteMethod,
)
from xianxue.meetings.models import AgendaItem, Attendance, Ballot, Concern, Meeting, Opinion, Seat, Signature, Vote

PREPARED, FILED, TALKED, MET, BETWEEN = 3, 5, 6, 13, 3
"""Working days after the proposal by which things are done; days between two meetings of a chain."""
MINUTES = 20
PHASES = ("proposed", "preparing", "tabled", "decided", "published", "executing", "done", "archived")


@dataclass
class Sitting:
    """One meeting with the proposal on its agenda."""

    meeting: Meeting
    item: AgendaItem
    study: AgendaItem
    tabling: Tabling
    attendances: list[Attendance] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    vote: Vote | None = None
    ballots: list[Ballot] = field(default_factory=list)
    signatures: list[Signature] = field(default_factory=list)
    concerns: list[Concern] = field(default_factory=list)
    others: list[Any] = field(default_factory=list)
    """What was planted and belongs to no list above."""


@dataclass
class Bundle:
    """A proposal with everything around it. `phase`: how far it has come."""

    team: Team
    proposal: Proposal
    phase: str
    preparations: list[Preparation] = field(default_factory=list)
    sittings: list[Sitting] = field(default_factory=list)
    publications: list[Publication] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    feedback: list[Feedback] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    contracts: list[Contract] = field(default_factory=list)
    appointments: list[Appointment] = field(default_factory=list)
    others: list[Any] = field(default_factory=list)

    def has_come_to(self, phase: str) -> bool:
        """Whether it has reached the phase."""
        return PHASES.index(self.phase) >= PHASES.index(phase)


@dataclass(frozen=True)
class Wanted:
    """What a proposal is to be. `amount_fen` is above the entry's threshold where it has one."""

    team: Team
    entry: CatalogueEntry
    rule_set: RuleSet
    book: RuleBook
    number: str
    title: str
    on: date
    phase: str
    amount_fen: int | None = None
    supplier: str = ""


def at(day: date, hour: int, minute: int = 0) -> datetime:
    """A moment of a day in China."""
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def lawful(wanted: Wanted) -> Bundle:
    """The whole of a proposal that no check finds fault with."""
    made = Bundle(wanted.team, _proposal(wanted), wanted.phase)
    if made.has_come_to("preparing"):
        made.preparations += _preparations(made.proposal, wanted)
    if made.has_come_to("tabled"):
        made.sittings += _sittings(made, wanted)
    if made.has_come_to("decided"):
        _decide(made)
    if made.has_come_to("published"):
        _publish(made, wanted)
    if made.has_come_to("executing"):
        _carry_out(made, wanted)
    if made.has_come_to("archived"):
        _archive(made)
    return made


def _proposal(wanted: Wanted) -> Proposal:
    entry, team = wanted.entry, wanted.team
    is_appointment = entry.category == Category.APPOINTMENT
    return Proposal(
        unit_id=team.school.pk,
        county_id=team.county_id,
        number=wanted.number,
        title=wanted.title,
        category=entry.category,
        entry=entry,
        rule_set=wanted.rule_set,
        content=f"根据学校年度工作安排，提请研究{wanted.title}。",
        amount_fen=wanted.amount_fen,
        supplier=wanted.supplier,
        candidate=team.others[0] if is_appointment and team.others else None,
        proposer_name=team.others[-1].name if team.others else "总务处",
        proposed_on=wanted.on,
    )


def _preparations(proposal: Proposal, wanted: Wanted) -> Iterator[Preparation]:
    kinds = set(wanted.entry.preparations) | {PreparationKind.COMMUNICATION}
    if wanted.entry.filing_days or (wanted.amount_fen or 0) >= wanted.book.filing_threshold_fen:
        kinds.add(PreparationKind.FILING)
    late = {PreparationKind.FILING: FILED, PreparationKind.COMMUNICATION: TALKED}
    for kind in (kind for kind in PreparationKind if kind in kinds):
        day = add_working_days(wanted.on, late.get(kind, PREPARED))
        yield Preparation(
            proposal=proposal,
            kind=kind,
            done_on=day,
            recorded_at=at(day, 16),
            name=_doer(kind, wanted.team),
            result=PreparationResult.AGREED if kind in REVIEWS else PreparationResult.DONE,
            count={PreparationKind.ALTERNATIVES: 2, PreparationKind.CONSULTATION: 15}.get(kind),
            text="已按要求完成，材料附后。",
        )


def _doer(kind: str, team: Team) -> str:
    if kind == PreparationKind.INTEGRITY:
        return next(seat.person.name for seat in team.seats[BodyKind.PARTY] if seat.is_discipline)
    return {PreparationKind.LEGAL: "县局法律顾问", PreparationKind.EXPERT: "专家组"}.get(
        PreparationKind(kind), "学校办公室"
    )


def _sittings(made: Bundle, wanted: Wanted) -> Iterator[Sitting]:
    is_held = made.has_come_to("decided")
    day = wanted.on
    for place, kind in enumerate(wanted.entry.chain if is_held else wanted.entry.chain[:1]):
        day = add_working_days(wanted.on, MET) if place == 0 else add_working_days(day, BETWEEN)
        sitting = _called(made, wanted, kind, day, place)
        if is_held:
            _hold(sitting, wanted, kind)
        yield sitting


def _called(made: Bundle, wanted: Wanted, kind: str, day: date, place: int) -> Sitting:
    team, body = wanted.team, wanted.team.bodies[kind]
    notice = add_working_days(day, -4)
    seats = team.seats.get(kind, ())
    meeting = Meeting(
        body=body,
        unit_id=team.school.pk,
        number=f"{wanted.number}-{place + 1}",
        title=str(BodyKind(kind).label),
        place="二楼会议室",
        starts_at=at(day, 15),
        chair=next((seat.person for seat in seats if seat.is_chief), None) or team.seats[BodyKind.PARTY][0].person,
        noticed_at=at(notice, 9),
    )
    facts = {"meeting": meeting, "added_at": at(notice, 8, 30), "materials_at": at(notice, 9)}
    item = AgendaItem(number=2, kind=AgendaKind.DECISION, title=wanted.title, **facts)
    study = AgendaItem(number=1, kind=AgendaKind.STUDY, title="学习上级有关文件精神", **facts)
    sitting = Sitting(meeting, item, study, Tabling(proposal=made.proposal, item=item, tabled_at=at(notice, 8, 30)))
    sitting.attendances += [_called_up(meeting, seat, notice) for seat in seats]
    proposal = made.proposal
    if proposal.supplier or proposal.candidate:
        sitting.concerns.append(Concern(item=item, person=proposal.candidate, organisation=proposal.supplier))
    return sitting


def _called_up(meeting: Meeting, seat: Seat, notice: date) -> Attendance:
    return Attendance(
        meeting=meeting,
        person=seat.person,
        name=seat.person.name,
        duty=seat.duty,
        role=AttendanceRole.MEMBER,
        is_chief=seat.is_chief,
        is_discipline=seat.is_discipline,
        user=seat.user,
        served_at=at(notice, 9),
        read_at=at(notice, 17),
    )


def _hold(sitting: Sitting, wanted: Wanted, kind: str) -> None:
    meeting, item = sitting.meeting, sitting.item
    began = meeting.starts_at
    meeting.began_at, meeting.ended_at = began, began + timedelta(minutes=2 * MINUTES)
    meeting.entered_at, meeting.locked_at = began + timedelta(hours=2), began + timedelta(days=1)
    for one, minutes, outcome in ((sitting.study, 0, ItemOutcome.NOTED), (item, MINUTES, ItemOutcome.PASSED)):
        one.began_at = began + timedelta(minutes=minutes)
        one.ended_at = began + timedelta(minutes=minutes + MINUTES)
        one.state, one.outcome, one.summary = ItemState.CLOSED, outcome, "承办人汇报，与会人员逐一发表意见。"
    item.resolution = f"同意{wanted.title}。"
    for attendance in sitting.attendances:
        attendance.presence, attendance.arrived_at = Presence.PRESENT, began
    _speak(sitting)
    _vote(sitting, wanted, kind)
    sitting.signatures += [
        Signature(
            meeting=meeting,
            person=one.person,
            name=one.name,
            way=SignatureWay.PAPER,
            digest="0" * 64,
            signed_at=meeting.entered_at,
        )
        for one in sitting.attendances
    ]


def _speak(sitting: Sitting) -> None:
    order = sorted(sitting.attendances, key=lambda one: one.is_chief)
    sitting.opinions += [
        Opinion(
            item=sitting.item,
            order=place,
            person=one.person,
            name=one.name,
            role=one.role,
            is_chief=one.is_chief,
            stance=Stance.AGREE,
            text="同意，程序齐备，未发现廉洁风险。" if one.is_discipline else "同意，建议抓紧落实。",
            spoken_at=sitting.item.began_at,
        )
        for place, one in enumerate(order, start=1)
    ]


def _vote(sitting: Sitting, wanted: Wanted, kind: str) -> None:
    entry, book = wanted.entry, wanted.book
    quorum = book.quorum_of(kind, is_important=entry.is_important)
    majority = book.majority_of(entry.majority, kind)
    if quorum is None or majority is None:
        raise ValueError(f"{entry.code}: no rule for {kind}.")
    people, began = (
        [one.person_id for one in sitting.attendances],
        sitting.meeting.starts_at + timedelta(minutes=MINUTES),
    )
    roster = present = len(people)
    if kind == BodyKind.CONGRESS:
        roster = max(10, wanted.team.staff // 3)
        present = sitting.meeting.present_total = roster - roster // 10
        sitting.meeting.roster_total = roster
    sitting.vote = Vote(
        item=sitting.item,
        method=VoteMethod.HANDS,
        rule={"quorum": quorum.as_dict(), "majority": majority.as_dict(), "version": book.version},
        opened_at=began + timedelta(minutes=15),
        closed_at=began + timedelta(minutes=18),
        electorate=people,
        roster_count=roster,
        present_count=present,
        yes=present,
        is_passed=True,
    )
    sitting.ballots += [
        Ballot(vote=sitting.vote, person=one.person, choice=BallotChoice.YES, cast_at=sitting.vote.closed_at)
        for one in sitting.attendances
    ]


def _decide(made: Bundle) -> None:
    proposal, last = made.proposal, made.sittings[-1]
    proposal.is_passed, proposal.decided_on = True, timezone.localdate(last.meeting.starts_at)
    proposal.resolution, proposal.resolution_number = last.item.resolution, f"决〔{proposal.number}〕"
    proposal.approved_fen, proposal.approved_supplier = proposal.amount_fen, proposal.supplier
    proposal.review_due_on = proposal.decided_on + timedelta(days=365)


def _publish(made: Bundle, wanted: Wanted) -> None:
    days, decided = wanted.entry.publication_days, made.proposal.decided_on
    if not days or decided is None:
        return
    started = add_working_days(decided, 1)
    due = add_working_days(started, days)
    is_over = made.has_come_to("executing")
    made.publications.append(
        Publication(
            proposal=made.proposal,
            place="校务公开栏、学校网站",
            started_on=started,
            due_on=due,
            ended_on=due if is_over else None,
            text=f"现将{made.proposal.title}予以公示。",
        )
    )


def _carry_out(made: Bundle, wanted: Wanted) -> None:
    proposal = made.proposal
    over = made.publications[-1].due_on if made.publications else proposal.decided_on
    started = add_working_days(over or wanted.on, 2)
    is_done = made.has_come_to("done")
    owner = wanted.team.others[1] if len(wanted.team.others) > 1 else wanted.team.seats[BodyKind.PARTY][-1].person
    task = Task(
        proposal=proposal,
        what=f"落实{proposal.title}",
        owner=owner,
        owner_name=owner.name,
        due_on=started + timedelta(days=60),
        started_on=started,
        done_on=started + timedelta(days=21) if is_done else None,
    )
    made.tasks.append(task)
    days = (10, 20) if is_done else (3, 14)
    made.feedback += [
        Feedback(task=task, on=started + timedelta(days=day), text="正按计划推进。", name=owner.name) for day in days
    ]
    if proposal.amount_fen:
        _spend(made, wanted, started, proposal.amount_fen)
    if proposal.category == Category.APPOINTMENT and proposal.candidate:
        made.appointments.append(
            Appointment(
                unit_id=proposal.unit_id,
                number=f"任〔{proposal.number}〕",
                person=proposal.candidate,
                name=proposal.candidate.name,
                post="教务处副主任",
                decided_on=started,
                proposal=proposal,
            )
        )


def _spend(made: Bundle, wanted: Wanted, started: date, amount_fen: int) -> None:
    proposal = made.proposal
    kind = next(iter(wanted.entry.payment_kinds), "other")
    if not proposal.supplier:
        return
    contract = Contract(
        unit_id=proposal.unit_id,
        number=f"HT-{proposal.number}",
        name=f"{proposal.title}合同",
        kind=kind,
        supplier=proposal.supplier,
        amount_fen=amount_fen,
        signed_on=started,
        started_on=started,
        proposal=proposal,
    )
    made.contracts.append(contract)
    made.payments.append(
        Payment(
            unit_id=proposal.unit_id,
            number=f"FK-{proposal.number}",
            paid_on=started + timedelta(days=15),
            kind=kind,
            purpose=proposal.title,
            payee=proposal.supplier,
            amount_fen=amount_fen,
            contract_number=contract.number,
            proposal=proposal,
        )
    )


def _archive(made: Bundle) -> None:
    proposal = made.proposal
    done = made.tasks[-1].done_on or proposal.proposed_on
    proposal.archived_on, proposal.archive_number = done + timedelta(days=7), f"DA-{proposal.number}"
