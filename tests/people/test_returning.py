"""A row about a person known already overwrites what was kept: the history holds the old values, and undoing gives them back."""

import pytest

from tests.factories.people import IdentifierFactory, PersonFactory, StaffPostFactory, id_number
from tests.people.places import Place, pupil, sending
from tests.people.sending import CLERK, Sending, run
from xianxue.kernel.access import EVERY_UNIT, Reach, in_reach
from xianxue.kernel.history.selectors import events_of, verify
from xianxue.kernel.sheets.writer import Context
from xianxue.people.models import Enrolment, GuardianLink, Person, StaffPost
from xianxue.people.sheets import STAFF

RENEWED, NOTED = "people.renew_known", "people.note_on_other_wards"


def changes(person: int, action: str = RENEWED) -> list[dict[str, list[str | None]]]:
    """What the events of one kind about a person say, newest first."""
    return [dict(entry.changes) for entry in events_of("people.person", person) if entry.action == action]


def take_back(desk: Sending, *records: int) -> None:
    """Undo the import that made the records."""
    with in_reach(desk.reach):
        run(lambda: desk.sheet.writer.remove(list(records), Context(CLERK)))


@pytest.fixture
def gone(place: Place) -> Person:
    """张小明, who was at 甲小学 and left."""
    sending(place, "first").send(pupil(1, address="建设路 1 号"))
    Enrolment.unguarded.update(ended_on="2024-10-01", exit_reason="transferred", status="left")
    found: Person = Person.unguarded.get(name="张小明")
    return found


def back(**given: str) -> dict[str, object]:
    return pupil(1, school="2136000002", **given)


def test_a_pupil_back_at_another_school_keeps_the_old_values_in_the_history(place: Place, gone: Person) -> None:
    sending(place, "second").send(back(address="人民路 2 号", phone="13800000099"))
    now = Person.unguarded.get(pk=gone.pk)
    assert (now.address, now.phone) == ("人民路 2 号", "13800000099")
    assert changes(gone.pk) == [{"address": ["建设路 1 号", "人民路 2 号"], "phone": ["13800000001", "13800000099"]}]
    (entry,) = [entry for entry in events_of("people.person", gone.pk) if entry.action == RENEWED]
    assert entry.unit_id == place.second.pk


def test_undoing_gives_the_pupil_the_old_values_back(place: Place, gone: Person) -> None:
    before = Person.unguarded.values().get(pk=gone.pk)
    desk = sending(place, "second")
    desk.send(back(address="人民路 2 号", phone="13800000099", guardian2_phone="13900000055"))
    assert Person.unguarded.get(name="李大红").phone == "13900000055"
    take_back(desk, gone.pk)
    assert Person.unguarded.values().get(pk=gone.pk) == before
    assert Person.unguarded.get(name="李大红").phone == "13900000002"
    assert list(Enrolment.unguarded.values_list("school_id", flat=True)) == [place.first.pk]
    assert GuardianLink.unguarded.count() == 2
    assert verify().is_sound


def test_what_somebody_changed_since_stays(place: Place, gone: Person) -> None:
    desk = sending(place, "second")
    desk.send(back(address="人民路 2 号", phone="13800000099"))
    Person.unguarded.filter(pk=gone.pk).update(address="和平路 3 号")
    take_back(desk, gone.pk)
    now = Person.unguarded.get(pk=gone.pk)
    assert (now.address, now.phone) == ("和平路 3 号", "13800000001")


def test_a_row_that_says_nothing_new_leaves_no_trace(place: Place, gone: Person) -> None:
    sending(place, "second").send(back(address="建设路 1 号"))
    assert changes(gone.pk) == []


def test_undoing_a_new_sibling_gives_the_shared_guardian_the_old_telephone_back(place: Place) -> None:
    sending(place, "first").send(pupil(1))
    child = Person.unguarded.get(name="张小明")
    desk = sending(place, "second")
    desk.send(pupil(2, name="张小红", school="2136000002", guardian1_phone="13900000077"))
    father = Person.unguarded.get(name="张大明")
    assert father.phone == "13900000077"
    assert changes(father.pk) == [{"phone": ["13900000001", "13900000077"]}]
    take_back(desk, Person.unguarded.get(name="张小红").pk)
    restored = Person.unguarded.get(pk=father.pk)
    assert (restored.phone, restored.phone_digest) == ("13900000001", Person.unguarded.get(pk=father.pk).phone_digest)
    assert changes(child.pk, NOTED) == [
        {"guardian1_phone": ["13900000077", "13900000001"]},
        {"guardian1_phone": ["13900000001", "13900000077"]},
    ]
    assert verify().is_sound


def test_a_telephone_that_two_new_siblings_brought_stays_while_one_of_them_does(place: Place) -> None:
    sending(place, "first").send(pupil(1))
    desk = sending(place, "second")
    desk.send(
        pupil(2, name="张小红", school="2136000002", guardian1_phone="13900000077"),
        pupil(3, name="张小军", school="2136000002", guardian1_phone="13900000077"),
    )
    red, soldier = (Person.unguarded.get(name=name).pk for name in ("张小红", "张小军"))
    take_back(desk, red)
    assert Person.unguarded.get(name="张大明").phone == "13900000077"
    take_back(desk, red, soldier)
    assert Person.unguarded.get(name="张大明").phone == "13900000001"


def test_a_teacher_at_a_second_school(place: Place) -> None:
    number = id_number(sequence=7)
    teacher = PersonFactory(name="王老师", phone="13700000001", political_status="13")
    IdentifierFactory(person=teacher, value=number)
    StaffPostFactory(person=teacher, school=place.first)
    before = Person.unguarded.values().get(pk=teacher.pk)
    desk = Sending(STAFF, Reach(roles={"county_officer": EVERY_UNIT}, user_id=3))
    desk.send(
        {
            "school": "2136000002", "name": "王老师", "sex": "男", "born_on": "2015-09-01", "id_number": number,
            "staff_no": "B1", "post": "专任教师", "started_on": "2024-09-01", "phone": "13700000002",
        }
    )  # fmt: skip
    assert Person.unguarded.get(pk=teacher.pk).phone == "13700000002"
    assert changes(teacher.pk) == [{"phone": ["13700000001", "13700000002"]}]
    take_back(desk, StaffPost.unguarded.get(staff_no="B1").pk)
    assert Person.unguarded.values().get(pk=teacher.pk) == before
