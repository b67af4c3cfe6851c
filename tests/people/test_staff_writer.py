from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.factories.organisations import ClassroomFactory
from tests.factories.people import StaffPostFactory, id_number
from tests.people.places import Place
from tests.people.sending import Sending, run
from xianxue.kernel.access import whole_county
from xianxue.organisations.services import name_head_teachers
from xianxue.people.models import Identifier, Person, Qualification, StaffPost
from xianxue.people.sheets import STAFF

pytestmark = pytest.mark.postgres

BORN = date(1985, 3, 12)


def teacher(sequence: int = 2, **changes: Any) -> dict[str, Any]:
    row = {
        "school": "2136000001",
        "name": "李老师",
        "sex": "女",
        "born_on": "1985-03-12",
        "id_number": id_number(BORN, sequence=sequence),
        "ethnic_group": "汉族",
        "political_status": "中共党员",
        "staff_no": "T0001",
        "post": "专任教师",
        "subject": "语文",
        "stage": "小学",
        "is_full_time_teacher": "是",
        "began_work_on": "2008-09-01",
        "started_on": "2012-09-01",
        "degree": "大学本科",
        "title": "一级教师",
        "phone": "13700000001",
        "paper_kind": "小学教师资格",
        "paper_subject": "语文",
        "paper_no": "20083600000001",
    }
    return row | changes


@pytest.fixture
def staff(registrar: Sending) -> Sending:
    registrar.sheet = STAFF
    return registrar


@pytest.fixture
def other_staff(other_registrar: Sending) -> Sending:
    other_registrar.sheet = STAFF
    return other_registrar


@pytest.fixture(autouse=True)
def _reads_everything(place: Place) -> Iterator[None]:
    with whole_county("test"):
        yield


def test_a_new_row_becomes_person_post_and_licence(staff: Sending) -> None:
    assert staff.send(teacher()) == {"new": 1}
    post = StaffPost.objects.select_related("person").get()
    assert (post.staff_no, post.post, post.subject, post.stage, post.degree, post.title) == (
        "T0001", "teacher", "12", "primary", "21", "13",
    )  # fmt: skip
    assert (post.started_on, post.began_work_on, post.is_full_time_teacher) == (
        date(2012, 9, 1), date(2008, 9, 1), True,
    )  # fmt: skip
    assert (post.person.name_pinyin, post.person.phone) == ("lilaoshi", "13700000001")
    assert Identifier.objects.get(person=post.person).value == teacher()["id_number"]
    paper = Qualification.objects.get(person=post.person)
    assert (paper.kind, paper.subject, paper.number) == ("2", "12", "20083600000001")


def test_the_same_file_twice_changes_nothing(staff: Sending) -> None:
    rows = [teacher(), teacher(4, staff_no="T0002", name="王老师", id_number=None, paper_kind=None, paper_no=None,
                               paper_subject=None, is_full_time_teacher=None, degree=None)]  # fmt: skip
    assert staff.send(*rows) == {"new": 2}
    assert staff.send(*rows) == {"same": 2}


def test_changes_are_written_and_can_be_taken_back(staff: Sending) -> None:
    staff.send(teacher())
    row = teacher(name="李师", title="高级教师", phone="13700000009", paper_no="20083600000009", subject="数学")
    cells = staff.old_cells(staff.check(row))
    assert sorted(cells["column"]) == ["name", "paper_no", "phone", "subject", "title"]
    assert staff.send(row) == {"changed": 1}
    assert staff.send(row) == {"same": 1}
    run(lambda: staff.sheet.writer.change(cells.select("id", "unit_id", "column", old="new", new="old"), staff.context))
    assert staff.send(teacher()) == {"same": 1}


def test_one_person_may_hold_posts_at_two_schools(staff: Sending, other_staff: Sending) -> None:
    staff.send(teacher())
    assert other_staff.send(teacher(school="2136000002", staff_no="B7")) == {"new": 1}
    assert Person.objects.get(name="李老师").staff_posts.count() == 2
    assert Qualification.objects.count() == 1


def test_a_staff_number_of_somebody_else_is_refused(staff: Sending) -> None:
    staff.send(teacher())
    assert staff.send(teacher(4, staff_no="T0002", name="王老师")) == {"new": 1}
    assert [code for _row, code, _column in staff.problems(teacher(4, name="王老师"))] == ["P517"]


def test_a_new_staff_number_for_a_known_document_is_a_change(staff: Sending) -> None:
    staff.send(teacher())
    assert staff.send(teacher(staff_no="T0099")) == {"changed": 1}
    assert StaffPost.objects.get().staff_no == "T0099"


def test_a_document_known_under_another_name_is_refused(staff: Sending, other_staff: Sending) -> None:
    staff.send(teacher())
    assert other_staff.problems(teacher(school="2136000002", name="别的人")) == [(2, "P513", "id_number")]


@pytest.mark.parametrize(("number", "code"), [("36092219850312", "P111"), ("110105194912310021", "P105")])
def test_long_digits_are_held_to_be_an_id_number(staff: Sending, number: str, code: str) -> None:
    assert code in {found for _row, found, _column in staff.problems(teacher(id_number=number, born_on=None))}


def test_new_posts_can_be_taken_back(staff: Sending) -> None:
    staff.send(teacher())
    ids = list(StaffPost.objects.values_list("pk", flat=True))
    assert run(lambda: staff.sheet.writer.remove(ids, staff.context)) == {}
    assert (StaffPost.objects.count(), Person.objects.count(), Qualification.objects.count()) == (0, 0, 0)


def test_a_class_carries_the_name_of_its_head_teacher(staff: Sending, place: Place) -> None:
    room = ClassroomFactory(school=place.first, number=9, head_teacher_no="T0001")
    staff.send(teacher())
    room.refresh_from_db()
    assert room.head_teacher == "李老师"
    staff.send(teacher(name="李师"))
    room.refresh_from_db()
    assert room.head_teacher == "李师"


def test_head_teachers_who_left_are_not_named(place: Place) -> None:
    room = ClassroomFactory(school=place.first, number=9, head_teacher_no="X1", head_teacher="旧名")
    StaffPostFactory(school=place.first, staff_no="X1", ended_on=date(2024, 1, 1))
    run(lambda: name_head_teachers([place.first.pk]))
    room.refresh_from_db()
    assert room.head_teacher == ""
