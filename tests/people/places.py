"""Two schools with classes, in autumn 2024, the code lists, and rows as schools write them."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from tests.factories.organisations import ClassroomFactory, CountyFactory, SchoolFactory, TermFactory
from tests.factories.people import id_number
from tests.people.sending import Sending
from xianxue.kernel.access import EVERY_UNIT, Reach, UnitScope
from xianxue.organisations import roles
from xianxue.organisations.models import Classroom, School, Unit
from xianxue.people.sheets import PUPILS


@dataclass
class Place:
    """The schools 甲小学 (with classes 1 and 2 of the first grade, 1 of the second) and 乙小学 (class 1 of the first)."""

    county: Unit
    first: School
    second: School
    rooms: dict[tuple[str, int, int], Classroom]


def make_place() -> Place:
    """Both schools, in the database."""
    TermFactory(ends_on=date(2025, 1, 17))
    county = CountyFactory()
    first = SchoolFactory(name="甲小学", code="2136000001", parent=county)
    second = SchoolFactory(name="乙小学", code="2136000002", parent=county)
    seats = ((first, "甲", 2024, 1), (first, "甲", 2024, 2), (first, "甲", 2023, 1), (second, "乙", 2024, 1))
    rooms: dict[tuple[str, int, int], Classroom] = {
        (name, cohort, number): ClassroomFactory(school=school, cohort_year=cohort, number=number)
        for school, name, cohort, number in seats
    }
    return Place(county, first, second, rooms)


def sending(place: Place, part: str) -> Sending:
    """The pupils' sheet in the hands of the registrar of 甲小学 (`first`), of 乙小学 (`second`), or of the bureau's officer."""
    if part == "officer":
        return Sending(PUPILS, Reach(roles={roles.COUNTY_OFFICER: EVERY_UNIT}, user_id=3))
    school, name = (place.first, "甲") if part == "first" else (place.second, "乙")
    units = {school.pk, *(room.pk for key, room in place.rooms.items() if key[0] == name)}
    return Sending(PUPILS, Reach(roles={roles.REGISTRAR: UnitScope(frozenset(units))}, user_id=school.pk))


BORN = date(2018, 5, 1)
FATHER = id_number(date(1990, 1, 1), sequence=11)
MOTHER = id_number(date(1991, 1, 1), sequence=12)


def pupil(sequence: int = 1, **changes: Any) -> dict[str, Any]:
    """A row as a school writes it; `sequence` makes different pupils."""
    number = id_number(BORN, sequence=2 * sequence - 1)
    row = {
        "student_no": f"G{number}",
        "name": "张小明",
        "sex": "男",
        "born_on": "2018-05-01",
        "id_kind": "居民身份证",
        "id_number": number,
        "ethnic_group": "汉",
        "phone": "13800000001",
        "school": "2136000001",
        "grade": "一年级",
        "class_number": "1班",
        "entered_on": "2024.09",
        "boarding": "走读",
        "is_left_behind": "否",
        "needs_aid": "",
        "guardian1_name": "张大明",
        "guardian1_relation": "父亲",
        "guardian1_id_number": FATHER,
        "guardian1_phone": "13900000001",
        "guardian1_is_guardian": "是",
        "guardian2_name": "李大红",
        "guardian2_relation": "母亲",
        "guardian2_phone": "13900000002",
    }
    return row | changes
