"""Changed cells of pupils, written to where each is kept."""

from collections.abc import Iterable
from datetime import date

import polars as pl
from django.utils.translation import gettext as _

from xianxue.kernel import bulk
from xianxue.kernel.access import whole_county
from xianxue.people.models import Enrolment
from xianxue.people.services.corrections import (
    by_column,
    correct_documents,
    correct_persons,
    correct_student_numbers,
    refuse_empty,
)
from xianxue.people.services.pupils import seats
from xianxue.people.services.pupils.change_guardians import change_guardians
from xianxue.people.services.pupils.fields import ENROLMENT, GUARDIANS, PERSON, guardian_columns
from xianxue.people.services.stored import named

NEVER_EMPTY = ("name", "sex", "born_on", "grade", "entered_on")


def change(cells: pl.DataFrame, day: date) -> None:
    """Write cells (`id`, `column`, `new`) of pupils enrolled now."""
    refuse_empty(cells, NEVER_EMPTY, _("姓名、性别、出生日期、年级、入学年月"))
    with whole_county("写入已核对的更正"):
        correct_persons(cells, PERSON)
        correct_student_numbers(cells)
        correct_documents(cells)
        _enrolment(cells)
        seats.change(cells.filter(pl.col("column").is_in(["grade", "class_number"])), day)
        names = [name for order in GUARDIANS for name in guardian_columns(order)]
        change_guardians(cells.filter(pl.col("column").is_in(names)))


def _enrolment(cells: pl.DataFrame) -> None:
    stored = named(ENROLMENT)
    enrolments = open_enrolments(cells.filter(pl.col("column").is_in(list(stored)))["id"].unique().to_list())
    for name, part in by_column(cells, stored):
        values = zip(part["id"], stored[name].values(part["new"]), strict=True)
        bulk.update(Enrolment, (name,), ((enrolments[person], value) for person, value in values))


def open_enrolments(people: Iterable[int]) -> dict[int, int]:
    """Person → enrolment that is open now."""
    open_now = Enrolment.objects.filter(person_id__among=people, ended_on__isnull=True)
    return dict(open_now.values_list("person_id", "pk"))
