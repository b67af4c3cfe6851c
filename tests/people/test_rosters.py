from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.factories.organisations import ClassroomFactory, SchoolFactory
from tests.factories.people import EnrolmentFactory, MembershipFactory, PersonFactory
from xianxue.kernel.access import OutOfReach, Reach, UnitScope, in_reach, whole_county
from xianxue.organisations.models import Classroom
from xianxue.people.choices import ExitReason
from xianxue.people.models import ClassMembership, Enrolment
from xianxue.people.selectors import enrolled, pupils_without_class, roster

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
START, MOVE, END = date(2024, 9, 1), date(2025, 3, 1), date(2025, 7, 5)
DAY = timedelta(days=1)


@pytest.fixture
def reach() -> Iterator[Reach]:
    with whole_county("test") as found:
        yield found


@pytest.fixture
def rooms() -> tuple[Classroom, Classroom]:
    school = SchoolFactory()
    return ClassroomFactory(school=school, number=1), ClassroomFactory(school=school, number=2)


@pytest.fixture
def moved_pupil(rooms: tuple[Classroom, Classroom]) -> Enrolment:
    """In class 1 until the end of February, then in class 2, gone on 5 July."""
    pupil = EnrolmentFactory(
        school=rooms[0].school, classroom=rooms[1], ended_on=END, exit_reason=ExitReason.TRANSFERRED, status="left"
    )
    MembershipFactory(enrolment=pupil, classroom=rooms[0], started_on=START, ended_on=MOVE)
    MembershipFactory(enrolment=pupil, classroom=rooms[1], started_on=MOVE, ended_on=END)
    return pupil


def names_in(classroom: Classroom, on: date) -> list[str]:
    return [row.enrolment.person.name for row in roster(on=on, classroom=classroom)]


@pytest.mark.usefixtures("reach", "moved_pupil")
def test_a_roster_of_the_past_shows_who_sat_there_then(rooms: tuple[Classroom, Classroom]) -> None:
    seats = {
        day: [names_in(room, day) for room in rooms] for day in (START - DAY, START, MOVE - DAY, MOVE, END - DAY, END)
    }
    assert seats == {
        START - DAY: [[], []],
        START: [["张小明"], []],
        MOVE - DAY: [["张小明"], []],
        MOVE: [[], ["张小明"]],
        END - DAY: [[], ["张小明"]],
        END: [[], []],
    }


@pytest.mark.usefixtures("reach")
def test_a_roster_is_sorted_by_class_and_pinyin(rooms: tuple[Classroom, Classroom]) -> None:
    for name, room in (("周一", rooms[0]), ("单一", rooms[0]), ("安一", rooms[1])):
        MembershipFactory(classroom=room, enrolment__person=PersonFactory(name=name))
    names = [row.enrolment.person.name for row in roster(on=START, school=rooms[0].school)]
    assert names == ["单一", "周一", "安一"]


@pytest.mark.usefixtures("reach")
def test_enrolled_counts_pupils_without_a_class_too(rooms: tuple[Classroom, Classroom]) -> None:
    seated = MembershipFactory(classroom=rooms[0]).enrolment
    waiting = EnrolmentFactory(school=rooms[0].school)
    assert set(enrolled(START)) == {seated, waiting}
    assert list(pupils_without_class(START)) == [waiting]
    assert not enrolled(START - DAY).exists()


def test_a_roster_shows_only_the_classes_in_reach(rooms: tuple[Classroom, Classroom]) -> None:
    MembershipFactory(classroom=rooms[0])
    elsewhere = MembershipFactory().classroom
    with in_reach(Reach(roles={"class_teacher": UnitScope(frozenset({rooms[0].pk}))})):
        assert [row.classroom_id for row in roster(on=START)] == [rooms[0].pk]
        assert not roster(on=START, classroom=elsewhere).exists()


def test_nothing_can_be_read_without_a_reach() -> None:
    with pytest.raises(OutOfReach):
        ClassMembership.objects.exists()


@pytest.mark.usefixtures("reach", "moved_pupil")
def test_a_roster_takes_one_query(
    rooms: tuple[Classroom, Classroom], django_assert_num_queries: pytest.FixtureRequest
) -> None:
    for _number in range(3):
        MembershipFactory(classroom=rooms[0])
    with django_assert_num_queries(1):  # type: ignore[operator]  # a fixture of pytest-django
        assert len([(row.enrolment.person.name, str(row.classroom)) for row in roster(on=START)]) == 4
