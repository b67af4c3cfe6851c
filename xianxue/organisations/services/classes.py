"""Classes, each with its unit below the school's."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl

from xianxue.kernel import bulk
from xianxue.kernel.access import whole_county
from xianxue.kernel.sheets import Context, Resolution, Writer, problem_rows
from xianxue.organisations.access import KEEPS_SCHOOLS
from xianxue.organisations.choices import Stage, UnitKind
from xianxue.organisations.models import Classroom, School, Unit
from xianxue.organisations.services.removal import referenced

KEY = ("school", "stage", "cohort_year", "number")
WHOLE = ("cohort_year", "number")
PLAIN = ("nickname", "head_teacher_no", "room")
COLUMNS = (*KEY, *PLAIN)
TeacherNames = Callable[[Collection[int]], Mapping[tuple[int, str], str]]
_teacher_names: list[TeacherNames] = []


def provide_teacher_names(provider: TeacherNames) -> None:
    """Say where the names of head teachers come from: schools → (school, staff number) → name. Called from `ready`."""
    _teacher_names[:] = [provider]


def name_head_teachers(schools: Collection[int]) -> None:
    """Write the names of head teachers into the classes of the schools, from their staff numbers."""
    names = _teacher_names[0](schools) if _teacher_names else {}
    with whole_county("班主任姓名随工号"):
        rooms = list(
            Classroom.objects.filter(school_id__in=list(schools)).values_list(
                "pk", "school_id", "head_teacher_no", "head_teacher"
            )
        )
    wanted = ((pk, names.get((school, number), "") if number else "", name) for pk, school, number, name in rooms)
    bulk.update(Classroom, ("head_teacher",), ((pk, new) for pk, new, old in wanted if new != old))


def unit_name(stage: str, cohort_year: int, number: int) -> str:
    """Name of a class that holds for life: 小学 2024 级（1）班."""
    return f"{Stage(stage).label} {cohort_year} 级（{number}）班"


class ClassWriter(Writer):
    """Classes; a record's `id` is the unit's, its unit the school."""

    subject_type = "organisations.classroom"
    grant = KEEPS_SCHOOLS

    def resolve(self, rows: pl.DataFrame, context: Context) -> Resolution:
        frame = rows.select("row", "stage", "cohort_year", "number", unit_id=context.unit_of("school"))
        schools = frame["unit_id"].drop_nulls().unique().to_list()
        known = pl.DataFrame(
            [
                (pk, unit, stage, str(cohort), str(number))
                for pk, unit, stage, cohort, number in Classroom.objects.filter(school_id__in=schools).values_list(
                    "pk", "school_id", "stage", "cohort_year", "number"
                )
            ],
            schema={"id": pl.Int64, "unit_id": pl.Int64} | dict.fromkeys(("stage", "cohort_year", "number"), pl.String),
            orient="row",
        )
        found = frame.join(known, on=("unit_id", "stage", "cohort_year", "number"), how="left", maintain_order="left")
        found = found.with_columns(found["id"].fill_null(context.records(rows)))
        return Resolution(found.select("row", "id", "unit_id"), _untaught(found, schools))

    def current(self, ids: Sequence[int], *, reveal: Collection[str] = ()) -> pl.DataFrame:
        found = Classroom.objects.filter(pk__in=list(ids)).values_list("pk", "school_id", *COLUMNS[1:])
        rows = [(pk, *(str(value) if value != "" else None for value in values)) for pk, *values in found]
        return pl.DataFrame(rows, schema={"id": pl.Int64} | dict.fromkeys(COLUMNS, pl.String), orient="row")

    def insert(self, rows: pl.DataFrame, context: Context) -> Sequence[int]:
        schools = rows["unit_id"].unique().to_list()
        with whole_county("登记班级"):
            paths = dict(Unit.objects.filter(pk__in=schools).values_list("pk", "path"))
        ids = list(bulk.next_ids(Unit, rows.height))
        units, rooms = [], []
        for pk, row in zip(ids, rows.iter_rows(named=True), strict=True):
            school, stage = row["unit_id"], row["stage"]
            cohort, number = int(row["cohort_year"]), int(row["number"])
            name, path = unit_name(stage, cohort, number), f"{paths[school]}{pk}/"
            units.append((pk, UnitKind.CLASSROOM, name, "", "", school, path, date(cohort, 9, 1), None))
            rooms.append((pk, school, stage, cohort, number, *(row[column] or "" for column in PLAIN), ""))
        unit = ("id", "kind", "name", "short_name", "code", "parent", "path", "opened_on", "closed_on")
        bulk.insert(Unit, unit, units)
        bulk.insert(Classroom, ("unit", *COLUMNS, "head_teacher"), rooms)
        name_head_teachers(schools)
        return ids

    def change(self, cells: pl.DataFrame, context: Context) -> None:
        for (name,), part in cells.group_by("column", maintain_order=True):
            column = str(name)
            rows = ((pk, _value(column, text)) for pk, text in part.select("id", "new").iter_rows())
            bulk.update(Classroom, (column,), rows)
        ids = cells["id"].unique().to_list()
        with whole_county("班级改名"):
            rooms = list(
                Classroom.objects.filter(pk__in=ids).values_list("pk", "school_id", "stage", "cohort_year", "number")
            )
        bulk.update(Unit, ("name",), ((pk, unit_name(stage, *rest)) for pk, _school, stage, *rest in rooms))
        name_head_teachers({room[1] for room in rooms})

    def remove(self, ids: Sequence[int], context: Context) -> Mapping[int, str]:
        with whole_county("撤回导入"):
            kept = referenced(Unit, ids, apart_from=(Classroom,)) | referenced(Classroom, ids)
        gone = [pk for pk in ids if pk not in kept]
        bulk.delete(Classroom, "unit", gone)
        bulk.delete(Unit, "id", gone)
        return kept


def _value(column: str, text: str | None) -> Any:
    return int(text or 0) if column in WHOLE or column == "school" else text or ""


def _untaught(rows: pl.DataFrame, schools: Iterable[int]) -> pl.DataFrame:
    """Classes of a stage that their school does not teach."""
    taught = [
        (pk, stage)
        for pk, stages in School.objects.filter(pk__in=list(schools)).values_list("pk", "stages")
        for stage in stages.split(",")
    ]
    known = pl.DataFrame(taught, schema={"unit_id": pl.Int64, "stage": pl.String}, orient="row")
    given = rows.drop_nulls(["unit_id", "stage"])
    wrong = given.join(known, on=("unit_id", "stage"), how="anti")
    return problem_rows(wrong, "P551", "stage")
