"""Numbers of persons in bulk: their digests, whose they are, and how they are kept."""

from collections.abc import Iterable, Sequence

import polars as pl

from xianxue.kernel.access import whole_county
from xianxue.kernel.crypto import digests
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import Identifier
from xianxue.people.rules import STUDENT_SPACE
from xianxue.people.selectors import DOCUMENTS


def digest_series(space: str, texts: pl.Series) -> pl.Series:
    """Digests of texts, null where there is none."""
    known = texts.drop_nulls().unique().to_list()
    table = dict(zip(known, digests(space, known), strict=True))
    return texts.replace_strict(table, default=None, return_dtype=pl.String)


def owners(space: str, found: Iterable[str]) -> pl.DataFrame:
    """Who has the numbers with these digests now: `digest`, `person_id`. Looks beyond the sender's reach.

    Whether a number is already somebody's must be known for the whole county, or one pupil would become two; who that
    is stays with the caller.
    """
    with whole_county("一人一号：查重须看全县"):
        numbers = Identifier.objects.filter(digest__among=found, valid_to__isnull=True)
        is_student = numbers.filter(kind=IdentifierKind.STUDENT_NO)
        matching = is_student if space == STUDENT_SPACE else numbers.exclude(kind=IdentifierKind.STUDENT_NO)
        rows = list(matching.values_list("digest", "person_id"))
    return pl.DataFrame(rows, schema={"digest": pl.String, "person_id": pl.Int64}, orient="row").unique("digest")


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
