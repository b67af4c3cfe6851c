"""New pupils: person, numbers, enrolment, class, guardians."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

import polars as pl

from xianxue.kernel import bulk
from xianxue.kernel.access import whole_county
from xianxue.organisations.rules import cohort_of_grade, grade_of_code
from xianxue.people.choices import EnrolmentStatus, IdentifierKind
from xianxue.people.models import ClassMembership, Enrolment, Identifier
from xianxue.people.services import renewal
from xianxue.people.services.persons import NewPersons, insert_numbers
from xianxue.people.services.pupils import guardians, returning
from xianxue.people.services.pupils.fields import ENROLMENT, GUARDIANS, PERSON, guardian_columns

FIXED = ("id", "person", "school", "stage", "cohort_year", "classroom", "status", "ended_on", "exit_reason")


def insert(rows: pl.DataFrame, day: date) -> list[int]:
    """Write new pupils; returns the persons' keys in the order of the rows.

    A row whose person is known already (back from elsewhere) opens a new enrolment of that person.
    """
    with whole_county("写入已核对的学生"):
        people = _persons(rows)
        _enrolments(rows, people, day)
        _guardians(rows, people)
    return people


def _persons(rows: pl.DataFrame) -> list[int]:
    known: list[int | None] = rows["_person_id"].to_list()
    is_new = pl.Series([person is None for person in known])
    new = rows.filter(is_new)
    values = {stored.name: stored.values(new[stored.name]) for stored in PERSON}
    values["phone"] = new["phone"].fill_null("").to_list()
    ids = iter(NewPersons(new.height, values).insert())
    people = [next(ids) if person is None else person for person in known]
    insert_numbers(_numbers(rows, people, known))
    _update_known(rows, known)
    return people


def _numbers(rows: pl.DataFrame, people: Sequence[int], known: Sequence[int | None]) -> Iterator[tuple[int, str, str]]:
    """The numbers to be written: for persons known already, those kinds that they do not have yet."""
    have = _kinds_of([person for person in known if person is not None])
    columns = rows.select("student_no", "id_kind", "id_number").iter_rows()
    for person, (student_no, id_kind, id_number) in zip(people, columns, strict=True):
        kind = id_kind or IdentifierKind.ID_CARD
        if student_no and (person, IdentifierKind.STUDENT_NO) not in have:
            yield person, IdentifierKind.STUDENT_NO, student_no
        if id_number and (person, kind) not in have:
            yield person, kind, id_number


def _kinds_of(people: Sequence[int]) -> set[tuple[int, str]]:
    numbers = Identifier.objects.filter(person_id__among=people, valid_to__isnull=True)
    return set(numbers.values_list("person_id", "kind"))


def _update_known(rows: pl.DataFrame, known: Sequence[int | None]) -> None:
    """What a row says of a person known already is newer than what was kept; what it leaves out stays."""
    frame = rows.with_columns(id=pl.Series(known, dtype=pl.Int64)).filter(pl.col("id").is_not_null())
    if frame.is_empty():
        return
    names = [*(item.name for item in PERSON), "phone"]
    given = frame.select("id", *names).unpivot(index="id", variable_name="column", value_name="new")
    units = dict(frame.select("id", "unit_id").iter_rows())
    renewal.renew(given, PERSON, dict(zip(units, units, strict=True)), units)


def _enrolments(rows: pl.DataFrame, people: Sequence[int], day: date) -> None:
    ids = list(bulk.next_ids(Enrolment, len(people)))
    grades = [grade_of_code(grade) for grade in rows["grade"]]
    cohorts = [cohort_of_grade(grade, day) for _stage, grade in grades]
    columns: dict[str, list[Any]] = {stored.name: stored.values(rows[stored.name]) for stored in ENROLMENT}
    columns["entered_on"] = [
        entered or date(cohort, 9, 1) for entered, cohort in zip(columns["entered_on"], cohorts, strict=True)
    ]
    classrooms = rows["_classroom_id"].to_list()
    size = len(people)
    bulk.insert(
        Enrolment,
        (*FIXED, *columns),
        zip(
            ids,
            people,
            rows["unit_id"].to_list(),
            [stage for stage, _grade in grades],
            cohorts,
            classrooms,
            [EnrolmentStatus.ACTIVE] * size,
            [None] * size,
            [""] * size,
            *columns.values(),
            strict=True,
        ),
    )
    seats = zip(ids, classrooms, columns["entered_on"], strict=True)
    bulk.insert(
        ClassMembership,
        ("enrolment", "classroom", "started_on", "ended_on"),
        ((pk, classroom, entered, None) for pk, classroom, entered in seats if classroom is not None),
    )


def _guardians(rows: pl.DataFrame, people: Sequence[int]) -> None:
    """New pupils get their guardians; of persons known already the row corrects what it speaks of."""
    frame = rows.with_columns(_person=pl.Series(people, dtype=pl.Int64))
    new = frame.filter(pl.col("_person_id").is_null())
    wanted = []
    for order in GUARDIANS:
        parts = [name.partition("_")[2] for name in guardian_columns(order)]
        for person, *cells in new.select("_person", *guardian_columns(order)).iter_rows():
            if item := guardians.wanted_of(person, order, dict(zip(parts, cells, strict=True))):
                wanted.append(item)
    guardians.add(wanted)
    names = [name for order in GUARDIANS for name in guardian_columns(order)]
    known = frame.filter(pl.col("_person_id").is_not_null()).select(*names, id="_person")
    given = known.unpivot(index="id", variable_name="column", value_name="new").drop_nulls("new")
    returning.renew_guardians(given, dict(rows.select("_person_id", "unit_id").drop_nulls().iter_rows()))
