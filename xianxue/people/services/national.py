"""States in the national system, as its exports and the schools' own look-ups tell them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

import polars as pl

from xianxue.kernel import bulk
from xianxue.kernel.access import whole_county
from xianxue.kernel.sheets import Context, Resolution, Writer, problem_rows
from xianxue.people.access import KEEPS
from xianxue.people.models import Enrolment, NationalRecord
from xianxue.people.rules import STUDENT_SPACE
from xianxue.people.services.numbers import student_numbers, with_names, with_owner

FIELDS = ("state", "business_no", "checked_on", "source", "remark")


class NationalWriter(Writer):
    """One row a pupil; a record's `id` is that of the state, its unit the school of the open enrolment."""

    subject_type = "people.nationalrecord"
    grant = KEEPS

    def resolve(self, rows: pl.DataFrame, context: Context) -> Resolution:
        """By 学籍号 among the pupils in reach; a number that nobody here has is only theirs."""
        frame = with_owner(rows, STUDENT_SPACE, "student_no", "person_id")
        frame = frame.join(_episodes(frame["person_id"]), on="person_id", how="left", maintain_order="left")
        frame = frame.with_columns(id=frame["_record"].fill_null(context.records(rows)))
        is_unknown = pl.col("student_no").is_not_null() & pl.col("_enrolment_id").is_null()
        problems = [
            problem_rows(frame, "P531", "student_no", is_unknown),
            problem_rows(frame, "P532", "name", pl.col("_name") != pl.col("name")),
        ]
        return Resolution(frame.select("row", "id", "unit_id", "_enrolment_id"), pl.concat(problems))

    def current(self, ids: Sequence[int], *, reveal: Collection[str] = ()) -> pl.DataFrame:
        found = NationalRecord.objects.filter(pk__among=ids)
        rows: list[tuple[Any, ...]] = list(
            found.values_list("pk", "enrolment__person_id", "enrolment__person__name", *FIELDS)
        )
        schema = {"id": pl.Int64, "_person": pl.Int64, "name": pl.String} | {
            name: pl.Date if name == "checked_on" else pl.String for name in FIELDS
        }
        frame = pl.DataFrame(rows, schema=schema, orient="row")
        texts = [pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in FIELDS if name != "checked_on"]
        frame = frame.with_columns(*texts, pl.col("checked_on").dt.strftime("%Y-%m-%d"))
        with whole_county("所列学生已在查询人范围内"):
            numbers = student_numbers(frame["_person"].unique(), reveal="student_no" in reveal)
        numbers = numbers.rename({"id": "_person"})
        return frame.join(numbers, on="_person", how="left").select("id", "student_no", "name", *FIELDS)

    def insert(self, rows: pl.DataFrame, context: Context) -> Sequence[int]:
        ids = bulk.next_ids(NationalRecord, rows.height)
        values = (_values(name, rows[name]) for name in FIELDS)
        bulk.insert(
            NationalRecord,
            ("id", "enrolment", *FIELDS),
            zip(ids, rows["_enrolment_id"].to_list(), *values, strict=True),
        )
        return ids

    def change(self, cells: pl.DataFrame, context: Context) -> None:
        for (name,), part in cells.group_by("column"):
            if name in FIELDS:
                pairs = zip(part["id"].to_list(), _values(str(name), part["new"]), strict=True)
                bulk.update(NationalRecord, (str(name),), pairs)

    def remove(self, ids: Sequence[int], context: Context) -> Mapping[int, str]:
        bulk.delete(NationalRecord, "id", ids)
        return {}


def _values(name: str, texts: pl.Series) -> list[Any]:
    """Values for the model's field, from canonical text."""
    if name == "checked_on":
        return texts.str.to_date("%Y-%m-%d").to_list()
    return texts.fill_null("").to_list()


def _episodes(people: pl.Series) -> pl.DataFrame:
    """The open enrolment in reach of each person, its school, the person's name, and the state kept already."""
    ids = people.drop_nulls().unique().to_list()
    open_now = Enrolment.objects.filter(person_id__among=ids, ended_on__isnull=True)
    rows = list(open_now.values_list("person_id", "pk", "school_id", "national_record__pk"))
    schema = {"person_id": pl.Int64, "_enrolment_id": pl.Int64, "unit_id": pl.Int64, "_record": pl.Int64}
    return with_names(pl.DataFrame(rows, schema=schema, orient="row"), "person_id", "_name")
