"""Matching rows with posts: by staff number within the school, then by identity document."""

import polars as pl

from xianxue.kernel.access import whole_county
from xianxue.kernel.sheets import Context, Resolution, problem_rows
from xianxue.people.models import StaffPost
from xianxue.people.rules import DOCUMENT_SPACE
from xianxue.people.services.numbers import beyond_reach, with_names, with_owner, with_present


def resolve(rows: pl.DataFrame, context: Context) -> Resolution:
    """How the rows relate to the posts of the county; see `Writer.resolve`."""
    frame = rows.with_columns(unit_id=context.unit_of("school"))
    frame = with_owner(frame, DOCUMENT_SPACE, "id_number", "person_id")
    posts = _posts(frame)
    by_number = posts.select("unit_id", "staff_no", by_number="post_id", holder="person_id")
    by_person = posts.select("unit_id", "person_id", by_person="post_id").drop_nulls()
    frame = frame.join(by_number, on=("unit_id", "staff_no"), how="left", maintain_order="left")
    frame = frame.join(by_person, on=("unit_id", "person_id"), how="left", maintain_order="left")
    with whole_county("一人一号：姓名须与登记一致"):
        frame = with_names(frame, "person_id", "known_name")
    frame = frame.with_columns(id=pl.coalesce("by_number", "by_person", context.records(rows)))
    problems = pl.concat(_problems(frame))
    about = frame.select(pl.col("row").cast(pl.UInt32), subject_id="person_id")
    told = problems.filter(pl.col("code") == "P513").select(pl.col("row").cast(pl.UInt32), "code")
    if not context.is_form:
        frame = with_present(frame, DOCUMENT_SPACE, "id_number")
    return Resolution(_kept(frame), problems, beyond_reach(told.join(about, on="row")))


def _kept(frame: pl.DataFrame) -> pl.DataFrame:
    new = pl.col("id").is_null()
    return frame.select("row", "id", "unit_id", "id_number", _person_id=pl.when(new).then(pl.col("person_id")))


def _problems(frame: pl.DataFrame) -> list[pl.DataFrame]:
    other_holder = pl.col("holder").is_not_null() & pl.col("person_id").is_not_null()
    is_taken = other_holder & (pl.col("holder") != pl.col("person_id"))
    is_misnamed = pl.col("id").is_null() & (pl.col("known_name") != pl.col("name"))
    return [problem_rows(frame, "P517", "staff_no", is_taken), problem_rows(frame, "P513", "id_number", is_misnamed)]


def _posts(frame: pl.DataFrame) -> pl.DataFrame:
    """Open posts of the schools that the rows name."""
    schools = frame["unit_id"].drop_nulls().unique().to_list()
    found = StaffPost.objects.filter(school_id__in=schools, ended_on__isnull=True)
    schema = {"post_id": pl.Int64, "unit_id": pl.Int64, "staff_no": pl.String, "person_id": pl.Int64}
    rows = list(found.values_list("pk", "school_id", "staff_no", "person_id"))
    return pl.DataFrame(rows, schema=schema, orient="row")
