"""What duplicates are looked for in: one row a person, with everything that the rules compare."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl
from django.db.models import Count, Q

from xianxue.organisations.choices import Stage
from xianxue.people.choices import IdentifierKind, Sex
from xianxue.people.models import Enrolment, GuardianLink, Identifier, Person, Qualification, StaffPost

# School years that a stage lies after the first grade of primary school; a special school takes any age.
OFFSET = {Stage.KINDERGARTEN: -3, Stage.PRIMARY: 0, Stage.JUNIOR: 6, Stage.SENIOR: 9, Stage.VOCATIONAL: 9}
LINK = {"pupil": pl.Int64, "guardian": pl.Int64, "name": pl.String, "phone": pl.String}


@dataclass(frozen=True)
class Material:
    """`portraits`: one row a person; `names`: every name by which a person goes (`id`, `alias`), in pinyin."""

    portraits: pl.DataFrame
    names: pl.DataFrame


def material(ids: Collection[int] | None = None) -> Material:
    """Everybody (None), or these persons. Numbers are opened, and held in memory alone. Runs in the whole county."""
    people = _persons(ids)
    bearers = _bearers(people, everybody=ids is None)
    portraits = people.join(bearers, on="name", how="left")
    links = _links(ids)
    for part in (_numbers(ids), _guardians(links), _wards(links), _schooling(ids), _papers(ids)):
        portraits = portraits.join(part, on="id", how="left")
    portraits = portraits.join(_schools(ids, links), on="id", how="left")
    portraits = portraits.with_columns(
        pl.col("at_school", "is_pupil", "is_guardian", "is_staff").fill_null(value=False)
    ).with_columns(is_adult=(pl.col("is_guardian") | pl.col("is_staff")) & ~pl.col("at_school"))
    return Material(_with_body(portraits), _names(people))


def _frame(rows: Any, schema: dict[str, Any]) -> pl.DataFrame:
    return pl.DataFrame(list(rows), schema=schema, orient="row")


def _among(name: str, ids: Collection[int] | None) -> Q:
    return Q() if ids is None else Q(**{f"{name}__among": sorted(ids)})


def _persons(ids: Collection[int] | None) -> pl.DataFrame:
    names = ("pk", "name", "name_pinyin", "former_name", "sex", "born_on", "phone_digest", "address")
    schema = {
        "id": pl.Int64,
        **dict.fromkeys(("name", "pinyin", "former", "sex"), pl.String),
        "born_on": pl.Date,
        **dict.fromkeys(("phone", "address"), pl.String),
    }
    found = Person.objects.filter(_among("pk", ids), merged_into__isnull=True).order_by("pk")
    frame = _frame(found.values_list(*names), schema)
    blank = [pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in ("former", "phone", "address")]
    return frame.with_columns(
        *blank,
        sex=pl.when(pl.col("sex").is_in([Sex.MALE, Sex.FEMALE])).then(pl.col("sex")),
        born=pl.col("born_on").dt.strftime("%Y%m%d"),
        surname=pl.col("name").str.slice(0, 1),
    ).drop("born_on")


def _bearers(people: pl.DataFrame, *, everybody: bool) -> pl.DataFrame:
    if everybody:
        return people.group_by("name").agg(bearers=pl.len().cast(pl.Int64))
    named = Person.objects.filter(name__among=people["name"].unique().to_list(), merged_into__isnull=True)
    counted = named.order_by().values_list("name").annotate(Count("pk"))
    return _frame(counted, {"name": pl.String, "bearers": pl.Int64})


def _names(people: pl.DataFrame) -> pl.DataFrame:
    """Names and former names; the former in hanzi beside the present ones, which are compared by sound and by sign."""
    sound = people.select("id", alias="pinyin")
    signs = people.select("id", alias="name")
    former = people.select("id", alias="former").drop_nulls()
    return pl.concat([sound, signs, former]).unique()


def _numbers(ids: Collection[int] | None) -> pl.DataFrame:
    found = Identifier.objects.filter(_among("person_id", ids)).order_by("person_id", "pk")
    schema = {"id": pl.Int64, "kind": pl.String, "value": pl.String, "valid_to": pl.Date}
    numbers = _frame(found.values_list("person_id", "kind", "value", "valid_to"), schema)
    is_student = pl.col("kind") == IdentifierKind.STUDENT_NO
    is_now = pl.col("valid_to").is_null()
    card = is_now & (pl.col("kind") == IdentifierKind.ID_CARD) & (pl.col("value").str.len_chars() == 18)
    return numbers.group_by("id").agg(
        documents=pl.col("value").filter(~is_student).unique().sort(),
        student_no=pl.col("value").filter(is_student & is_now).first(),
        id18=pl.col("value").filter(card).first(),
    ).with_columns(
        formal_no=pl.when(pl.col("student_no").str.starts_with("G")).then(pl.col("student_no")),
        area=pl.col("id18").str.slice(0, 6),
        date=pl.col("id18").str.slice(6, 8),
        order=pl.col("id18").str.slice(14, 3),
        digits=pl.col("id18").str.slice(0, 17).str.split("").list.sort().list.join(""),
    )  # fmt: skip


def _with_body(portraits: pl.DataFrame) -> pl.DataFrame:
    """Add what a formal 学籍号 says of the ID number, for persons of whom no document is known."""
    unknown = pl.col("documents").list.len().fill_null(0) == 0
    return portraits.with_columns(body=pl.when(unknown).then(pl.col("formal_no").str.slice(1)))


def _links(ids: Collection[int] | None) -> pl.DataFrame:
    """Links of the persons, as pupils or guardians, and those of the same pupils with others."""
    links = GuardianLink.objects.order_by("pk")
    if ids is not None:
        own = set(links.filter(guardian_id__among=sorted(ids)).values_list("pupil_id", flat=True))
        links = links.filter(pupil_id__among=sorted(own | set(ids)))
    return _frame(
        links.values_list("pupil_id", "guardian_id", "guardian__name", "guardian__phone_digest"), LINK
    ).with_columns(phone=pl.when(pl.col("phone") != "").then(pl.col("phone")))


def _guardians(links: pl.DataFrame) -> pl.DataFrame:
    return links.group_by(id="pupil").agg(
        guardians=pl.col("guardian").sort(),
        guardian_names=pl.col("name").unique().sort(),
        guardian_phones=pl.col("phone").drop_nulls().unique().sort(),
    )


def _wards(links: pl.DataFrame) -> pl.DataFrame:
    beside = links.join(links.select("pupil", other="guardian", partner="name"), on="pupil")
    partners = beside.filter(pl.col("guardian") != pl.col("other"))
    named = partners.group_by(id="guardian").agg(partners=pl.col("partner").unique().sort())
    wards = links.group_by(id="guardian").agg(wards=pl.col("pupil").sort(), is_guardian=pl.lit(value=True))
    return wards.join(named, on="id", how="left")


def _schooling(ids: Collection[int] | None) -> pl.DataFrame:
    """The last enrolment of each pupil: when it began and ended, the class of now, the year of the first grade."""
    schema = {
        "id": pl.Int64,
        "stage": pl.String,
        "year": pl.Int64,
        "entered": pl.Date,
        "ended": pl.Date,
        "classroom": pl.Int64,
    }
    found = Enrolment.objects.filter(_among("person_id", ids)).order_by("person_id", "entered_on", "pk")
    rows = found.values_list("person_id", "stage", "cohort_year", "entered_on", "ended_on", "classroom_id")
    last = _frame(rows, schema).unique("id", keep="last", maintain_order=True)
    offsets = {str(stage): years for stage, years in OFFSET.items()}
    is_open = pl.col("ended").is_null()
    return last.select(
        "id",
        "entered",
        "ended",
        cohort=pl.col("year") - pl.col("stage").replace_strict(offsets, default=None, return_dtype=pl.Int64),
        classroom=pl.when(is_open).then(pl.col("classroom")),
        at_school=is_open,
        is_pupil=pl.lit(value=True),
    )


def _papers(ids: Collection[int] | None) -> pl.DataFrame:
    found = Qualification.objects.filter(_among("person_id", ids)).exclude(number="")
    rows = _frame(found.values_list("person_id", "kind", "number"), dict(_PAPER))
    return rows.group_by("id").agg(papers=pl.concat_str("kind", "number", separator="/").unique().sort())


_PAPER = (("id", pl.Int64), ("kind", pl.String), ("number", pl.String))
_PLACE = {"id": pl.Int64, "school": pl.Int64, "ended": pl.Date}


def _schools(ids: Collection[int] | None, links: pl.DataFrame) -> pl.DataFrame:
    """The schools that keep a person now: as pupil, on the staff, or through the wards; the last where it is over."""
    pupils = None if ids is None else {*ids, *links["pupil"].to_list()}
    enrolled = Enrolment.objects.filter(_among("person_id", pupils)).order_by("person_id", "entered_on", "pk")
    places = _kept(_frame(enrolled.values_list("person_id", "school_id", "ended_on"), _PLACE))
    posts = StaffPost.objects.filter(_among("person_id", ids)).order_by("person_id", "started_on", "pk")
    staff = _kept(_frame(posts.values_list("person_id", "school_id", "ended_on"), _PLACE))
    wards = links.join(places, left_on="pupil", right_on="id").select("school", id="guardian")
    every = pl.concat([places, staff, wards.select("id", "school")]).unique()
    is_staff = staff.select("id").unique().with_columns(is_staff=pl.lit(value=True))
    return every.group_by("id").agg(schools=pl.col("school").sort()).join(is_staff, on="id", how="left")


def _kept(places: pl.DataFrame) -> pl.DataFrame:
    """Where each person is now, else the last place."""
    last = places.unique("id", keep="last", maintain_order=True)
    now = places.filter(pl.col("ended").is_null())
    return pl.concat([now, last.join(now, on="id", how="anti")]).select("id", "school").unique()


def schools_of(people: Sequence[int]) -> dict[int, set[int]]:
    """The schools that keep each person now. Runs in the whole county."""
    found = _schools(people, _links(people))
    return {person: set(schools) for person, schools in found.select("id", "schools").iter_rows()}
