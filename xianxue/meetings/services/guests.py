"""Guests of a meeting: staff, people from outside, inspectors. They neither count nor vote."""

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.accounts.models import User
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command
from xianxue.meetings.choices import AttendanceRole
from xianxue.meetings.models import Attendance, Meeting
from xianxue.meetings.rules.provided import tell_changed
from xianxue.meetings.selectors.rosters import roster_on
from xianxue.meetings.services.frame import BEFORE, OPEN, meeting_for, refusal, trace
from xianxue.people.models import Person

ROLES = (AttendanceRole.ATTENDING, AttendanceRole.INSPECTOR, AttendanceRole.RECORDER)


@command("meetings.invited", label=gettext_lazy("登记列席人员"))
def invite(
    meeting: Meeting,
    *,
    by: Actor,
    role: str,
    person: Person | None = None,
    name: str = "",
    duty: str = "",
    user: User | None = None,
) -> Attendance:
    """Somebody who is to be there and is no member.

    `person` is of the register; without one `name` says who comes from outside, or `user` which inspector.
    """
    held = meeting_for(meeting, by, (*BEFORE, *OPEN))
    if role not in ROLES:
        raise refusal(_("应到成员由议事机构的名单确定，不能在这里登记。"), field="role")
    if person is not None:
        name = person.name
        _refuse_member(held, person)
    elif user is not None:
        name = user.name
        _refuse_member(held, user)
    if not name.strip():
        raise refusal(_("没有选人员，也没有写姓名。请选择本校教职工，或填写校外人员的姓名。"), field="name")
    made = Attendance(meeting=held, person=person, name=name.strip(), duty=duty.strip(), role=role, user=user)
    _refuse_listed(made)
    made.served_at = held.noticed_at and timezone.now()
    made.save(force_insert=True)
    trace(held, {"invited": (None, made.name)}, facts={"attendance": made.pk, "role": role})
    tell_changed(held, by)
    return made


def _refuse_member(meeting: Meeting, one: Person | User) -> None:
    seats = roster_on(meeting.body, timezone.localdate(meeting.starts_at))
    field = "person" if isinstance(one, Person) else "user"
    if seats.filter(**{field: one}).exists():
        raise refusal(_("%(name)s是应到成员，不用登记列席。") % {"name": one.name}, field=field)


def _refuse_listed(made: Attendance) -> None:
    rows = Attendance.objects.filter(meeting_id=made.meeting_id)
    if made.person_id is not None:
        is_there = rows.filter(person_id=made.person_id).exists()
    elif made.user_id is not None:
        is_there = rows.filter(user_id=made.user_id).exists()
    else:
        is_there = rows.filter(person=None, name=made.name, duty=made.duty).exists()
    if is_there:
        told = {"name": made.name}
        raise refusal(_("%(name)s已经在名单上。同名的另一人，请写明单位和职务。") % told, field="name")


@command("meetings.uninvited", label=gettext_lazy("取消列席"))
def uninvite(attendance: Attendance, *, by: Actor) -> None:
    """Strike a guest from the list before the meeting; who stays away from one under way is noted as absent."""
    held = meeting_for(attendance.meeting, by, BEFORE)
    found: Attendance = Attendance.objects.get(pk=attendance.pk)
    if found.role == AttendanceRole.MEMBER:
        raise refusal(_("应到成员不能从名单上去掉。不再任职的，请在“议事机构成员”中登记免职。"))
    Attendance.objects.filter(pk=found.pk).delete()
    trace(held, {"invited": (found.name, None)}, facts={"role": found.role})
