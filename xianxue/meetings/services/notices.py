"""The notice: who is called, as the roster of the day says; and each one's receipt."""

from collections.abc import Iterable
from datetime import datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command, nothing_changed
from xianxue.meetings.access import READS
from xianxue.meetings.choices import AttendanceRole
from xianxue.meetings.models import AgendaItem, Attendance, Meeting, Seat
from xianxue.meetings.procedures import MeetingRecord
from xianxue.meetings.selectors.rosters import is_entered_later, roster_on
from xianxue.meetings.services.frame import meeting_for, moment, refusal, trace

HELD = ("noticed", "under_way", "held")


@MeetingRecord.send_notice.command
def send_notice(meeting: Meeting, *, by: Actor, at: datetime | None = None) -> None:
    """Call the members of the meeting's day. `at`: when a notice entered later was really sent.

    Refuses a body that has no members on that day, unless it only counts.
    """
    sent = moment(at)
    # On the day on which a duty changes a person has two seats: the newer one is called.
    on_the_day = roster_on(meeting.body, timezone.localdate(meeting.starts_at))
    seats = list({seat.person_id: seat for seat in on_the_day}.values())
    if not seats and not meeting.body.counts_only:
        raise refusal(_("议事机构在开会那天没有成员。请先在“议事机构成员”中登记。"))
    Attendance.objects.filter(meeting=meeting, served_at=None).update(served_at=sent)
    call(meeting, seats, served_at=sent)
    AgendaItem.objects.filter(meeting=meeting, materials_at=None).update(materials_at=sent)
    if is_entered_later(meeting):
        # The agenda was typed today and stood in the notice of that day: none of it is 临时动议.
        AgendaItem.objects.filter(meeting=meeting, added_at__gt=sent, late_reason="").update(added_at=sent)
    meeting.noticed_at = sent
    meeting.save(update_fields=["noticed_at"])
    trace(meeting, {"noticed_at": (None, sent)}, facts={"members": len(seats)})


def call(meeting: Meeting, seats: Iterable[Seat], *, served_at: datetime | None) -> None:
    """Write these members into the list, with their seats as they are; a guest who has become a member is one line still."""
    guests = {one.person_id: one for one in Attendance.objects.filter(meeting=meeting) if one.person_id}
    new = []
    for seat in seats:
        made = _attendance_of(meeting, seat, served_at=served_at)
        if (guest := guests.get(seat.person_id)) is None:
            new.append(made)
            continue
        made.pk, made.read_at, made.served_at = guest.pk, guest.read_at, guest.served_at or served_at
        made.save(force_update=True)
    Attendance.objects.bulk_create(new)


def _attendance_of(meeting: Meeting, seat: Seat, *, served_at: datetime | None) -> Attendance:
    return Attendance(
        meeting=meeting,
        person_id=seat.person_id,
        name=seat.person.name,
        duty=seat.duty,
        role=AttendanceRole.MEMBER,
        is_chief=seat.is_chief,
        is_discipline=seat.is_discipline,
        user_id=seat.user_id,
        served_at=served_at,
    )


@command("meetings.notice_read", label=gettext_lazy("阅知会议通知"))
def acknowledge(meeting: Meeting, *, by: Actor) -> None:
    """The person called says that the notice was read; a second time changes nothing."""
    held = meeting_for(meeting, by, HELD, grant=READS)
    mine = Attendance.objects.filter(meeting=held, user_id=by.user_id).first() if by.user_id else None
    if mine is None:
        raise refusal(_("会议通知的名单里没有您。请核对账号，或联系记录人。"))
    if mine.read_at is not None:
        nothing_changed()
        return
    mine.read_at = moment(None)
    mine.save(update_fields=["read_at"])
    trace(held, {"read_at": (None, mine.read_at)}, facts={"attendance": mine.pk})
