"""Who sits in a body on a day, and who is in the room at a moment."""

from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone

from xianxue.kernel.procedures import clock
from xianxue.meetings.choices import AttendanceRole, Presence
from xianxue.meetings.models import Attendance, Body, Meeting, Recusal, Seat


def roster_on(body: Body, day: date) -> "QuerySet[Seat]":
    """The seats of a body on a day, first and last days included, in their order."""
    rows: Any = Seat.objects.filter(body=body, started_on__lte=day)
    found: QuerySet[Seat] = rows.filter(Q(ended_on=None) | Q(ended_on__gte=day)).select_related("person")
    return found.order_by("order", "pk")


def is_entered_later(meeting: Meeting) -> bool:
    """Whether the meeting took place on a day before today: its record is entered from paper."""
    return timezone.localdate(meeting.began_at or meeting.starts_at) < clock.today()


def members(meeting: Meeting) -> "QuerySet[Attendance]":
    """应到: the members of the meeting, in the order of their seats."""
    rows: QuerySet[Attendance] = Attendance.objects.filter(meeting=meeting, role=AttendanceRole.MEMBER)
    return rows.order_by("pk")


def members_present(meeting: Meeting, at: datetime) -> list[Attendance]:
    """实到: members in the meeting at that moment, those who left the room over an item included."""
    came = members(meeting).filter(Q(arrived_at=None) | Q(arrived_at__lte=at), presence=Presence.PRESENT)
    return list(came.filter(Q(left_at=None) | Q(left_at__gt=at)))


def electors(item: Any, at: datetime) -> list[Attendance]:
    """Who may vote on an item at that moment: members present who are not recused from it."""
    recused = set(Recusal.objects.filter(item=item).values_list("person_id", flat=True))
    return [one for one in members_present(item.meeting, at) if one.person_id not in recused]


def roster_count(meeting: Meeting) -> int:
    """应到: how many; stated, for bodies that only count."""
    if meeting.body.counts_only:
        return meeting.roster_total or 0
    return members(meeting).count()


def present_count(meeting: Meeting, at: datetime) -> int:
    """实到 at that moment: how many; stated, for bodies that only count."""
    if meeting.body.counts_only:
        return meeting.present_total or 0
    return len(members_present(meeting, at))
