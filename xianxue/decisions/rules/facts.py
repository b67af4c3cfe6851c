"""What the checks look at, as plain values: one proposal with all that happened around it, or one school's ledgers.

A check never asks the database. Who makes these values (`selectors.cases`) reads many proposals with a few queries.
Moments are aware datetimes; days are dates in China; money is 分; persons are keys.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import NamedTuple

# Without the lock of the one in functools, which a night would take a million times; nothing here is shared by threads.
from django.utils.functional import cached_property

from xianxue.decisions.choices import Category
from xianxue.decisions.rules.days import WEEKDAYS, Calendar
from xianxue.meetings.rules.majority import Fraction


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of the list under which the proposal was made."""

    code: str
    name: str
    category: str
    chain: tuple[str, ...]
    preparations: frozenset[str]
    majority: str
    is_important: bool
    is_staff_interest: bool
    threshold_fen: int | None
    payment_kinds: frozenset[str]
    filing_days: int | None
    publication_days: int | None


@dataclass(frozen=True, slots=True)
class Edition:
    """The edition that the entry belongs to; `adopted_on`, `filed_on` None where that has not happened."""

    number: str
    adopted_on: date | None
    filed_on: date | None
    valid_from: date | None
    valid_to: date | None


@dataclass(frozen=True, slots=True)
class Prepared:
    """A preparation that was recorded."""

    kind: str
    done_on: date
    recorded_at: datetime
    user_id: int | None
    name: str
    result: str
    count: int | None = None
    has_text: bool = True


class Attendee(NamedTuple):
    """Somebody called to a meeting. `joined_on`: when a member took the seat whom the notice did not reach."""

    person: int
    name: str
    role: str
    presence: str
    is_chief: bool = False
    is_discipline: bool = False
    served_at: datetime | None = None
    read_at: datetime | None = None
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    absence_reason: str = ""
    joined_on: date | None = None

    @property
    def is_member(self) -> bool:
        """Whether the person counts and votes."""
        return self.role == "member"

    @property
    def is_present(self) -> bool:
        """Whether the person is known to have come."""
        return self.presence == "present"

    def is_there(self, at: datetime) -> bool:
        """Whether the person is known to have been in the meeting at that moment."""
        has_come = self.arrived_at is None or self.arrived_at <= at
        return self.is_present and has_come and (self.left_at is None or self.left_at > at)


class Spoken(NamedTuple):
    """An opinion in its order."""

    order: int
    person: int
    role: str
    is_chief: bool
    stance: str
    has_text: bool


@dataclass(frozen=True, slots=True)
class Left:
    """A recusal."""

    person: int
    ground: str
    source: str
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Voted:
    """A vote that was closed. `ballots`: person → choice, empty for secret votes and for counts alone."""

    method: str
    rule: Fraction | None
    closed_at: datetime | None
    electorate: tuple[int, ...]
    roster: int
    present: int
    yes: int
    no: int
    abstain: int
    invalid: int
    is_passed: bool | None
    ballots: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sitting:
    """One meeting of the chain at which the proposal was on the agenda. No slots: what every check asks is kept.

    `related`: members with a known interest in whom the item concerns. `item_count`: items of decision at the meeting.
    `signed`: persons who signed. `shares_vote`: put to one vote with another item.
    """

    meeting: int
    number: str
    body_kind: str
    stands_in_for: frozenset[str]
    counts_only: bool
    starts_at: datetime
    noticed_at: datetime | None
    began_at: datetime | None
    ended_at: datetime | None
    entered_at: datetime | None
    locked_at: datetime | None
    amended_after_lock: bool
    changed_after_lock: bool
    roster_total: int | None
    present_total: int | None
    has_chair: bool
    added_at: datetime
    late_reason: str
    late_approved_by: str
    materials_at: datetime | None
    item_began_at: datetime | None
    item_ended_at: datetime | None
    outcome: str
    has_summary: bool
    has_resolution: bool
    item_count: int
    shares_vote: bool
    attendees: tuple[Attendee, ...] = ()
    opinions: tuple[Spoken, ...] = ()
    recusals: tuple[Left, ...] = ()
    related: frozenset[int] = frozenset()
    vote: Voted | None = None
    signed: frozenset[int] = frozenset()

    @cached_property
    def members(self) -> tuple[Attendee, ...]:
        """Those who were to come and vote."""
        return tuple(one for one in self.attendees if one.is_member)

    @property
    def roster(self) -> int:
        """应到: how many."""
        return self.roster_total or 0 if self.counts_only else len(self.members)

    @cached_property
    def present(self) -> int:
        """实到: how many members came; never those marked absent or not marked at all."""
        return self.present_total or 0 if self.counts_only else sum(one.is_present for one in self.members)

    @cached_property
    def absent(self) -> frozenset[int]:
        """Members who are not known to have come."""
        return frozenset(one.person for one in self.members if not one.is_present)

    @cached_property
    def at_vote(self) -> int:
        """实到 when the vote closed: who came later or had left by then does not count. Without a vote, how many came."""
        if self.counts_only or self.vote is None or self.vote.closed_at is None:
            return self.present
        at = self.vote.closed_at
        return sum(one.is_there(at) for one in self.members)

    @property
    def is_held(self) -> bool:
        """Whether the item was dealt with at this meeting."""
        return bool(self.outcome)


