"""Which members have something to do with whom an item concerns."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q
from django.utils import timezone

from xianxue.meetings.choices import AttendanceRole, RecusalGround
from xianxue.meetings.models import AgendaItem, Attendance, Concern, Interest, Seat
from xianxue.meetings.rules.names import plain_name
from xianxue.meetings.selectors.rosters import roster_on


@dataclass(frozen=True, slots=True)
class KnownInterest:
    """A member who must leave the room for an item, and why."""

    person_id: int
    name: str
    ground: str
    about: str

    @property
    def label(self) -> str:
        """The ground in words."""
        return str(RecusalGround(self.ground).label)


def known_interests(item: AgendaItem) -> list[KnownInterest]:
    """Members whom the item concerns themselves, or whose standing declaration names whom it concerns.

    Persons are compared by key, firms by their names without blanks and with one kind of brackets. Three queries.
    """
    concerns = list(Concern.objects.filter(item=item).values_list("person_id", "person__name", "organisation"))
    if not concerns:
        return []
    meeting = item.meeting
    day = timezone.localdate(meeting.began_at or meeting.starts_at)
    names = _members(item, day)
    persons = {person: name for person, name, _firm in concerns if person}
    firms = {plain_name(firm) for *_who, firm in concerns if firm.strip()}
    found = {
        person: KnownInterest(person, names[person], RecusalGround.SELF, name)
        for person, name in persons.items()
        if person in names
    }
    declared = Interest.objects.filter(person_id__in=list(names), started_on__lte=day)
    for one in declared.filter(Q(ended_on=None) | Q(ended_on__gte=day)).order_by("pk"):
        firm = one.organisation.strip()
        about = persons.get(one.related_id) or (firm if plain_name(firm) in firms else "")
        if about:
            found.setdefault(one.person_id, KnownInterest(one.person_id, names[one.person_id], one.ground, about))
    return list(found.values())


def _members(item: AgendaItem, day: date) -> dict[int, str]:
    """Members by key: those of the notice, or, before there is one, of the roster."""
    called = Attendance.objects.filter(meeting=item.meeting, role=AttendanceRole.MEMBER).values_list(
        "person_id", "name"
    )
    if names := dict(called):
        return names
    seats: list[Seat] = list(roster_on(item.meeting.body, day))
    return {seat.person_id: seat.person.name for seat in seats}
