"""A grade leaves as a whole, exceptions are named, a second person approves, the county takes it back exactly."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories.organisations import ClassroomFactory
from tests.factories.people import EnrolmentFactory, MembershipFactory
from tests.people.transferring import Scene, make_scene, noon
from xianxue.kernel.access import whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.models import Event
from xianxue.people.models import Enrolment, Graduation, GraduationItem
from xianxue.people.procedures import Graduate
from xianxue.people.services import episodes
from xianxue.people.services.graduation import cohort_leaving

pytestmark = pytest.mark.django_db
LEFT_ON, COHORT = date(2024, 7, 1), 2018


@pytest.fixture
def scene() -> Iterator[Scene]:
    """A last grade of three with a class, one on leave, one without a class; the cast's first graders stay."""
    with time_machine.travel(noon(2024, 7, 5), tick=False):
        made = make_scene()
        room = ClassroomFactory(school=made.cast.first_primary, cohort_year=COHORT, number=5)
        old = {"cohort_year": COHORT, "entered_on": date(2018, 9, 1)}
        seats = [
            MembershipFactory(
                classroom=room,
                enrolment__person__name=f"周小{name}",
                **{f"enrolment__{key}": value for key, value in old.items()},
            )
            for name in "甲乙丙"
        ]
        with whole_county("test"):
            made.seen["pupils"] = [seat.enrolment for seat in seats]
            made.seen["away"] = EnrolmentFactory(school=made.cast.first_primary, status="suspended", **old)
            made.seen["unseated"] = EnrolmentFactory(school=made.cast.first_primary, **old)
        yield made


def begin(scene: Scene, part: str = "registrar", **changes: Any) -> Graduation:
    given = {"school": scene.cast.first_primary, "stage": "primary", "left_on": LEFT_ON} | changes
    made: Graduation = scene.act(part, Graduate.open_list.run, **given)
    return made


def step(scene: Scene, part: str, code: str, graduation: Graduation, **given: Any) -> None:
    scene.act(part, Graduate.steps[code].run, graduation, **given)


def graduated(scene: Scene) -> Graduation:
    made = begin(scene)
    first, second, _third = scene.seen["pupils"]
    step(scene, "registrar", "name_exception", made, enrolment=first, outcome="completed", reason="学业未达标")
    step(scene, "registrar", "name_exception", made, enrolment=second, outcome="stays", reason="家长申请，已批准")
    step(scene, "registrar", "submit", made)
    step(scene, "head", "approve", made)
    return made


def everything() -> dict[int, Any]:
    with whole_county("test"):
        return episodes.kept(list(Enrolment.objects.values_list("pk", flat=True)))


def reasons(scene: Scene) -> list[str]:
    keys = [row.pk for row in (*scene.seen["pupils"], scene.seen["unseated"], scene.seen["away"])]
    found = dict(Enrolment.unguarded.filter(pk__in=keys).values_list("pk", "exit_reason"))
    return [found[pk] for pk in keys]


def test_the_grade_leaves_but_for_those_named_and_those_on_leave(scene: Scene) -> None:
    made = graduated(scene)
    assert reasons(scene) == ["completed", "", "graduated", "graduated", ""]
    third = everything()[scene.seen["pupils"][2].pk]
    assert (third["status"], third["ended_on"]) == ("left", "2024-07-01")
    assert [seat[2:] for seat in third["seats"]] == [["2018-09-01", "2024-07-01"]]
    made = Graduation.unguarded.get()
    assert made.counts == {"completed": 1, "stays": 1, "graduated": 2}
    with whole_county("test"):
        assert GraduationItem.objects.filter(graduation=made).count() == 4
    events = Event.objects.filter(action="people.graduation.approve", subject_type="people.person")
    assert events.count() == 3
    page = scene.cast.client("head").get(reverse("matter", args=(made.matter_id,))).content.decode()
    assert "结业：学业未达标" in page


def test_nothing_is_written_before_the_head_approves(scene: Scene) -> None:
    before = everything()
    step(scene, "registrar", "submit", begin(scene))
    assert everything() == before


def test_the_county_takes_it_back_and_everything_stands_as_before(scene: Scene) -> None:
    before = everything()
    made = graduated(scene)
    assert everything() != before
    step(scene, "county_officer", "undo", made, note="名单有误")
    assert everything() == before
    assert begin(scene).pk != made.pk


