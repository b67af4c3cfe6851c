"""What the registers of people share: who sees what, filters over school and grade, numbers set on rows."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.urls import reverse

from xianxue.kernel.access import UnitScope, current_reach
from xianxue.kernel.columns import Column
from xianxue.kernel.sheets import Sheet
from xianxue.organisations.models import Classroom, class_name
from xianxue.organisations.rules import cohort_of_grade, grade_of_code
from xianxue.organisations.selectors import code_table, reference_day, school_referents
from xianxue.people.selectors import numbers_shown

# More classes than this are no list to choose from: the reader chooses a grade instead.
FEW_CLASSES = 120


def behind(sheet: Sheet, prefix: str, *names: str) -> tuple[Column, ...]:
    """Columns of a sheet whose fields stand behind a relation of the register's model."""
    return tuple(replace(sheet.by_name[name], path=f"{prefix}{name}") for name in names)


def own(sheet: Sheet, *names: str) -> tuple[Column, ...]:
    """Columns of a sheet that are fields of the register's model, or set on its rows."""
    return tuple(sheet.by_name[name] for name in names)


def school_options() -> Iterable[tuple[str, str]]:
    """Schools in reach, to choose from."""
    return ((str(item.pk), item.label) for item in school_referents())


def grade_options() -> Iterable[tuple[str, str]]:
    """All grades, to choose from."""
    return code_table("grade").labels.items()


def in_grade(value: str) -> Q | None:
    """Rows of the cohort that sits in a grade on the reference day."""
    try:
        stage, grade = grade_of_code(value)
    except ValueError:
        return None
    return Q(stage=stage, cohort_year=cohort_of_grade(grade, reference_day()))


def class_options() -> Iterable[tuple[str, str]]:
    """Classes in reach that still teach, where they are few enough to choose from."""
    if current_reach().units.every:
        return ()
    rooms = Classroom.objects.filter(unit__closed_on__isnull=True).order_by(
        "school_id", "stage", "-cohort_year", "number"
    )
    found = rooms.values_list("pk", "stage", "cohort_year", "number")[: FEW_CLASSES + 1]
    if len(found) > FEW_CLASSES:
        return ()
    day = reference_day()
    return [(str(pk), class_name(stage, cohort, number, day)) for pk, stage, cohort, number in found]


def classes_of(scope: UnitScope) -> "QuerySet[Classroom]":
    """Classes of these schools that still teach, with what names them."""
    rooms = Classroom.objects.filter(scope.q("school_id"), unit__closed_on__isnull=True)
    return rooms.select_related("school__unit").order_by("school_id", "stage", "-cohort_year", "number")


def class_now(room: Classroom) -> str:
    """Name of a class as people say it now."""
    return str(room.name_on(reference_day()))


def set_numbers(rows: Sequence[Any]) -> None:
    """Set `student_no`, `id_kind`, `id_number` on rows that carry `person_id`. One query."""
    documents, students = numbers_shown([row.person_id for row in rows])
    for row in rows:
        row.student_no = students.get(row.person_id, "")
        row.id_kind, row.id_number = documents.get(row.person_id, ("", ""))


def day_or_reference(on: date | None) -> date:
    """The day asked for, else the reference day."""
    return on or reference_day()


def address(register: str, pk: int | None) -> str:
    """Page of a row of a register; nothing without a row."""
    return reverse(f"{register}-detail", args=(pk,)) if pk else ""