@dataclass(frozen=True, slots=True)
class Published:
    """A publication with the working days on which objections stopped its clock."""

    started_on: date
    ended_on: date | None
    due_on: date
    objections: tuple[tuple[date, date | None], ...] = ()


@dataclass(frozen=True, slots=True)
class Assigned:
    """A task with the days of its feedback."""

    has_owner: bool
    due_on: date | None
    started_on: date | None
    done_on: date | None
    feedback: tuple[date, ...] = ()


class Spent(NamedTuple):
    """A row of the payment ledger; `proposal` is the key of the one it names, `decided_on` when that one passed."""

    id: int
    number: str
    on: date
    kind: str
    payee: str
    amount_fen: int
    proposal: int | None = None
    decided_on: date | None = None
    contract: str = ""


@dataclass(frozen=True, slots=True)
class Contracted:
    """A row of the contract ledger."""

    id: int
    number: str
    on: date
    kind: str
    supplier: str
    amount_fen: int
    started_on: date | None
    proposal: int | None = None
    decided_on: date | None = None


@dataclass(frozen=True, slots=True)
class Appointed:
    """A row of the ledger of appointments."""

    id: int
    number: str
    name: str
    post: str
    on: date
    proposal: int | None = None
    decided_on: date | None = None


@dataclass(frozen=True)
class Case:
    """One proposal and all that happened around it, as of `today`. No slots: what every check asks is kept.

    `reconsidered`: days on which later proposals that reconsider this one passed, with what they approved
    (day, amount, supplier). `paid_before_fen`, `contracted_before_fen`: by the decisions whose place this one takes.
    `meetings_after`: days of the meetings of the school's deciding body, for the ratification of urgent matters.
    """

    id: int
    unit: int
    today: date
    number: str
    title: str
    category: str
    entry: Entry | None
    edition: Edition | None
    amount_fen: int | None
    supplier: str
    proposer_id: int | None
    proposed_on: date
    is_urgent: bool
    acted_on: date | None
    is_confidential: bool
    has_confidential_basis: bool
    is_passed: bool | None
    decided_on: date | None
    approved_fen: int | None
    approved_supplier: str
    archived_on: date | None
    review_due_on: date | None
    reviewed_on: date | None
    waived: frozenset[str] = frozenset()
    preparations: tuple[Prepared, ...] = ()
    sittings: tuple[Sitting, ...] = ()
    publications: tuple[Published, ...] = ()
    tasks: tuple[Assigned, ...] = ()
    payments: tuple[Spent, ...] = ()
    contracts: tuple[Contracted, ...] = ()
    appointments: tuple[Appointed, ...] = ()
    reconsidered: tuple[tuple[date, int | None, str], ...] = ()
    paid_before_fen: int = 0
    contracted_before_fen: int = 0
    meetings_after: tuple[date, ...] = ()
    is_withdrawn: bool = False
    calendar: Calendar = WEEKDAYS

    @property
    def is_weighty(self) -> bool:
        """人事任免 or 大额资金: what the rules are stricter about."""
        return self.category in {Category.APPOINTMENT, Category.FUNDS}

    @property
    def is_important(self) -> bool:
        """干部任免等重要事项: more must come; what no list names is so where it is an appointment."""
        return self.entry.is_important if self.entry else self.category == Category.APPOINTMENT

    @cached_property
    def held(self) -> tuple[Sitting, ...]:
        """The meetings that dealt with it, in the order of time."""
        return tuple(sitting for sitting in self.sittings if sitting.is_held)

    @cached_property
    def decided(self) -> tuple[Sitting, ...]:
        """The meetings that passed or rejected it, in the order of time; what was put off was not decided."""
        return tuple(sitting for sitting in self.held if sitting.outcome in {"passed", "rejected"})

    @property
    def deciding(self) -> Sitting | None:
        """The meeting that decided: the last that passed or rejected it."""
        return self.decided[-1] if self.decided else None

    @property
    def next_sitting(self) -> Sitting | None:
        """The first meeting that has it on its agenda and has not dealt with it."""
        return next((sitting for sitting in self.sittings if not sitting.is_held), None)


@dataclass(frozen=True, slots=True)
class School:
    """One school's ledgers and lists, for the checks that no single proposal can answer.

    `proposed_on`: days on which it proposed anything. `terms`: first and last days of the terms to look at.
    `decided_contracts`: number → when its decision passed, of all contracts where `contracts` holds a part of them.
    """

    unit: int
    school_type: str
    today: date
    edition: Edition | None
    entries: Sequence[Entry]
    payments: Sequence[Spent]
    contracts: Sequence[Contracted]
    appointments: Sequence[Appointed]
    proposed_on: Sequence[date]
    terms: Sequence[tuple[date, date]] = ()
    calendar: Calendar = WEEKDAYS
    decided_contracts: Mapping[str, date] | None = None
