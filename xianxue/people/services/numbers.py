"""Numbers of persons in bulk: their digests, whose they are, and how they are kept."""

from collections.abc import Iterable, Sequence

import polars as pl
from django.db.models import Q, QuerySet

from xianxue.kernel.access import whole_county
from xianxue.kernel.crypto import digests
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import Identifier, Person
from xianxue.people.rules import STUDENT_SPACE
from xianxue.people.selectors import DOCUMENTS


def digest_series(space: str, texts: pl.Series) -> pl.Series:
    """Digests of texts, null where there is none."""
    known = texts.drop_nulls().unique().to_list()
    table = dict(zip(known, digests(space, known), strict=True))
    return texts.replace_strict(table, default=None, return_dtype=pl.String)


def owners(space: str, found: Iterable[str]) -> pl.DataFrame:
    """Who has the numbers with these digests: `digest`, `person_id`. Looks beyond the sender's reach.

    Whether a number is already somebody's must be known for the whole county, or one pupil would become two; who that
    is stays with the caller. A number that nobody has now still leads to whoever had it before, such as the number of a
    record that was merged.
    """
    wanted = list(found)
    with whole_county("一人一号：查重须看全县"):
        numbers = _in_space(space).filter(digest__among=wanted)
        now = numbers.filter(valid_to__isnull=True).values_list("digest", "person_id")
        before = numbers.filter(valid_to__isnull=False).order_by("-valid_to", "-pk").values_list("digest", "person_id")
        rows = [*now, *before]
    frame = pl.DataFrame(rows, schema={"digest": pl.String, "person_id": pl.Int64}, orient="row")
    return frame.unique("digest", keep="first", maintain_order=True)


def with_owner(frame: pl.DataFrame, space: str, column: str, owner: str) -> pl.DataFrame:
    """The frame with whose the number of a column is, in a further column `owner`; null where it is nobody's."""
    marked = frame.with_columns(_mark=digest_series(space, frame[column]))
    known = owners(space, marked["_mark"].drop_nulls().unique().to_list()).rename({"person_id": owner})
    return marked.join(known, left_on="_mark", right_on="digest", how="left", maintain_order="left").drop("_mark")


def with_names(frame: pl.DataFrame, person: str, name: str) -> pl.DataFrame:
    """The frame with the names, in reach, of the persons of a column, in a further column `name`."""
    people = frame[person].drop_nulls().unique().to_list()
    rows = list(Person.objects.filter(pk__among=people).values_list("pk", "name"))
    known = pl.DataFrame(rows, schema={person: pl.Int64, name: pl.String}, orient="row")
    return frame.join(known, on=person, how="left", maintain_order="left")


def student_numbers(person_ids: Iterable[int], *, reveal: bool) -> pl.DataFrame:
    """学籍号 of today of each person in reach: `id` of the person, `student_no` as its digest, or in full."""
    numbers = Identifier.objects.filter(
        person_id__among=person_ids, valid_to__isnull=True, kind=IdentifierKind.STUDENT_NO
    )
    rows: list[tuple[int, str]] = list(numbers.values_list("person_id", "value" if reveal else "digest"))
    return pl.DataFrame(rows, schema={"id": pl.Int64, "student_no": pl.String}, orient="row")


def beyond_reach(told: pl.DataFrame) -> pl.DataFrame:
    """Of what rows are told about persons (`row`, `code`, `subject_id`), that about persons whom the sender does not see."""
    about = told.filter(pl.col("subject_id").is_not_null())
    people = about["subject_id"].unique().to_list()
    seen = list(Person.objects.filter(pk__among=people).values_list("pk", flat=True)) if people else []
    return about.filter(~pl.col("subject_id").is_in(seen))


def _in_space(space: str) -> "QuerySet[Identifier]":
    is_student = Q(kind=IdentifierKind.STUDENT_NO)
    return Identifier.objects.filter(is_student if space == STUDENT_SPACE else ~is_student)


def present_numbers(space: str, texts: pl.Series) -> pl.DataFrame:
    """Former numbers among the texts: `text`, `person_id`, and `now`, the number by which that person is known today.

    A file that still has the old number speaks of the same person: it must not bring the old number back.
    """
    schema = {"text": pl.String, "person_id": pl.Int64, "now": pl.String}
    given = pl.DataFrame({"text": texts.drop_nulls().unique()}, schema={"text": pl.String})
    given = given.with_columns(digest=digest_series(space, given["text"]))
    with whole_county("一人一号：曾用号码对应本人"):
        numbers = _in_space(space)
        former = numbers.filter(digest__among=given["digest"].to_list(), valid_to__isnull=False)
        had: list[tuple[str, int]] = list(former.order_by("pk").values_list("digest", "person_id"))
        people = sorted({person for _mark, person in had})
        current = numbers.filter(person_id__among=people, valid_to__isnull=True).order_by("pk")
        have: list[tuple[int, str, str]] = list(current.values_list("person_id", "value", "digest"))
    taken = {mark for _person, _value, mark in have}
    now = {person: value for person, value, _mark in reversed(have)}
    rows = [(mark, person, now[person]) for mark, person in had if person in now and mark not in taken]
    known = pl.DataFrame(rows, schema={"digest": pl.String, "person_id": pl.Int64, "now": pl.String}, orient="row")
    return given.join(known.unique("digest", keep="last"), on="digest").select(list(schema))


def with_present(frame: pl.DataFrame, space: str, column: str, *, only: str | None = None) -> pl.DataFrame:
    """The frame with former numbers in a column replaced by today's; `only`: where that column names the same person."""
    known = present_numbers(space, frame[column]).rename({"text": column, "person_id": "_had", "now": "_now"})
    if known.is_empty():
        return frame
    both = frame.join(known, on=column, how="left", maintain_order="left")
    fits = pl.col("_now").is_not_null() if only is None else pl.col("_had").eq_missing(pl.col(only))
    return both.with_columns(pl.when(fits).then(pl.col("_now")).otherwise(pl.col(column)).alias(column)).drop(
        "_had", "_now"
    )


def documents_of(person_ids: Sequence[int]) -> pl.DataFrame:
    """The document by which each person is known: `person_id`, `id_kind`, `digest`, `pk`; at most one row each."""
    numbers = Identifier.objects.filter(person_id__among=person_ids, valid_to__isnull=True)
    rows: list[tuple[int, str, str, int]] = list(
        numbers.exclude(kind=IdentifierKind.STUDENT_NO).values_list("person_id", "kind", "digest", "pk")
    )
    schema = {"person_id": pl.Int64, "id_kind": pl.String, "digest": pl.String, "pk": pl.Int64}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    rank = pl.col("id_kind").replace_strict(
        {str(kind): place for place, kind in enumerate(DOCUMENTS)}, default=len(DOCUMENTS), return_dtype=pl.Int8
    )
    return frame.sort("person_id", rank).unique("person_id", keep="first", maintain_order=True)
