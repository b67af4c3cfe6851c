from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from tests.factories.organisations import CountyFactory, SchoolFactory
from tests.people.sending import Sending, run
from xianxue.kernel.access import EVERY_UNIT, Reach, UnitScope, whole_county
from xianxue.kernel.commands import Refused
from xianxue.organisations.models import Classroom, School, Unit
from xianxue.organisations.selectors import forget_codes
from xianxue.organisations.services import load_code_lists
from xianxue.organisations.sheets.columns import ClassNumber, stages_from_text
from xianxue.organisations.sheets.schools import CLASSES, SCHOOLS

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


@pytest.fixture(autouse=True)
def _codes() -> Iterator[None]:
    load_code_lists()
    forget_codes()
    with whole_county("test"):
        yield


@pytest.fixture
def county() -> Unit:
    return CountyFactory()


@pytest.fixture
def schools(county: Unit) -> Sending:
    return Sending(SCHOOLS, Reach(roles={"county_officer": EVERY_UNIT}, user_id=1))


@pytest.fixture
def classes(county: Unit) -> Sending:
    return Sending(CLASSES, Reach(roles={"county_officer": EVERY_UNIT}, user_id=1))


def school(**changes: Any) -> dict[str, Any]:
    row = {
        "code": "3136000001.0",
        "name": "康乐学校",
        "short_name": "康乐",
        "school_type": "九年一贯制",
        "ownership": "公办",
        "locality": "镇区",
        "stages": "初中、小学",
        "township": "康乐街道",
        "is_boarding": "是",
        "opened_on": "1956-09-01",
        "phone": "0795-8820001",
    }
    return row | changes


def room(**changes: Any) -> dict[str, Any]:
    return {"school": "3136000001", "stage": "小学", "cohort_year": "2024", "number": "1班", "room": "101"} | changes


def test_a_new_school_stands_below_the_county(schools: Sending, county: Unit) -> None:
    assert schools.send(school()) == {"new": 1}
    made = School.objects.select_related("unit").get()
    assert (made.unit.kind, made.unit.parent_id, made.unit.path) == ("school", county.pk, f"{county.path}{made.pk}/")
    assert (made.unit.code, made.unit.name, made.unit.opened_on) == ("3136000001", "康乐学校", date(1956, 9, 1))
    assert (made.school_type, made.stages, made.is_boarding, made.locality) == ("312", "primary,junior", True, "town")
    assert schools.send(school()) == {"same": 1}


def test_a_kindergarten_is_known_by_its_type(schools: Sending) -> None:
    schools.send(school(code="1136000001", name="第一幼儿园", school_type="幼儿园", stages="幼儿园"))
    assert Unit.objects.get(code="1136000001").kind == "kindergarten"


def test_changes_reach_unit_and_school_and_can_be_taken_back(schools: Sending) -> None:
    schools.send(school())
    row = school(name="康乐实验学校", locality="城区", is_boarding="否")
    cells = schools.old_cells(schools.check(row))
    assert schools.send(row) == {"changed": 1}
    made = School.objects.select_related("unit").get()
    assert (made.unit.name, made.locality, made.is_boarding) == ("康乐实验学校", "urban", False)
    back = cells.select("id", "unit_id", "column", old="new", new="old")
    run(lambda: schools.sheet.writer.change(back, schools.context))
    assert schools.send(school()) == {"same": 1}


def test_a_type_that_does_not_fit_the_code_is_a_warning(schools: Sending) -> None:
    assert schools.problems(school(code="1136000001")) == [(2, "W351", "code")]
    assert schools.send(school(code="1136000001")) == {"new": 1}


def test_a_wrong_code_or_stage_is_refused(schools: Sending) -> None:
    assert schools.problems(school(code="31360001")) == [(2, "P351", "code")]
    assert schools.problems(school(stages="小学、大学")) == [(2, "P201", "stages")]


def test_a_registrar_may_correct_the_own_school_and_add_none(schools: Sending) -> None:
    schools.send(school())
    own = School.objects.get()
    schools.reach = Reach(roles={"registrar": UnitScope(frozenset({own.pk}))}, user_id=2)
    assert schools.send(school(phone="0795-8820009")) == {"changed": 1}
    assert [code for _row, code, _column in schools.problems(school(code="3136000002", name="新学校"))] == ["P501"]


def test_without_a_county_a_school_cannot_be_placed(schools: Sending, county: Unit) -> None:
    county.delete()
    with pytest.raises(Refused, match="还没有登记县"):
        schools.send(school())


def test_a_school_with_classes_stays_when_its_import_is_taken_back(schools: Sending, classes: Sending) -> None:
    schools.send(school(), school(code="3136000002", name="空学校", short_name="空"))
    classes.send(room())
    ids = dict(Unit.objects.filter(kind="school").values_list("code", "pk"))
    kept = run(lambda: schools.sheet.writer.remove(list(ids.values()), schools.context))
    assert list(kept) == [ids["3136000001"]]
    assert [unit.code for unit in Unit.objects.filter(kind="school")] == ["3136000001"]


def test_a_new_class_stands_below_its_school_and_is_named_for_life(schools: Sending, classes: Sending) -> None:
    schools.send(school())
    assert classes.send(room(), room(number="（2）班", room="")) == {"new": 2}
    made = Classroom.objects.select_related("unit", "school__unit").get(number=1)
    assert (made.unit.kind, made.unit.name, made.unit.path) == (
        "class",
        "小学 2024 级（1）班",
        f"{made.school.unit.path}{made.pk}/",
    )
    assert made.name_on(date(2026, 3, 1)) == "二年级（1）班"
    assert classes.send(room(), room(number="2", room="102")) == {"same": 1, "changed": 1}
    assert Classroom.objects.get(number=2).room == "102"


def test_a_stage_that_the_school_does_not_teach_is_refused(schools: Sending, classes: Sending) -> None:
    schools.send(school())
    assert classes.problems(room(stage="高中")) == [(2, "P551", "stage")]


def test_classes_can_be_taken_back(schools: Sending, classes: Sending) -> None:
    schools.send(school())
    classes.send(room())
    ids = list(Classroom.objects.values_list("pk", flat=True))
    assert run(lambda: classes.sheet.writer.remove(ids, classes.context)) == {}
    assert not Unit.objects.filter(kind="class").exists()


def test_a_school_can_be_named_in_a_row_of_a_class(schools: Sending, classes: Sending) -> None:
    SchoolFactory(name="另一所")
    schools.send(school())
    assert classes.send(room(school="康乐")) == {"new": 1}


@pytest.mark.parametrize(
    "text", ["1", "01", "1班", "（1）班", "(1)班", "一班", "五年级1班", "五年级（1）班", "2024级1班"]
)
def test_class_numbers_are_read_as_schools_write_them(text: str) -> None:
    column = next(column for column in CLASSES.columns if isinstance(column.type, ClassNumber))
    assert column.canonical(text) == "1"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("小学", "primary"),
        ("初中、小学", "primary,junior"),
        ("小学/初中/高中", "primary,junior,senior"),
        ("大学", None),
    ],
)
def test_stages_are_read_from_one_cell(text: str, expected: str | None) -> None:
    assert stages_from_text(text) == expected
