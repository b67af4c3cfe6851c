"""What stands around every command that writes a record: the meeting as it is now, its state, the recorder, the trace."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor, Grant, current_reach, whole_county
from xianxue.kernel.access.reach import EVERY_ROLE
from xianxue.kernel.commands import Refused, running
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures import clock
from xianxue.meetings.access import RECORDS
from xianxue.meetings.models import AgendaItem, Attendance, Meeting
from xianxue.meetings.procedures import MeetingRecord
from xianxue.meetings.selectors.rosters import is_entered_later

BEFORE, LIVE, OPEN = ("planned", "noticed"), ("under_way",), ("under_way", "held")
AHEAD = timedelta(minutes=5)
"""By how much the clock of a recorder's machine may be fast."""
SUBJECT = "meetings.meeting"
PURPOSE = "会议：按本会议的名单记录"


def act() -> str:
    """What is being done, in the words of the running command."""
    return str(running().info.label)


def refusal(reason: object, *, field: str = "") -> Refused:
    """未能…：…: what was not done, and why."""
    told = _("未能%(act)s：%(reason)s") % {"act": act(), "reason": reason}
    return Refused(told, field=field)


def meeting_for(row: Meeting | AgendaItem, by: Actor, states: tuple[str, ...], *, grant: Grant = RECORDS) -> Meeting:
    """The meeting read anew, in one of the states, for whoever holds the grant over its unit. Raises Refused.

    A record that a member has signed is not written on: the signature would be of another record.
    """
    pk = row.meeting_id if isinstance(row, AgendaItem) else row.pk
    # Whoever may not see it is refused in words, below.
    with whole_county(PURPOSE):
        meeting: Meeting = Meeting.objects.select_for_update(of=("self",)).select_related("matter", "body").get(pk=pk)
    refuse_stranger(meeting, by, grant)
    state = meeting.matter.state
    if state not in states:
        told = {"state": MeetingRecord.state(state).label}
        raise refusal(_("会议现为“%(state)s”，不在可以这样做的阶段。请刷新页面后核对。") % told)
    if state == "held" and meeting.signatures.exists():
        raise refusal(_("已有成员签名，记录不能再改。确需修改的，请先“退回核对”，改好后重新签名。"))
    return meeting


def refuse_stranger(meeting: Meeting, by: Actor, grant: Grant) -> None:
    """Refuse whoever may not do this for the unit that meets."""
    reach = current_reach()
    if EVERY_ROLE not in reach.roles and by.user_id != reach.user_id:
        message = f"{running().info.code}: the actor is not the person whose reach is set."
        raise RuntimeError(message)
    if meeting.unit_id not in grant.scope(reach):
        raise refusal(_("您没有这项权限。会议记录由本单位的记录人填写。"))


def item_for(row: AgendaItem, by: Actor, states: tuple[str, ...] = LIVE, *, grant: Grant = RECORDS) -> AgendaItem:
    """An item read anew, with its meeting; see `meeting_for`."""
    meeting = meeting_for(row, by, states, grant=grant)
    found: AgendaItem = AgendaItem.objects.get(pk=row.pk)
    found.meeting = meeting
    return found


def account_in(meeting: Meeting, by: Actor, role: str) -> Attendance | None:
    """The line in the list of the meeting for whoever acts, in that role; None for a program and for strangers."""
    if by.user_id is None:
        return None
    return Attendance.objects.filter(meeting=meeting, user_id=by.user_id, role=role).order_by("pk").first()


def is_told_as_it_was(meeting: Meeting, *, confirmed: bool) -> bool:
    """Whether what should not have happened is written because it did: a meeting that is over cannot be held anew.

    While a meeting is under way nothing unlawful is written: it can still be put right.
    """
    return confirmed and is_entered_later(meeting)


def as_it_was_hint(meeting: Meeting) -> str:
    """How to write what did happen, for a meeting that is entered later."""
    return _("补录的会议当时确实如此的，请勾选“照实记录”后再记。") if is_entered_later(meeting) else ""


def moment(at: datetime | None) -> datetime:
    """When it happened: now, unless another moment is given. Refuses the future."""
    now = clock.now()
    if at is None:
        return now
    if at > now + AHEAD:
        raise refusal(_("填写的时间在将来。请核对日期和时间。"), field="at")
    return min(at, now)


def trace(
    meeting: Meeting, changes: Mapping[str, Any], *, note: str = "", facts: Mapping[str, Any] | None = None
) -> None:
    """Count the entry, and write it into the history of the meeting. Values are written as text.

    The row of a locked meeting is read only, its count too: corrections have numbers of their own.
    """
    if meeting.matter.state != "locked":
        meeting.revision += 1
        Meeting.objects.filter(pk=meeting.pk).update(revision=meeting.revision)
    told = {name: [_text(old), _text(new)] for name, (old, new) in changes.items()}
    record(Subject(SUBJECT, meeting.pk, meeting.matter_title()), told, unit_id=meeting.unit_id, note=note, facts=facts)


def _text(value: Any) -> str | None:
    if value is None or value == "":
        return None
    return value.isoformat() if isinstance(value, datetime) else str(value)