def test_it_is_not_taken_back_once_a_pupil_is_at_the_next_school(scene: Scene) -> None:
    made = graduated(scene)
    left = everything()
    with whole_county("test"):
        new = EnrolmentFactory(person=scene.seen["pupils"][2].person, school=scene.cast.second_primary)
    with pytest.raises(Refused, match="周小丙等 1 名学生"):
        step(scene, "county_officer", "undo", made, note="名单有误")
    with whole_county("test"):
        new.delete()
    assert everything() == left


def test_filed_it_is_not_taken_back(scene: Scene) -> None:
    made = graduated(scene)
    step(scene, "county_officer", "file_away", made)
    with pytest.raises(Refused, match="不在可办这一步"):
        step(scene, "county_officer", "undo", made, note="名单有误")
    with pytest.raises(Refused, match="2024 届已经登记过"):
        begin(scene)


@pytest.mark.parametrize(("part", "code"), [
    ("registrar", "approve"), ("other_head", "approve"), ("county_officer", "approve"), ("head", "undo"),
    ("registrar", "undo"), ("class_teacher", "submit"), ("auditor", "file_away"),
])  # fmt: skip
def test_only_the_right_person_does_a_step(scene: Scene, part: str, code: str) -> None:
    made = begin(scene)
    step(scene, "registrar", "submit", made)
    given = {"note": "理由"} if Graduate.steps[code].needs_note else {}
    with pytest.raises(Refused, match=r"没有这项权限|不在可办这一步"):
        step(scene, part, code, made, **given)


@pytest.mark.parametrize(("changes", "reason"), [
    ({"stage": "junior"}, "没有这个学段"), ({"left_on": date(2023, 7, 1)}, "没有在籍学生"),
])  # fmt: skip
def test_a_list_of_nobody_is_refused(scene: Scene, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        begin(scene, **changes)


def test_an_exception_needs_a_reason_and_a_pupil_of_the_grade_and_can_be_taken_away(scene: Scene) -> None:
    made, first = begin(scene), scene.seen["pupils"][0]
    with pytest.raises(Refused, match="没有写明原因"):
        step(scene, "registrar", "name_exception", made, enrolment=first, outcome="stays")
    for wrong in (scene.old, scene.seen["away"]):
        with pytest.raises(Refused, match="不在这份毕业名单内"):
            step(scene, "registrar", "name_exception", made, enrolment=wrong, outcome="stays", reason="缘由")
    step(scene, "registrar", "name_exception", made, enrolment=first, outcome="stays", reason="缘由")
    step(scene, "registrar", "name_exception", made, enrolment=first, outcome="graduated")
    with whole_county("test"):
        assert not GraduationItem.objects.exists()


def test_nobody_leaves_before_the_day(scene: Scene) -> None:
    made = begin(scene, left_on=date(2024, 7, 6))
    step(scene, "registrar", "submit", made)
    with pytest.raises(Refused, match="还没有到"):
        step(scene, "head", "approve", made)
    with time_machine.travel(noon(2024, 7, 6), tick=False):
        step(scene, "head", "approve", made)
    assert reasons(scene)[:3] == ["graduated"] * 3


@pytest.mark.parametrize(("day", "cohort"), [
    (date(2024, 6, 30), 2018), (date(2024, 8, 31), 2018), (date(2024, 9, 1), 2019), (date(2024, 1, 1), 2018),
])  # fmt: skip
def test_the_day_says_which_cohort_leaves(day: date, cohort: int) -> None:
    assert cohort_leaving("primary", day) == cohort


def test_more_pupils_cost_no_more_queries(scene: Scene) -> None:
    made = begin(scene)
    step(scene, "registrar", "submit", made)
    room = scene.seen["pupils"][0].classroom
    with CaptureQueriesContext(connection) as few:
        step(scene, "head", "approve", made)
    step(scene, "county_officer", "undo", made, note="名单有误")
    for _number in range(30):
        MembershipFactory(classroom=room, enrolment__cohort_year=COHORT, enrolment__entered_on=date(2018, 9, 1))
    made = begin(scene)
    step(scene, "registrar", "submit", made)
    with CaptureQueriesContext(connection) as many:
        step(scene, "head", "approve", made)
    assert len(many) <= len(few) + 4


def test_the_pages_open(scene: Scene) -> None:
    client = scene.cast.client("registrar")
    assert client.get(reverse("matter-start", args=("people.graduation", "open_list"))).status_code == 200
    made = begin(scene)
    page = client.get(reverse("matter-step", args=(made.matter_id, "name_exception"))).content.decode()
    assert "六年级（5）班 周小甲" in page
