"""Who comes, goes, stays away; and the roster put right when the meeting begins."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command, nothing_changed
from xianxue.meetings.choices import AttendanceRole, Presence
from xianxue.meetings.models import Attendance, Meeting, Opinion, Seat, Vote
from xianxue.meetings.procedures import MeetingRecord
from xianxue.meetings.rules.provided import tell_changed
from xianxue.meetings.selectors.rosters import members, roster_on
from xianxue.meetings.services.frame import LIVE, OPEN, meeting_for, moment, refusal, trace
from xianxue.meetings.services.notices import call

NO_LONGER = "会议通知后已不再任职"
SEATED = ("duty", "is_chief", "is_discipline", "user_id")
"""What an attendance takes from the seat of the day."""


@MeetingRecord.begin.command
def begin(
    meeting: Meeting,
    *,
    by: Actor,
    at: datetime | None = None,
    roster_total: int | None = None,
    present_total: int | None = None,
) -> None:
    """Open the meeting. Members who joined or left since the notice are put right, and the history says so.

    The two totals are for bodies that only count, and required there.
    """
    meeting.began_at = moment(at)
    if meeting.body.counts_only:
        _take_totals(meeting, roster_total, present_total)
    meeting.save(update_fields=["began_at", "roster_total", "present_total"])
    joined, gone, changed = _put_right(meeting)
    changes: dict[str, Any] = {"began_at": (None, meeting.began_at)}
    if joined:
        changes["joined"] = (None, "、".join(joined))
    if gone:
        changes["gone"] = ("、".join(gone), None)
    if changed:
        changes["duties"] = (None, "、".join(changed))
    trace(meeting, changes)


def _take_totals(meeting: Meeting, roster: int | None, present: int | None) -> None:
    if roster is None or present is None:
        raise refusal(_("这个机构只计人数。请填写应到人数和实到人数。"), field="roster_total")
    if present > roster:
        raise refusal(_("实到人数多于应到人数。请核对后重新填写。"), field="present_total")
    meeting.roster_total, meeting.present_total = roster, present


def _put_right(meeting: Meeting) -> tuple[list[str], list[str], list[str]]:
    """Names of the members added, of those who are members no more, and of those whose seat is another since the notice."""
    day = timezone.localdate(meeting.began_at)
    seats = {seat.person_id: seat for seat in roster_on(meeting.body, day)}
    called = {one.person_id: one for one in members(meeting)}
    joined = [seat for pk, seat in seats.items() if pk not in called]
    call(meeting, joined, served_at=None)
    gone = [one for pk, one in called.items() if pk not in seats]
    Attendance.objects.filter(pk__in=[one.pk for one in gone]).update(
        role=AttendanceRole.ATTENDING, presence=Presence.ABSENT, absence_reason=NO_LONGER
    )
    changed = [one.name for pk, one in called.items() if pk in seats and _take_seat(one, seats[pk])]
    return [seat.person.name for seat in joined], [one.name for one in gone], changed


def _take_seat(one: Attendance, seat: Seat) -> bool:
    """Let the list say what the seat says on the day: who is chief, and by which account the member votes and signs."""
    held = {name: getattr(seat, name) for name in SEATED}
    if held == {name: getattr(one, name) for name in SEATED}:
        return False
    Attendance.objects.filter(pk=one.pk).update(**held)
    return True


@command("meetings.total_counted", label=gettext_lazy("登记人数"))
def count_people(meeting: Meeting, *, by: Actor, roster_total: int, present_total: int) -> None:
    """State anew how many were to come and came, for bodies that only count."""
    held = meeting_for(meeting, by, LIVE)
    if not held.body.counts_only:
        raise refusal(_("这个机构逐人登记到会。请在名单上登记。"))
    _refuse_during_a_vote(held)
    old = (held.roster_total, held.present_total)
    _take_totals(held, roster_total, present_total)
    held.save(update_fields=["roster_total", "present_total"])
    trace(held, {"roster_total": (old[0], roster_total), "present_total": (old[1], present_total)})
    tell_changed(held, by)


@command("meetings.arrived", label=gettext_lazy("登记到会"))
def arrive(attendance: Attendance, *, by: Actor, at: datetime | None = None) -> None:
    """The person is there, from that moment on; who had left is there again.

    Said twice, by two recorders perhaps, the earlier moment holds.
    """
    held, one = _found(attendance, by, LIVE)
    when = moment(at)
    if one.presence == Presence.PRESENT and not one.left_at and one.arrived_at and when >= one.arrived_at:
        nothing_changed()
        return
    old, one.presence = one.presence, Presence.PRESENT
    one.arrived_at = one.arrived_at if one.left_at and one.arrived_at else when
    one.left_at, one.absence_reason = None, ""
    one.save(update_fields=["presence", "arrived_at", "left_at", "absence_reason"])
    trace(held, {"presence": (old, one.presence), "arrived_at": (None, when)}, facts={"attendance": one.pk})
    tell_changed(held, by)


@command("meetings.left", label=gettext_lazy("登记离会"))
def leave(attendance: Attendance, *, by: Actor, at: datetime | None = None) -> None:
    """The person leaves the meeting before its end. Refused while a vote is open."""
    held, one = _found(attendance, by, LIVE)
    if one.presence != Presence.PRESENT:
        raise refusal(_("%(name)s没有登记到会。请先登记到会，或登记缺席。") % {"name": one.name})
    _refuse_during_a_vote(held)
    one.left_at = moment(at)
    if one.arrived_at and one.left_at < one.arrived_at:
        raise refusal(_("离会时间早于到会时间。请核对时间。"), field="at")
    if any(vote.closed_at and vote.closed_at > one.left_at for vote in _votes_of(held, one)):
        raise refusal(_("离会时间早于本人参加的表决。请核对时间。"), field="at")
    one.save(update_fields=["left_at"])
    trace(held, {"left_at": (None, one.left_at)}, facts={"attendance": one.pk})
    tell_changed(held, by)


@command("meetings.absent", label=gettext_lazy("登记缺席"))
def be_absent(attendance: Attendance, *, by: Actor, reason: str, written_opinion: str = "") -> None:
    """The person does not come. A written opinion is kept, and is never a vote (中办 2022 意见（五）).

    Refused for who has spoken or could vote: the record would lose a voice, and a signature that it needs.
    """
    held, one = _found(attendance, by, ("noticed", *OPEN))
    if not reason.strip():
        raise refusal(_("没有写缺席原因。请填写，如：外出开会。"), field="reason")
    _refuse_during_a_vote(held)
    if one.person_id and (_votes_of(held, one) or _spoke(held, one)):
        raise refusal(
            _("%(name)s在这次会议上发过言或者参加过表决，不能登记缺席。提前离开的，请登记离会。") % {"name": one.name}
        )
    old, one.presence = one.presence, Presence.ABSENT
    one.absence_reason, one.arrived_at, one.left_at = reason.strip(), None, None
    one.written_opinion = written_opinion.strip() or one.written_opinion
    one.save(update_fields=["presence", "absence_reason", "arrived_at", "left_at", "written_opinion"])
    trace(held, {"presence": (old, one.presence)}, note=one.absence_reason, facts={"attendance": one.pk})
    tell_changed(held, by)


def _found(attendance: Attendance, by: Actor, states: tuple[str, ...]) -> tuple[Meeting, Attendance]:
    held = meeting_for(attendance.meeting, by, states)
    one: Attendance = Attendance.objects.get(pk=attendance.pk)
    return held, one


def _spoke(meeting: Meeting, one: Attendance) -> bool:
    return bool(Opinion.objects.filter(item__meeting=meeting, person_id=one.person_id).exists())


def _votes_of(meeting: Meeting, one: Attendance) -> list[Vote]:
    """The closed votes in which the person could vote."""
    closed = Vote.objects.filter(item__meeting=meeting, closed_at__isnull=False)
    return [vote for vote in closed if one.person_id in vote.electorate]


def _refuse_during_a_vote(meeting: Meeting) -> None:
    if Vote.objects.filter(item__meeting=meeting, closed_at=None).exists():
        raise refusal(_("正在表决，这时不能改变到会情况。请先结束表决，或把这次表决作废重来。"))
