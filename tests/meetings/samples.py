"""Samples of meetings: what the contracts try them with."""

from typing import Any

from django.utils import timezone

from tests.cast import Cast
from tests.contracts.declared import Opener, Sample, Work
from tests.factories.meetings import BodyFactory, InterestFactory, SeatFactory, meeting_row
from tests.factories.people import PersonFactory, StaffPostFactory
from xianxue.meetings.choices import AttendanceRole, Presence
from xianxue.meetings.models import Attendance
from xianxue.meetings.procedures import MeetingRecord
from xianxue.organisations.models import School


def _seat(_cast: Cast, school: School, number: int) -> Any:
    """A member who is of the school's staff."""
    person = StaffPostFactory(school=school, person__name=f"委员{number}").person
    return SeatFactory(body=BodyFactory(unit=school.unit), person=person)


def _seat_cells(cast: Cast) -> dict[str, str]:
    """A new member of a body of the first school, by the number of the staff."""
    body = BodyFactory(unit=cast.first_primary.unit, kind="party", name="第一小学支部委员会")
    post = StaffPostFactory(school=cast.first_primary)
    return {
        "unit": "第一小学",
        "body": body.name,
        "staff_no": post.staff_no,
        "name": post.person.name,
        "duty": "组织委员",
        "is_chief": "否",
        "is_discipline": "否",
        "started_on": "2024-01-10",
    }


def _meeting(cast: Cast, number: int) -> dict[str, Any]:
    body = BodyFactory(unit=cast.first_primary.unit)
    return {"body": body, "title": f"第{number + 1}次会议", "starts_at": timezone.now()}


SAMPLES: dict[str, Sample] = {
    "bodies": Sample(lambda _cast, school, number: BodyFactory(unit=school.unit, name=f"专题会议{number}")),
    "seats": Sample(
        _seat,
        cells=_seat_cells,
        changed={"duty": "副书记", "ended_on": "2024-12-31"},
        wrong=("is_discipline", "也许"),
    ),
    "interests": Sample(lambda _cast, school, number: InterestFactory(unit=school.unit, person__name=f"申报{number}")),
    "meetings": Sample(lambda _cast, school, number: meeting_row(school.unit, number + 1)),
}
OPENERS: dict[str, Opener] = {
    MeetingRecord.code: Opener(MeetingRecord.convene, "recorder", _meeting),
}


def _unsigned(stage: Any) -> int:
    meeting = meeting_row(stage.cast.first_primary.unit, 7, state="held")
    one = Attendance.unguarded.create(
        meeting=meeting, person=PersonFactory(), name="王委员", role=AttendanceRole.MEMBER, presence=Presence.PRESENT,
        user=stage.cast.users["member"],
    )  # fmt: skip
    key: int = one.pk
    return key


READERS = ("auditor", "decisions_officer", "director", "discipline", "head", "inspector", "secretary")
WORK = {
    "meetings.signatures": Work(_unsigned, mine=("member",), seen=("recorder", *READERS)),
    # A step of a procedure, for all of them.
    MeetingRecord.code: Work(
        lambda stage: OPENERS[MeetingRecord.code].open(stage.cast).matter.todos.get().pk,
        mine=("recorder",),
        seen=("member", *READERS),
    ),
}
