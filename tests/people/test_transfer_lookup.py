"""Looking for the child of a transfer tells nothing about any child, and whoever guesses is counted."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from tests.factories.accounts import PostingFactory
from tests.factories.organisations import SchoolFactory
from tests.factories.people import EnrolmentFactory, IdentifierFactory, MembershipFactory, PersonFactory
from tests.people.transferring import NUMBER, Scene, make_scene, noon
from xianxue.kernel.access import in_reach, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.procedures.models import Matter
from xianxue.organisations.choices import Stage
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import ClassMembership, Enrolment, GuardianLink, Identifier, LookupFailure, Person, Transfer

pytestmark = pytest.mark.django_db
NOBODY = (
    "未能登记转学：没有查到可以转入本校的学生。请对照转学申请核对学籍号和姓名，两项须完全相符；"
    "核对无误仍查不到的，请联系县局学籍管理。"
)


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(noon(2024, 10, 14), tick=False) as traveller:
        yield traveller


@pytest.fixture
def scene(clock: time_machine.Traveller) -> Scene:
    return make_scene()


def state(scene: Scene, transfer: Any) -> str:
    return str(scene.fresh(transfer).matter.state)


def _elsewhere(scene: Scene) -> list[tuple[str, dict[str, Any]]]:
    other = SchoolFactory(name="第三小学", parent=scene.cast.county)
    left = EnrolmentFactory(
        person__name="已离校", school=other, ended_on=date(2024, 10, 1), exit_reason="graduated", status="left"
    )
    junior = EnrolmentFactory(
        person__name="初中生", school=SchoolFactory(name="初中", parent=scene.cast.county), stage=Stage.JUNIOR
    )
    own = MembershipFactory(classroom=scene.new_class, enrolment__person=PersonFactory(name="本校生")).enrolment
    moving = EnrolmentFactory(person__name="转学中", school=scene.cast.first_primary)
    numbers = {}
    for at, item in enumerate((left, junior, own, moving), start=11):
        numbers[item.person.name] = IdentifierFactory(
            person=item.person, kind=IdentifierKind.STUDENT_NO, value=f"{NUMBER[:-3]}{at}{NUMBER[-1]}"
        ).value
    with whole_county("test"):
        Transfer.objects.bulk_create(
            [
                Transfer(
                    kind="within", pupil=moving.person, pupil_name="转学中", county=scene.cast.county,
                    matter=Matter.unguarded.create(procedure="people.transfer", state="opened", title="x", opened_on=date(2024, 9, 2), state_since=date(2024, 9, 2)),
                )
            ]
        )  # fmt: skip
    return [
        ("不存在的号", {"number": "G999999201509019990"}),
        ("姓名不符", {"name": "周小"}),
        ("空号", {"number": "无"}),
    ] + [(name, {"number": number, "name": name}) for name, number in numbers.items()]


def test_every_child_who_cannot_come_gives_one_and_the_same_answer(scene: Scene) -> None:
    said: dict[str, str] = {}
    for case, changes in _elsewhere(scene):
        with pytest.raises(Refused) as refused:
            scene.open(**changes)
        said[case] = refused.value.message
    assert set(said.values()) == {NOBODY}
    assert LookupFailure.objects.count() == len(said) == 7


def test_an_own_child_and_one_in_another_transfer_are_no_exception(scene: Scene) -> None:
    transfer = scene.open()
    third = SchoolFactory(name="第三小学", parent=scene.cast.county)
    scene.cast.users["third"] = scene.cast.users["stranger"]
    PostingFactory(user=scene.cast.users["third"], role="registrar", unit=third.unit)
    with pytest.raises(Refused) as second:
        scene.open("third", school=third)
    with pytest.raises(Refused) as unknown:
        scene.open("third", school=third, name="没有此人")
    with pytest.raises(Refused) as own:
        scene.open("registrar", school=scene.cast.first_primary)
    assert second.value.message == unknown.value.message == own.value.message == NOBODY
    assert Transfer.unguarded.get().pk == transfer.pk


def test_a_failed_look_up_leaves_a_trace_without_the_number_and_nothing_else(scene: Scene) -> None:
    with pytest.raises(Refused):
        scene.open(name="猜的")
    (failure,) = LookupFailure.objects.all()
    assert (failure.user_id, failure.unit_id) == (scene.cast.users["other_registrar"].pk, scene.cast.second_primary.pk)
    (event,) = events_of("organisations.unit", scene.cast.second_primary.pk)
    assert event.action == "people.lookup_failed"
    assert NUMBER not in repr(event)
    assert not Transfer.unguarded.exists()
    assert not Matter.unguarded.exists()


def test_after_ten_failures_in_a_day_even_the_right_child_is_not_looked_for(scene: Scene) -> None:
    for at in range(10):
        with pytest.raises(Refused):
            scene.open(name=f"猜{at}")
    with pytest.raises(Refused, match="一天之内已有 10 次没有查到学生"):
        scene.open()
    LookupFailure.objects.update(at=timezone.now() - timedelta(days=1, minutes=1))
    assert state(scene, scene.open()) == "opened"


def test_the_receiving_school_learns_no_fact_of_the_child_before_the_move(scene: Scene) -> None:
    transfer = scene.walk(scene.open(), until="approve")
    with in_reach(scene.cast.reach("other_registrar")):
        for model in (Person, Enrolment, Identifier, GuardianLink, ClassMembership):
            assert not model.objects.filter(pk__gt=0).exists(), model
        facts = {str(label): text for label, text in transfer.facts()}
    assert set(facts) == {"姓名", "学籍号", "转出学校", "转入学校", "转学原因", "国家系统业务号"}
    assert facts["学籍号"] == "G••••••••••••••" + NUMBER[-4:]


def test_a_child_without_a_student_number_is_found_by_the_document_and_a_child_with_one_is_not(scene: Scene) -> None:
    with pytest.raises(Refused):
        scene.open(number=NUMBER[1:])
    Identifier.unguarded.filter(kind=IdentifierKind.STUDENT_NO).delete()
    assert state(scene, scene.open(number=NUMBER[1:])) == "opened"
