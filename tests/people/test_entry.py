"""Entry of a single child: on the roll at once, whatever is missing; confirmed by another person."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine

from tests.factories.people import GuardianLinkFactory, IdentifierFactory, MembershipFactory, PersonFactory, id_number
from tests.people.transferring import Scene, make_scene, noon, papers
from xianxue.kernel.access import in_reach, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.procedures.models import Todo
from xianxue.people.models import Enrolment, Entry, GuardianLink, Person
from xianxue.people.procedures import NewEntry

pytestmark = pytest.mark.django_db
BORN = date(2018, 5, 1)
NUMBER = id_number(BORN, sequence=21)
FATHER = id_number(date(1990, 1, 1), sequence=31)
CHILD = {
    "name": "钱新生", "sex": "男", "born_on": "2018-05-01", "id_number": NUMBER, "grade": "一年级", "entered_on": "2024-09",
    "guardian1_name": "钱大生", "guardian1_relation": "父亲", "guardian1_phone": "13900000031",
}  # fmt: skip
BARE = {"name": "赵无证", "sex": "女", "born_on": "2018-06-02", "grade": "一年级", "entered_on": "2024-09"}


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(noon(2024, 10, 14), tick=False) as traveller:
        yield traveller


@pytest.fixture
def scene(clock: time_machine.Traveller) -> Scene:
    return make_scene()


def enter(scene: Scene, part: str = "registrar", **given: Any) -> Entry:
    entry: Entry = scene.act(
        part, NewEntry.open_entry.run, **{"to_school": scene.cast.first_primary} | (given or CHILD)
    )
    return entry


def fresh(entry: Entry) -> Entry:
    with whole_county("test"):
        found: Entry = Entry.objects.select_related("matter", "enrolment").get(pk=entry.pk)
    return found


def test_a_child_is_on_the_roll_from_the_day_of_entry(scene: Scene) -> None:
    entry = enter(scene, class_number="1", **CHILD)
    with in_reach(scene.cast.reach("registrar")):
        enrolment = Enrolment.objects.get(person=entry.pupil)
        link = GuardianLink.objects.get(pupil=entry.pupil)
    assert (enrolment.classroom_id, enrolment.entered_on, enrolment.status) == (
        scene.cast.first_class.pk, date(2024, 9, 1), "active",
    )  # fmt: skip
    assert (link.relation, entry.matter.state, entry.missing, entry.missing_until) == ("51", "entered", "", None)
    (todo,) = Todo.objects.filter(matter=entry.matter)
    assert (todo.place, todo.due_on) == ("school", date(2024, 10, 28))


def test_another_person_confirms(scene: Scene) -> None:
    entry = enter(scene)
    with pytest.raises(Refused):
        scene.act("registrar", NewEntry.confirm_entry.run, entry)
    with pytest.raises(Refused):
        scene.act("other_head", NewEntry.confirm_entry.run, entry)
    scene.act("head", NewEntry.confirm_entry.run, entry)
    assert (fresh(entry).matter.state, fresh(entry).is_open) == ("done", False)


def test_the_county_may_confirm_too(scene: Scene) -> None:
    entry = enter(scene)
    scene.act("county_officer", NewEntry.confirm_entry.run, entry)
    assert fresh(entry).matter.state == "done"


def test_a_child_without_any_paper_is_taken_and_brings_them_within_two_months(scene: Scene) -> None:
    entry = enter(scene, **BARE, missing=["identity", "household", "student_no"])
    assert (entry.missing, entry.missing_until) == ("household,identity,student_no", date(2024, 11, 1))
    with in_reach(scene.cast.reach("registrar")):
        assert Enrolment.objects.filter(person=entry.pupil, ended_on=None).exists()
    with pytest.raises(Refused, match="还有待补的材料"):
        scene.act("head", NewEntry.confirm_entry.run, entry)
    scene.act("head", NewEntry.confirm_provisional.run, entry)
    scene.act("registrar", NewEntry.supply_later.run, entry, still_missing=["student_no"], papers=papers("household"))
    with pytest.raises(Refused, match="还有待补的材料"):
        scene.act("head", NewEntry.complete_entry.run, entry)
    scene.act("registrar", NewEntry.supply_later.run, entry)
    scene.act("head", NewEntry.complete_entry.run, entry)
    assert (fresh(entry).matter.state, fresh(entry).missing, fresh(entry).is_open) == ("done", "", False)


def test_a_complete_record_is_not_provisional(scene: Scene) -> None:
    with pytest.raises(Refused, match="材料已经齐全"):
        scene.act("head", NewEntry.confirm_provisional.run, enter(scene))


def test_the_row_is_checked_like_the_sheet(scene: Scene) -> None:
    for changes, said in (
        ({"sex": "女"}, "身份证号里是"),
        ({"class_number": "7"}, "没有 7 班"),
        ({"grade": ""}, "年级"),
    ):
        with pytest.raises(Refused, match=said):
            enter(scene, **CHILD | changes)
    assert not Entry.unguarded.exists()


def test_what_is_missing_comes_from_the_list(scene: Scene) -> None:
    with pytest.raises(Refused, match="待补材料不在所列范围之内"):
        enter(scene, **CHILD, missing=["fees"])


def test_a_returning_pupil_is_shown_first_and_goes_on_with_the_old_file(scene: Scene) -> None:
    with whole_county("test"):
        former = PersonFactory(name="钱新生", born_on=BORN)
        IdentifierFactory(person=former, value=NUMBER)
        MembershipFactory(
            classroom=scene.cast.second_class, enrolment__person=former, enrolment__entered_on=date(2024, 9, 1),
            enrolment__ended_on=date(2024, 9, 20), enrolment__exit_reason="transferred", enrolment__status="left",
        )  # fmt: skip
    child = CHILD | {"entered_on": "2024-10"}
    with pytest.raises(Refused, match="县内已有该生的档案") as refused:
        enter(scene, **child)
    assert refused.value.field == "confirmed"
    entry = enter(scene, **child, confirmed=True)
    assert (entry.pupil_id, entry.was_known) == (former.pk, True)


def test_a_sibling_s_guardian_is_shown_first_and_is_one_person(scene: Scene) -> None:
    with whole_county("test"):
        father = PersonFactory(name="钱大生", born_on=date(1990, 1, 1))
        IdentifierFactory(person=father, value=FATHER)
        GuardianLinkFactory(pupil=scene.child, guardian=father, order=2)
    child = CHILD | {"guardian1_id_number": FATHER}
    with pytest.raises(Refused, match="监护人钱大生已登记为其他学生的监护人"):
        enter(scene, **child)
    entry = enter(scene, **child, confirmed=True)
    with in_reach(scene.cast.reach("registrar")):
        assert GuardianLink.objects.get(pupil=entry.pupil).guardian_id == father.pk


def test_a_likely_namesake_of_the_school_is_shown_first(scene: Scene) -> None:
    enter(scene)
    with pytest.raises(Refused, match="已有姓名、出生日期和监护人电话都相同"):
        enter(scene, **{name: text for name, text in CHILD.items() if name != "id_number"})


def test_a_child_enrolled_elsewhere_is_not_entered_again(scene: Scene) -> None:
    with pytest.raises(Refused, match="该生已在另一所学校就读"):
        enter(scene, "other_registrar", to_school=scene.cast.second_primary, **CHILD | {
            "name": "周小转", "born_on": "2015-09-01", "id_number": id_number(date(2015, 9, 1), sequence=7),
        })  # fmt: skip


@pytest.mark.parametrize("part", ["head", "class_teacher", "other_registrar", "county_officer", "auditor"])
def test_only_the_registrar_of_the_school_enters_a_child(scene: Scene, part: str) -> None:
    with pytest.raises(Refused, match="您没有这项权限"):
        enter(scene, part, **CHILD)
    assert not Person.unguarded.filter(name="钱新生").exists()


def test_an_entry_in_error_ends_without_being_deleted_and_the_child_can_be_entered_again(scene: Scene) -> None:
    entry = enter(scene)
    with pytest.raises(Refused):
        scene.act("registrar", NewEntry.cancel_entry.run, entry, note="重复")
    scene.act("head", NewEntry.cancel_entry.run, entry, note="登记错了学校")
    found = fresh(entry).enrolment
    assert (found.status, found.exit_reason, found.ended_on) == ("left", "invalid", found.entered_on)
    assert enter(scene, confirmed=True, **CHILD | {"entered_on": "2024-10"}).pupil_id == entry.pupil_id
