"""The meetings around many proposals at once: one query a table, whatever the number of proposals."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from django.db.models import Count, IntegerField
from django.db.models.functions import Length
from django.utils import timezone

from xianxue.decisions.models import Tabling
from xianxue.decisions.rules.facts import Attendee, Left, Sitting, Spoken, Voted
from xianxue.kernel.bulk import read
from xianxue.meetings.choices import AgendaKind
from xianxue.meetings.models import (
    AgendaItem,
    Amendment,
    Attendance,
    Ballot,
    Concern,
    Interest,
    Meeting,
    Opinion,
    Recusal,
    Seat,
    Signature,
    Vote,
)
from xianxue.meetings.rules.majority import Base, Fraction
from xianxue.meetings.rules.names import plain_name

Rows = Iterable[tuple[Any, ...]]
NOBODY: frozenset[int] = frozenset()
NO_PERSON = 0
"""Instead of a person's key, for guests and inspectors from outside."""
TABLED = (
    "proposal_id", "item_id", "item__meeting_id", "item__meeting__number", "item__meeting__body__kind",
    "item__meeting__body__stands_in_for", "item__meeting__body__counts_only", "item__meeting__starts_at",
    "item__meeting__noticed_at", "item__meeting__began_at", "item__meeting__ended_at", "item__meeting__entered_at",
    "item__meeting__locked_at", "item__meeting__roster_total", "item__meeting__present_total",
    "item__meeting__chair_id", "item__added_at", "item__late_reason", "item__late_approved_by", "item__materials_at",
    "item__began_at", "item__ended_at", "item__outcome", "item__voted_with_id", "item__meeting__record_digest",
)  # fmt: skip
ATTENDED = (
    "meeting_id", "person_id", "name", "role", "presence", "is_chief", "is_discipline", "served_at", "read_at",
    "arrived_at", "left_at", "absence_reason",
)  # fmt: skip
VOTED = (
    "item_id", "pk", "method", "rule", "closed_at", "electorate", "roster_count", "present_count", "yes", "no",
    "abstain", "invalid", "is_passed",
)  # fmt: skip


def length_of(path: str) -> Length:
    """How long a sealed text is as it lies in the database; 0 where nothing was written. Nothing is opened."""
    return Length(path, output_field=IntegerField())


@dataclass(frozen=True, slots=True)
class _Around:
    """What was read of the meetings and items of one chunk, by meeting or by item."""

    attendees: Mapping[int, tuple[Attendee, ...]]
    signed: Mapping[int, frozenset[int]]
    signed_other: Collection[int]
    amended: Mapping[int, datetime]
    items: Mapping[int, int]
    opinions: Mapping[int, tuple[Spoken, ...]]
    recusals: Mapping[int, tuple[Left, ...]]
    votes: Mapping[int, Voted]
    shared: Collection[int]
    related: Mapping[int, frozenset[int]]


def sittings_of(proposal_ids: Collection[int]) -> Mapping[int, tuple[Sitting, ...]]:
    """Proposal → the meetings on whose agenda it is, in the order of time. A dozen queries for all of them."""
    found = Tabling.objects.filter(proposal_id__among=proposal_ids)
    rows = read(
        found.order_by("item__meeting__starts_at", "item_id").values_list(
            *TABLED, length_of("item__summary"), length_of("item__resolution")
        )
    )
    if not rows:
        return {}
    around = _around(rows)
    sittings: dict[int, list[Sitting]] = defaultdict(list)
    for row in rows:
        sittings[row[0]].append(_sitting(row, around))
    return {proposal: tuple(each) for proposal, each in sittings.items()}


