"""The canonical record of a meeting: what the members sign, and what lies under the lock."""

import hashlib
from datetime import UTC, date, datetime
from typing import Any

from xianxue.kernel.history.canonical import canonical
from xianxue.meetings.models import AgendaItem, Attendance, Ballot, Meeting, Opinion, Recusal, Vote

MEETING = (
    "body_id", "unit_id", "number", "title", "place", "starts_at", "chair_id", "noticed_at", "began_at", "ended_at",
    "entered_at", "roster_total", "present_total",
)  # fmt: skip
ATTENDANCE = (
    "person_id", "name", "duty", "role", "is_chief", "is_discipline", "presence", "arrived_at", "left_at",
    "absence_reason", "written_opinion",
)  # fmt: skip
ITEM = (
    "number", "kind", "title", "added_at", "late_reason", "late_approved_by", "materials_at", "began_at", "ended_at",
    "summary", "resolution", "outcome", "postponed_until", "postponed_reason",
)  # fmt: skip
RECUSAL = ("person_id", "ground", "source", "left_at", "returned_at")
OPINION = ("order", "person_id", "name", "role", "is_chief", "stance", "text", "spoken_at")
VOTE = (
    "method", "rule", "opened_at", "closed_at", "electorate", "roster_count", "present_count", "yes", "no", "abstain",
    "invalid", "is_passed", "tellers",
)  # fmt: skip
BALLOT = ("person_id", "choice", "cast_at")


def digest_of(meeting: Meeting) -> str:
    """SHA-256 of the record as it stands in the database, in hexadecimal."""
    return hashlib.sha256(canonical(record_of(meeting))).hexdigest()


def record_of(meeting: Meeting) -> dict[str, Any]:
    """Everything that the record says, as plain values. Secret ballots are in it as totals only. Seven queries."""
    items = list(AgendaItem.objects.filter(meeting=meeting).order_by("number"))
    return {
        **_plain(Meeting.objects.get(pk=meeting.pk), MEETING),
        "attendances": [_plain(one, ATTENDANCE) for one in Attendance.objects.filter(meeting=meeting).order_by("pk")],
        "items": [_plain(one, ITEM) for one in items],
        "recusals": _by_item(Recusal.objects.filter(item__in=items).select_related("item").order_by("pk"), RECUSAL),
        "opinions": _by_item(Opinion.objects.filter(item__in=items).select_related("item").order_by("order"), OPINION),
        "votes": _by_item(Vote.objects.filter(item__in=items).select_related("item").order_by("pk"), VOTE),
        "ballots": [
            {"item": one.vote.item.number, **_plain(one, BALLOT)}
            for one in Ballot.objects.filter(vote__item__in=items).select_related("vote__item").order_by("pk")
        ],
    }


def _by_item(rows: Any, names: tuple[str, ...]) -> list[dict[str, Any]]:
    return [{"item": one.item.number, **_plain(one, names)} for one in rows]


def _plain(row: Any, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: _value(getattr(row, name)) for name in names}


def _value(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value
