"""Which class a pupil sits in: the enrolment's class of today and the dated membership, kept in step."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import polars as pl
from django.utils.translation import gettext as _

from xianxue.kernel import bulk
from xianxue.kernel.commands import Refused
from xianxue.organisations.models import Classroom, grade_of_cohort
from xianxue.organisations.rules import cohort_of_grade, grade_code, grade_of_code
from xianxue.people.models import ClassMembership, Enrolment


@dataclass(frozen=True)
class Move:
    """A pupil's new place: `classroom_id` None means out of all classes."""

    enrolment_id: int
    stage: str
    cohort_year: int
    classroom_id: int | None


def change(cells: pl.DataFrame, day: date) -> None:
    """Move pupils whose grade or class number changed to the class that both name on the day."""
    wanted: dict[int, dict[str, str | None]] = {}
    for person, column, new in cells.select("id", "column", "new").iter_rows():
        wanted.setdefault(person, {})[column] = new
    if not wanted:
        return
    moves = list(_moves(wanted, day))
    bulk.update(
        Enrolment,
        ("stage", "cohort_year", "classroom"),
        ((move.enrolment_id, move.stage, move.cohort_year, move.classroom_id) for move in moves),
    )
    seat({move.enrolment_id: move.classroom_id for move in moves}, day)


def _moves(wanted: Mapping[int, Mapping[str, str | None]], day: date) -> list[Move]:
    enrolments = Enrolment.objects.filter(person_id__among=wanted, ended_on__isnull=True)
    rows: list[tuple[int, int, int, str, int, int | None]] = list(
        enrolments.values_list("pk", "person_id", "school_id", "stage", "cohort_year", "classroom__number")
    )
    rooms = _classrooms({row[2] for row in rows})
    return [
        _move(pk, school, wanted[person], (stage, cohort, number), rooms, day)
        for pk, person, school, stage, cohort, number in rows
    ]


Room = tuple[int, str, int, int]


def _classrooms(schools: set[int]) -> dict[Room, int]:
    rooms = Classroom.objects.filter(school_id__in=schools)
    return {
        (school, stage, cohort, number): pk
        for pk, school, stage, cohort, number in rooms.values_list("pk", "school_id", "stage", "cohort_year", "number")
    }


def _move(
    enrolment_id: int,
    school: int,
    new: Mapping[str, str | None],
    now: tuple[str, int, int | None],
    rooms: Mapping[Room, int],
    day: date,
) -> Move:
    stage, cohort, number = now
    grade = new.get("grade") or grade_code(stage, grade_of_cohort(cohort, day))
    given = new.get("class_number", None if number is None else str(number))
    new_stage, new_grade = grade_of_code(grade)
    new_cohort = cohort_of_grade(new_grade, day)
    if given is None:
        return Move(enrolment_id, new_stage, new_cohort, None)
    classroom = rooms.get((school, new_stage, new_cohort, int(given)))
    if classroom is None:
        raise Refused(_("未能调整班级：学校在该年级没有 %(number)s 班。请先登记班级，或改正班号。") % {"number": given})
    return Move(enrolment_id, new_stage, new_cohort, classroom)


def seat(classrooms: Mapping[int, int | None], day: date) -> None:
    """Seat enrolments in their class from the day on, as `rules.moved` says; who sits there already stays.

    A membership that began on the day or later never held: its class is corrected instead of being closed.
    """
    memberships = ClassMembership.objects.filter(enrolment_id__among=classrooms, ended_on__isnull=True)
    open_now = {
        enrolment: (pk, classroom, started)
        for pk, enrolment, classroom, started in memberships.values_list(
            "pk", "enrolment_id", "classroom_id", "started_on"
        )
    }
    closed, corrected, dropped, opened = [], [], [], []
    for enrolment, classroom in classrooms.items():
        pk, current, started = open_now.get(enrolment, (None, None, None))
        if classroom == current:
            continue
        if pk is not None and started is not None and started >= day:
            (dropped.append(pk) if classroom is None else corrected.append((pk, classroom)))
            continue
        if pk is not None:
            closed.append((pk, day))
        if classroom is not None:
            opened.append((enrolment, classroom, day, None))
    bulk.delete(ClassMembership, "id", dropped)
    bulk.update(ClassMembership, ("classroom",), corrected)
    bulk.update(ClassMembership, ("ended_on",), closed)
    bulk.insert(ClassMembership, ("enrolment", "classroom", "started_on", "ended_on"), opened)
