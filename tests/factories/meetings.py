"""Bodies, their members, what these declared, and meetings as rows."""

from datetime import date, datetime

import factory
from django.utils import timezone

from tests.factories.base import RowFactory
from tests.factories.organisations import SchoolFactory
from tests.factories.people import PersonFactory
from xianxue.kernel.procedures.models import Matter, Party
from xianxue.meetings.choices import BodyKind, RecusalGround
from xianxue.meetings.models import Body, Interest, Meeting, Seat
from xianxue.organisations.models import Unit


class BodyFactory(RowFactory[Body]):
    """A body without a name in the law, so that a school may have many."""

    class Meta:
        model = Body

    unit = factory.LazyFunction(lambda: SchoolFactory().unit)
    kind = BodyKind.OTHER
    name = factory.Sequence(lambda number: f"专题会议 {number}")
    started_on = date(2024, 1, 1)


class SeatFactory(RowFactory[Seat]):
    """A member."""

    class Meta:
        model = Seat

    body = factory.SubFactory(BodyFactory)
    person = factory.SubFactory(PersonFactory)
    duty = "委员"
    started_on = date(2024, 1, 1)


class InterestFactory(RowFactory[Interest]):
    """Something to do with a firm."""

    class Meta:
        model = Interest

    unit = factory.LazyFunction(lambda: SchoolFactory().unit)
    person = factory.SubFactory(PersonFactory)
    ground = RecusalGround.SUPPLIER
    organisation = "试验家具厂"
    started_on = date(2024, 1, 1)


def meeting_row(unit: Unit, number: int = 1, *, body: Body | None = None, state: str = "planned") -> Meeting:
    """A meeting with its matter, as rows."""
    day = date(2024, 10, 8)
    title = f"第{number}次会议"
    matter: Matter = Matter.unguarded.create(
        procedure="meetings.meeting", state=state, unit_id=unit.pk, title=title, opened_on=day, state_since=day
    )
    Party.objects.create(matter=matter, place="unit", unit_id=unit.pk)
    made: Meeting = Meeting.unguarded.create(
        matter=matter,
        body=body or BodyFactory(unit=unit),
        unit=unit,
        number=f"2024-{number:02d}",
        title=title,
        starts_at=timezone.make_aware(datetime(2024, 10, 8, 15, 0)),  # noqa: DTZ001 - made aware here
    )
    return made
