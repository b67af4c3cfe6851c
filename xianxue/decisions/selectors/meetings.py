"""Meetings at which a proposal may be brought up, and the bodies that deal with it."""

from collections.abc import Iterator

from django.db.models import QuerySet

from xianxue.decisions.models import Proposal
from xianxue.meetings.choices import BodyKind, ItemOutcome
from xianxue.meetings.models import Body, Meeting

OPEN = ("planned", "noticed", "under_way")
"""States in which a meeting still takes an item."""


def open_meetings(unit_id: int) -> "QuerySet[Meeting]":
    """The unit's meetings that have not ended, the next one first."""
    rows: QuerySet[Meeting] = Meeting.objects.filter(unit_id=unit_id, matter__state__in=OPEN)
    return rows.select_related("body", "matter").order_by("starts_at", "pk")


def meetings_for(unit_id: int, kind: str) -> Iterator[Meeting]:
    """The open meetings of a body of that kind, or of one that stands in for it; of any body where no kind is named."""
    for meeting in open_meetings(unit_id):
        if not kind or kind in {meeting.body.kind, *meeting.body.stands_in_for}:
            yield meeting


def meeting_for(unit_id: int, kind: str) -> Meeting | None:
    """The first of them."""
    return next(meetings_for(unit_id, kind), None)


def bodies_by_kind(unit_id: int) -> dict[str, Body]:
    """Kind → the unit's body of today that is of the kind, or stands in for it."""
    found: dict[str, Body] = {}
    for body in Body.objects.filter(unit_id=unit_id, ended_on=None).order_by("pk"):
        found.setdefault(body.kind, body)
        for kind in body.stands_in_for:
            found.setdefault(kind, body)
    return found


def next_body(proposal: Proposal) -> str:
    """The kind of body that must deal with it next; empty where the whole chain has passed it."""
    chain = proposal.entry.chain if proposal.entry else [BodyKind.PARTY]
    passed: set[str] = set()
    for tabling in proposal.tablings.filter(item__outcome=ItemOutcome.PASSED).select_related("item__meeting__body"):
        body = tabling.item.meeting.body
        passed |= {body.kind, *body.stands_in_for}
    return next((kind for kind in chain if kind not in passed), "")
