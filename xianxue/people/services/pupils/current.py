"""What the county's records say of pupils, in canonical text, by a few queries whatever their number."""

from collections.abc import Collection, Sequence
from datetime import date

import polars as pl

from xianxue.kernel.access import whole_county
from xianxue.organisations.models import grade_of_cohort
from xianxue.organisations.rules import grade_code
from xianxue.people.models import Enrolment, GuardianLink, Identifier
from xianxue.people.services import stored
from xianxue.people.services.numbers import documents_of, student_numbers
from xianxue.people.services.pupils.fields import COLUMNS, ENROLMENT, GUARDIANS, PERSON, guardian_columns

PLACED = ("school_id", "stage", "cohort_year", "classroom__number")


def current(ids: Sequence[int], day: date, reveal: Collection[str] = ()) -> pl.DataFrame:
    """`id` (of the person) and every column of the sheet, for the pupils in reach that are enrolled now.

    Sealed columns hold the stored digest, or the text where `reveal` names them.
    """
    pupils = _enrolments(ids, day, reveal="phone" in reveal)
    with whole_county("所列学生已在查询人范围内"):
        people = pupils["id"].to_list()
        numbers = student_numbers(people, reveal="student_no" in reveal)
        documents = _documents(people, reveal="id_number" in reveal)
        links = _links(people, reveal).lazy()
    # One plan for all joins: a form asks for one pupil, where each step for itself costs more than its work.
    whole = pupils.lazy().join(numbers.lazy(), on="id", how="left").join(documents.lazy(), on="id", how="left")
    for order in GUARDIANS:
        one = links.filter(pl.col("order") == order).drop("order", "guardian_id")
        whole = whole.join(one.rename(_guardian_names(order)), on="id", how="left")
    return whole.select("id", *COLUMNS).collect()


def guardian_cells(person_ids: Sequence[int]) -> pl.DataFrame:
    """What is kept of the pupils' guardians, enrolled or not, in full: `id`, `column`, `old`."""
    revealed = ("guardian_phone", "guardian_id_number")
    links = _links(person_ids, revealed)
    frames = [
        links.filter(pl.col("order") == order)
        .rename(_guardian_names(order))
        .select("id", *guardian_columns(order))
        .unpivot(index="id", variable_name="column", value_name="old")
        for order in GUARDIANS
    ]
    return pl.concat(frames)


def _guardian_names(order: int) -> dict[str, str]:
    return {name.partition("_")[2]: name for name in guardian_columns(order)}


def _enrolments(ids: Sequence[int], day: date, *, reveal: bool) -> pl.DataFrame:
    phone = "person__phone" if reveal else "person__phone_digest"
    paths = ("person_id", *PLACED, phone, *stored.paths("person__", PERSON), *stored.paths("", ENROLMENT))
    schema = {
        "id": pl.Int64,
        "school": pl.Int64,
        "stage": pl.String,
        "cohort": pl.Int64,
        "class_number": pl.Int64,
        "phone": pl.String,
        **stored.schema((*PERSON, *ENROLMENT)),
    }
    enrolments = Enrolment.objects.filter(person_id__among=ids, ended_on__isnull=True)
    frame = pl.DataFrame(list(enrolments.values_list(*paths)), schema=schema, orient="row")
    return _graded(frame, day).with_columns(
        pl.col("school", "class_number").cast(pl.String),
        stored.text_or_null("phone"),
        *(item.texts() for item in (*PERSON, *ENROLMENT)),
    )


def _graded(frame: pl.DataFrame, day: date) -> pl.DataFrame:
    pairs = frame.select("stage", "cohort").unique()
    grades = [grade_code(stage, grade_of_cohort(cohort, day)) for stage, cohort in pairs.iter_rows()]
    return frame.join(pairs.with_columns(grade=pl.Series(grades, dtype=pl.String)), on=("stage", "cohort"), how="left")


def _documents(person_ids: Sequence[int], *, reveal: bool) -> pl.DataFrame:
    found = documents_of(person_ids)
    numbers = _opened(found) if reveal else found["digest"]
    return found.select(id="person_id", id_kind="id_kind", id_number=numbers)


def _opened(documents: pl.DataFrame) -> pl.Series:
    texts = dict(Identifier.objects.filter(pk__among=documents["pk"].to_list()).values_list("pk", "value"))
    return documents["pk"].replace_strict(texts, default=None, return_dtype=pl.String)


def links_of(person_ids: Sequence[int], *, reveal_phone: bool = False) -> pl.DataFrame:
    """Guardian links: `id` of the pupil, `order`, `guardian_id`, `relation`, `is_guardian`, `name`, `phone`."""
    phone = "guardian__phone" if reveal_phone else "guardian__phone_digest"
    links = GuardianLink.objects.filter(pupil_id__among=person_ids, order__in=GUARDIANS)
    rows: list[tuple[object, ...]] = list(
        links.values_list("pupil_id", "order", "guardian_id", "relation", "is_guardian", "guardian__name", phone)
    )
    schema = {
        "id": pl.Int64,
        "order": pl.Int64,
        "guardian_id": pl.Int64,
        "relation": pl.String,
        "is_guardian": pl.Boolean,
        "name": pl.String,
        "phone": pl.String,
    }
    return pl.DataFrame(rows, schema=schema, orient="row")


def _links(person_ids: Sequence[int], reveal: Collection[str]) -> pl.DataFrame:
    links = links_of(person_ids, reveal_phone=any(name.endswith("_phone") for name in reveal))
    documents = documents_of(links["guardian_id"].unique().to_list())
    shown = _opened(documents) if any(name.endswith("_id_number") for name in reveal) else documents["digest"]
    numbers = documents.select(guardian_id="person_id", id_number=shown)
    return links.join(numbers, on="guardian_id", how="left").with_columns(
        stored.text_or_null("relation"), stored.text_or_null("phone"), stored.Stored("is_guardian", "flag").texts()
    )