def _around(rows: Rows) -> _Around:
    items = {row[1] for row in rows}
    meetings = {row[2] for row in rows}
    digests = {row[2]: row[24] for row in rows}
    attendees = _attendees(meetings)
    signed, signed_other = _signatures(meetings, digests)
    amended = dict(
        Amendment.objects.filter(meeting_id__among=meetings).order_by("pk").values_list("meeting_id", "made_at")
    )
    along = AgendaItem.objects.filter(voted_with_id__among=items).values_list("voted_with_id", flat=True)
    return _Around(
        attendees=attendees,
        signed=signed,
        signed_other=signed_other,
        amended=amended,
        items=_items(meetings),
        opinions=_opinions(items),
        recusals=_recusals(items),
        votes=_votes(items),
        shared=set(along),
        related=_related(rows, attendees),
    )


def _sitting(row: tuple[Any, ...], around: _Around) -> Sitting:
    (
        _proposal, item, meeting, number, kind, stands_in_for, counts_only, starts_at, noticed_at, began_at, ended_at,
        entered_at, locked_at, roster_total, present_total, chair, added_at, late_reason, late_approved_by, materials_at,
        item_began_at, item_ended_at, outcome, voted_with, _digest, summary, resolution,
    ) = row  # fmt: skip
    amended_at = around.amended.get(meeting)
    return Sitting(
        meeting, number, kind, frozenset(stands_in_for), counts_only, starts_at, noticed_at, began_at, ended_at,
        entered_at, locked_at,
        amended_at is not None and locked_at is not None and amended_at > locked_at,
        locked_at is not None and meeting in around.signed_other,
        roster_total, present_total, chair is not None, added_at, late_reason, late_approved_by, materials_at,
        item_began_at, item_ended_at, outcome, bool(summary), bool(resolution), around.items.get(meeting, 0),
        voted_with is not None or item in around.shared,
        around.attendees.get(meeting, ()), around.opinions.get(item, ()), around.recusals.get(item, ()),
        around.related.get(item, NOBODY), around.votes.get(item), around.signed.get(meeting, NOBODY),
    )  # fmt: skip


def _attendees(meetings: Collection[int]) -> dict[int, tuple[Attendee, ...]]:
    found: dict[int, list[Attendee]] = defaultdict(list)
    rows = Attendance.objects.filter(meeting_id__among=meetings).order_by("pk").values_list(*ATTENDED)
    for meeting, person, *facts in read(rows):
        found[meeting].append(Attendee(person or NO_PERSON, *facts))
    unserved = {one.person for each in found.values() for one in each if one.is_member and one.served_at is None}
    joined = _joined(meetings, unserved) if unserved else {}
    return {
        meeting: tuple(one._replace(joined_on=joined.get((meeting, one.person))) if joined else one for one in each)
        for meeting, each in found.items()
    }


def _joined(meetings: Collection[int], persons: Collection[int]) -> dict[tuple[int, int], date]:
    """(meeting, person) → when the seat was taken that the person, whom the notice did not reach, held at the meeting."""
    held = Meeting.objects.filter(pk__among=meetings).values_list("pk", "body_id", "began_at", "starts_at")
    seats: dict[int, list[tuple[int, date]]] = defaultdict(list)
    taken = Seat.objects.filter(person_id__among=persons).order_by("started_on")
    for person, body, start in taken.values_list("person_id", "body_id", "started_on"):
        seats[body].append((person, start))
    return {
        (meeting, person): start
        for meeting, body, began_at, starts_at in held
        for person, start in seats[body]
        if start <= timezone.localdate(began_at or starts_at)
    }


def _signatures(meetings: Collection[int], digests: Mapping[int, str]) -> tuple[dict[int, frozenset[int]], set[int]]:
    """Who signed, and the meetings where somebody signed another record than the one that was locked."""
    persons: dict[int, set[int]] = defaultdict(set)
    other = set()
    rows = Signature.objects.filter(meeting_id__among=meetings).values_list("meeting_id", "person_id", "digest")
    for meeting, person, digest in read(rows):
        persons[meeting].add(person)
        if digests[meeting] and digest != digests[meeting]:
            other.add(meeting)
    return {meeting: frozenset(each) for meeting, each in persons.items()}, other


def _items(meetings: Collection[int]) -> dict[int, int]:
    """Items of decision a meeting."""
    items = AgendaItem.objects.filter(meeting_id__among=meetings, kind=AgendaKind.DECISION).order_by()
    return dict(items.values_list("meeting_id").annotate(count=Count("pk")))


