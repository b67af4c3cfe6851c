"""A body of so many members with accounts, and a meeting of it, by the commands that the pages call."""

from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.utils import timezone

from tests.cast import Cast
from tests.factories.accounts import PostingFactory, UserFactory
from tests.factories.people import PersonFactory
from xianxue.accounts.models import User
from xianxue.accounts.selectors import reach_of
from xianxue.kernel.access import Actor, in_reach
from xianxue.meetings.choices import AgendaKind, BodyKind
from xianxue.meetings.models import AgendaItem, Attendance, Body, Meeting, Seat
from xianxue.meetings.roles import MEMBER
from xianxue.meetings.rules.majority import Base, Fraction
from xianxue.meetings.rules.provided import Rules
from xianxue.meetings.services import agenda, convening, notices, presence, speaking

HALF_COME = Fraction(1, 2, strict=False, base=Base.ROSTER)
MORE_THAN_HALF = Fraction(1, 2, strict=True, base=Base.ROSTER)
RULES = Rules(HALF_COME, MORE_THAN_HALF, "试验-1")
STARTED = date(2024, 1, 1)
NAMES = ("周一鸣", "吴二南", "郑三思", "王四维", "冯五常", "陈六和", "褚七星", "卫八方", "蒋九成")


@dataclass
class Scene:
    """The body, its seats (the first is the chief's), and whoever acts."""

    cast: Cast
    body: Body
    seats: list[Seat] = field(default_factory=list)

    def actor(self, user: User) -> Actor:
        """The person as an actor."""
        return Actor(user.pk, user.name)

    def does(self, user: User | None, run: Any, /, *args: Any, **given: Any) -> Any:
        """A command by a person, in the person's own reach."""
        assert user is not None
        with in_reach(reach_of(user)):
            return run(*args, by=self.actor(user), **given)

    def records(self, run: Any, *args: Any, **given: Any) -> Any:
        """A command by the recorder."""
        return self.does(self.cast.users["recorder"], run, *args, **given)

    def sit(self, name: str = "", *, is_chief: bool = False, since: date = STARTED) -> Seat:
        """One more member, with an account."""
        number = Seat.unguarded.count()
        user = UserFactory(username=f"seat{number}", name=name or NAMES[number])
        PostingFactory(user=user, role=MEMBER, unit=self.body.unit)
        seat: Seat = Seat.unguarded.create(
            body=self.body, person=PersonFactory(name=user.name), user=user, duty="书记" if is_chief else "委员",
            is_chief=is_chief, order=number, started_on=since,
        )  # fmt: skip
        self.seats.append(seat)
        return seat

    def convene(self, **given: Any) -> Meeting:
        """A meeting that is to begin now."""
        facts = {"body": self.body, "title": "第一次会议", "starts_at": timezone.now() - timedelta(minutes=1), **given}
        made: Meeting = self.records(convening.convene, **facts)
        return made

    def add(self, meeting: Meeting, title: str = "购置书架", **given: Any) -> AgendaItem:
        """An item to decide."""
        made: AgendaItem = self.records(agenda.add_item, meeting, kind=AgendaKind.DECISION, title=title, **given)
        return made

    def notified(self, **given: Any) -> tuple[Meeting, AgendaItem]:
        """A meeting with one item whose notice is out."""
        meeting = self.convene(**given)
        item = self.add(meeting)
        return self.records(notices.send_notice, meeting), item

    def begun(self, *, come: int | None = None, **given: Any) -> tuple[Meeting, AgendaItem]:
        """A meeting under way, with `come` members there (all of them) and the first item open."""
        meeting, item = self.notified()
        meeting = self.records(presence.begin, meeting, **given)
        for one in self.called(meeting)[:come]:
            self.records(presence.arrive, one)
        self.records(speaking.open_item, item)
        return meeting, AgendaItem.unguarded.get(pk=item.pk)

    def called(self, meeting: Meeting) -> list[Attendance]:
        """Everybody called, in order."""
        return list(Attendance.unguarded.filter(meeting=meeting).select_related("meeting").order_by("pk"))


def scene_of(cast: Cast, size: int, *, kind: str = BodyKind.PARTY, **facts: Any) -> Scene:
    """A body of so many members at the first school."""
    body = Body.unguarded.create(
        unit=cast.first_primary.unit, kind=kind, name="党总支委员会", started_on=STARTED, **facts
    )
    made = Scene(cast, body)
    for number in range(size):
        made.sit(is_chief=number == 0)
    return made
