"""What the county's records say of posts, in canonical text."""

from collections.abc import Collection, Sequence

import polars as pl

from xianxue.kernel.access import whole_county
from xianxue.people.models import Identifier, Qualification, StaffPost
from xianxue.people.services import stored
from xianxue.people.services.numbers import documents_of
from xianxue.people.services.staff.fields import COLUMNS, PAPER, PERSON, POST


def current(ids: Sequence[int], reveal: Collection[str] = ()) -> pl.DataFrame:
    """`id` (of the post) and every column of the sheet; sealed columns as digests unless revealed."""
    phone = "person__phone" if "phone" in reveal else "person__phone_digest"
    names = ("pk", "person_id", "school_id", phone, *stored.paths("person__", PERSON), *stored.paths("", POST))
    rows: list[tuple[object, ...]] = list(StaffPost.objects.filter(pk__among=ids).values_list(*names))
    schema = {"id": pl.Int64, "person_id": pl.Int64, "school": pl.Int64, "phone": pl.String}
    frame = pl.DataFrame(rows, schema=schema | stored.schema((*PERSON, *POST)), orient="row").with_columns(
        pl.col("school").cast(pl.String),
        stored.text_or_null("phone"),
        *(item.texts() for item in (*PERSON, *POST)),
    )
    with whole_county("所列教职工已在查询人范围内"):
        people = frame["person_id"].unique().to_list()
        frame = frame.join(_documents(people, reveal="id_number" in reveal), on="person_id", how="left")
        frame = frame.join(papers_of(people), on="person_id", how="left")
    return frame.with_columns(*(stored.text_or_null(name) for name in PAPER)).select("id", *COLUMNS)


def _documents(people: Sequence[int], *, reveal: bool) -> pl.DataFrame:
    found = documents_of(people)
    if not reveal:
        return found.select("person_id", id_number="digest")
    texts = dict(Identifier.objects.filter(pk__among=found["pk"].to_list()).values_list("pk", "value"))
    numbers = found["pk"].replace_strict(texts, default=None, return_dtype=pl.String)
    return found.select("person_id", id_number=numbers)


def papers_of(people: Sequence[int]) -> pl.DataFrame:
    """The first licence of each person: `person_id`, `paper_pk`, and the columns of the sheet."""
    found = Qualification.objects.filter(person_id__among=people).order_by("person_id", "pk")
    rows: list[tuple[object, ...]] = list(found.values_list("person_id", "pk", *PAPER.values()))
    schema = {"person_id": pl.Int64, "paper_pk": pl.Int64} | dict.fromkeys(PAPER, pl.String)
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.unique("person_id", keep="first", maintain_order=True)