def _opinions(items: Collection[int]) -> dict[int, tuple[Spoken, ...]]:
    found: dict[int, list[Spoken]] = defaultdict(list)
    rows = Opinion.objects.filter(item_id__among=items).order_by("item_id", "order")
    columns = ("item_id", "order", "person_id", "role", "is_chief", "stance")
    for item, order, person, role, is_chief, stance, length in read(rows.values_list(*columns, length_of("text"))):
        found[item].append(Spoken(order, person or NO_PERSON, role, is_chief, stance, bool(length)))
    return {item: tuple(each) for item, each in found.items()}


def _recusals(items: Collection[int]) -> dict[int, tuple[Left, ...]]:
    found: dict[int, list[Left]] = defaultdict(list)
    rows = Recusal.objects.filter(item_id__among=items).order_by("pk")
    for item, *facts in read(rows.values_list("item_id", "person_id", "ground", "source", "left_at")):
        found[item].append(Left(*facts))
    return {item: tuple(each) for item, each in found.items()}


def _votes(items: Collection[int]) -> dict[int, Voted]:
    rows = read(Vote.objects.filter(item_id__among=items).values_list(*VOTED))
    ballots: dict[int, dict[int, str]] = defaultdict(dict)
    cast = Ballot.objects.filter(vote_id__among=[row[1] for row in rows])
    for vote, person, choice in read(cast.values_list("vote_id", "person_id", "choice")):
        ballots[vote][person] = choice
    return {
        item: Voted(*(method, _majority(rule), closed_at, tuple(electorate), *counts, ballots.get(pk, {})))
        for item, pk, method, rule, closed_at, electorate, *counts in rows
    }


def _majority(rule: Mapping[str, Any]) -> Fraction | None:
    """The majority in the snapshot of a vote; None where it keeps none that makes sense."""
    given = rule.get("majority")
    try:
        return (
            _fraction(int(given["num"]), int(given["den"]), bool(given["strict"]), str(given["base"]))
            if given
            else None
        )
    except (KeyError, TypeError, ValueError):
        return None


@lru_cache(maxsize=256)
def _fraction(num: int, den: int, strict: bool, base: str) -> Fraction:  # noqa: FBT001 - four parts of one value
    return Fraction(num, den, strict, Base(base))


def _related(rows: Rows, attendees: Mapping[int, tuple[Attendee, ...]]) -> dict[int, frozenset[int]]:
    """Item → members whom it concerns themselves, or whose declared interest on that day it concerns."""
    meeting_of = {row[1]: (row[2], timezone.localdate(row[9] or row[7])) for row in rows}
    concerns = list(
        Concern.objects.filter(item_id__among=meeting_of).values_list("item_id", "person_id", "organisation")
    )
    if not concerns:
        return {}
    members = {
        item: {one.person for one in attendees.get(meeting_of[item][0], ()) if one.is_member} for item, *_ in concerns
    }
    known: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    columns = ("person_id", "related_id", "organisation", "started_on", "ended_on")
    declared = Interest.objects.filter(person_id__among=set().union(*members.values())).order_by("pk")
    for person, *interest in declared.values_list(*columns):
        known[person].append(tuple(interest))
    found: dict[int, set[int]] = defaultdict(set)
    for item, person, organisation in concerns:
        day = meeting_of[item][1]
        found[item] |= {
            member
            for member in members[item]
            if member == person or any(_touches(one, person, plain_name(organisation), day) for one in known[member])
        }
    return {item: frozenset(each) for item, each in found.items()}


def _touches(interest: tuple[Any, ...], person: int | None, firm: str, day: date) -> bool:
    """Whether a declaration names the person or the firm, and holds on the day; as `meetings.selectors.interests` says."""
    related, organisation, start, end = interest
    if start > day or (end is not None and end < day):
        return False
    return bool((person and related == person) or (firm and plain_name(organisation) == firm))
