"""What the page of the agenda shows, and whom it offers to invite."""

from dataclasses import dataclass

from django.db.models import QuerySet

from xianxue.accounts.models import User
from xianxue.accounts.selectors import postings_valid
from xianxue.kernel.procedures import clock
from xianxue.meetings.choices import AttendanceRole, ItemState
from xianxue.meetings.models import AgendaItem, Attendance, Meeting
from xianxue.meetings.roles import INSPECTOR
from xianxue.people.models import Person, StaffPost


@dataclass(frozen=True, slots=True)
class AgendaPage:
    """The agenda in its order, and who is there besides the members."""

    meeting: Meeting
    items: list[AgendaItem]
    guests: list[Attendance]

    @property
    def is_open(self) -> bool:
        """Whether the agenda may still change."""
        return self.meeting.matter.state in {"planned", "noticed", "under_way"}

    @property
    def is_before(self) -> bool:
        """Whether the meeting has not begun."""
        return self.meeting.matter.state in {"planned", "noticed"}

    @property
    def waiting(self) -> list[int]:
        """Keys of the items that may be moved or taken off."""
        return [item.pk for item in self.items if item.state == ItemState.WAITING]


def agenda_of(meeting: Meeting) -> AgendaPage:
    """Agenda and guests. Two queries."""
    items = list(AgendaItem.objects.filter(meeting=meeting).order_by("number"))
    guests = Attendance.objects.filter(meeting=meeting).exclude(role=AttendanceRole.MEMBER)
    return AgendaPage(meeting, items, list(guests.order_by("pk")))


def staff_of(meeting: Meeting) -> "QuerySet[Person]":
    """The unit's staff, by name."""
    posts = StaffPost.objects.filter(school_id=meeting.unit_id, ended_on=None)
    rows: QuerySet[Person] = Person.objects.filter(pk__in=posts.values("person_id"))
    return rows.order_by("name_pinyin", "pk")


def inspectors_of(meeting: Meeting) -> "QuerySet[User]":
    """Accounts that watch over the unit today."""
    today = clock.today()
    unit = meeting.unit
    posted = postings_valid(today).filter(role=INSPECTOR, unit_id__in=[unit.pk, unit.parent_id])
    rows: QuerySet[User] = User.objects.filter(pk__in=posted.values("user_id"), is_active=True)
    return rows.order_by("name", "pk")
