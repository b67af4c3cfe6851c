"""Matching rows with pupils: by 学籍号, then by identity document; by name and birth date only as a hint."""

from collections.abc import Iterable

import polars as pl

from xianxue.kernel.access import reach_or_none, whole_county
from xianxue.kernel.sheets import Context, Resolution, no_problems, problem_rows
from xianxue.organisations.models import Classroom, grade_of_cohort
from xianxue.organisations.rules import grade_code
from xianxue.people.models import Enrolment, Person
from xianxue.people.rules import DOCUMENT_SPACE, PHONE_SPACE, STUDENT_SPACE
from xianxue.people.services.dates import day_of
from xianxue.people.services.numbers import beyond_reach, digest_series, owners, with_names, with_owner, with_present
from xianxue.people.services.pupils.fields import GUARDIANS, guardian_columns

NUMBERED = ("student_no", "id_number", *(f"guardian{order}_id_number" for order in GUARDIANS))


def resolve(rows: pl.DataFrame, context: Context) -> Resolution:
    """How the rows relate to the pupils of the county; see `Writer.resolve`."""
    frame = _with_unit(rows, context)
    frame = _with_person(frame, context)
    frame = _with_classroom(frame, context)
    elsewhere = pl.col("_open_school").is_not_null() & (pl.col("_open_school") != pl.col("unit_id"))
    is_here = pl.col("_open_school").is_not_null() & (pl.col("_open_school") == pl.col("unit_id"))
    frame = frame.with_columns(id=pl.when(is_here & ~pl.col("_two_persons")).then(pl.col("person_id")))
    contradicting = _contradicting(frame, elsewhere)
    problems = _problems(frame, contradicting)
    if not context.is_form:
        frame = _with_present_numbers(frame)
    kept = frame.select(
        "row",
        *NUMBERED,
        "id_kind",
        "id",
        "unit_id",
        "_classroom_id",
        _person_id=pl.when(pl.col("id").is_null()).then(pl.col("person_id")),
    )
    return Resolution(kept, problems, beyond_reach(contradicting.select("row", "code", "subject_id")))


def _contradicting(frame: pl.DataFrame, elsewhere: pl.Expr) -> pl.DataFrame:
    """Rows whose numbers are somebody's of whom the row says otherwise: problems with `subject_id`.

    That a child is at another school is told only with the name that goes with the number: the clerk has to ask for a
    transfer. Whoever has the number alone hears no more than that number and name do not go together.
    """
    one = ~pl.col("_two_persons")
    named = pl.col("_known_name") == pl.col("name")
    nameless = pl.col("id").is_null() & one & ~named
    is_told = elsewhere & one & named
    return pl.concat(
        [
            problem_rows(frame, "P511", "student_no", is_told, other=pl.col("_open_name"), subject="person_id"),
            problem_rows(frame, "P512", "id_number", pl.col("_two_persons"), subject="person_id"),
            problem_rows(frame, "P513", "id_number", nameless, subject="person_id"),
            *_misnamed(frame),
        ]
    )


def _problems(frame: pl.DataFrame, contradicting: pl.DataFrame) -> pl.DataFrame:
    """What is wrong with the rows, by themselves or against the records."""
    lacks_class = (
        pl.all_horizontal(pl.col("unit_id", "grade", "class_number").is_not_null()) & pl.col("_classroom_id").is_null()
    )
    return pl.concat(
        [
            contradicting.drop("subject_id"),
            problem_rows(
                frame, "P515", "class_number", lacks_class, value=pl.col("class_number"), other=pl.col("_numbers")
            ),
            *(_nameless(frame, order) for order in GUARDIANS),
            _candidates(frame),
        ]
    )


def _with_present_numbers(frame: pl.DataFrame) -> pl.DataFrame:
    """A file that still has a former number, of the pupil or of a guardian, means today's."""
    frame = with_present(frame, STUDENT_SPACE, "student_no", only="id")
    frame = with_present(frame, DOCUMENT_SPACE, "id_number", only="id")
    for order in GUARDIANS:
        frame = with_present(frame, DOCUMENT_SPACE, f"guardian{order}_id_number")
    return frame


def _with_unit(rows: pl.DataFrame, context: Context) -> pl.DataFrame:
    if not context.is_form:
        # A kind without a number says nothing, and would differ from the record for ever.
        rows = rows.with_columns(id_kind=pl.when(pl.col("id_number").is_not_null()).then(pl.col("id_kind")))
    return rows.with_columns(unit_id=context.unit_of("school"))


def _with_person(frame: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Add whose the numbers are, and where that person is enrolled now."""
    frame = with_owner(frame, STUDENT_SPACE, "student_no", "_student_of")
    frame = with_owner(frame, DOCUMENT_SPACE, "id_number", "_document_of")
    frame = frame.with_columns(
        person_id=pl.coalesce("_student_of", "_document_of", context.records(frame)),
        _two_persons=(pl.col("_student_of") != pl.col("_document_of")).fill_null(value=False),
    )
    frame = frame.join(_open_enrolments(frame["person_id"].drop_nulls().unique()), on="person_id", how="left")
    # A file that names no school speaks of the pupil where the pupil is.
    return frame.with_columns(unit_id=pl.coalesce("unit_id", "_open_school"))


def _open_enrolments(person_ids: Iterable[int]) -> pl.DataFrame:
    """Name of the persons, and the school at which each is enrolled; its name only where the sender reaches it."""
    reach = reach_or_none()
    with whole_county("一人一籍：查重须看全县"):
        people = pl.DataFrame({"person_id": list(person_ids)}, schema={"person_id": pl.Int64})
        known = with_names(people, "person_id", "_known_name")
        enrolments = Enrolment.objects.filter(person_id__among=person_ids, ended_on__isnull=True)
        open_at = [
            (person, school, name if reach and school in reach.units else None)
            for person, school, name in enrolments.values_list("person_id", "school_id", "school__unit__name")
        ]
    schema = {"person_id": pl.Int64, "_open_school": pl.Int64, "_open_name": pl.String}
    return known.join(pl.DataFrame(open_at, schema=schema, orient="row"), on="person_id", how="left")


def _with_classroom(frame: pl.DataFrame, context: Context) -> pl.DataFrame:
    """Add the class that school, grade and number name on the day, and which numbers the grade has."""
    day = day_of(context)
    units = frame["unit_id"].drop_nulls().unique().to_list()
    classes = Classroom.objects.filter(school_id__in=units, unit__closed_on__isnull=True)
    rooms = [
        (pk, school, grade_code(stage, grade_of_cohort(cohort, day)), str(number))
        for pk, school, stage, cohort, number in classes.values_list(
            "pk", "school_id", "stage", "cohort_year", "number"
        )
    ]
    schema = {"_classroom_id": pl.Int64, "unit_id": pl.Int64, "grade": pl.String, "class_number": pl.String}
    known = pl.DataFrame(rooms, schema=schema, orient="row")
    numbers = (
        known.sort(pl.col("class_number").cast(pl.Int64))
        .group_by("unit_id", "grade", maintain_order=True)
        .agg(_numbers=pl.col("class_number").str.join("、"))
    )
    frame = frame.join(known, on=["unit_id", "grade", "class_number"], how="left")
    return frame.join(numbers, on=["unit_id", "grade"], how="left")


def _nameless(frame: pl.DataFrame, order: int) -> pl.DataFrame:
    """New pupils of whose guardian everything is given but the name."""
    name, *parts = guardian_columns(order)[:4]
    given = pl.any_horizontal(pl.col(parts).is_not_null())
    return problem_rows(frame, "P313", name, pl.col("id").is_null() & pl.col(name).is_null() & given)


def _candidates(frame: pl.DataFrame) -> pl.DataFrame:
    """New rows that look like somebody already enrolled in reach: name, birth date and a guardian's phone agree.

    A hint for a person to look at, never a match (twins share two of the three, cousins sometimes all).
    """
    new = frame.filter(
        pl.col("person_id").is_null() & pl.all_horizontal(pl.col("name", "born_on", "guardian1_phone").is_not_null())
    )
    if new.is_empty():
        return no_problems()
    new = new.with_columns(_phone=digest_series(PHONE_SPACE, new["guardian1_phone"]))
    known = _namesakes(new)
    return problem_rows(new.join(known, on=("name", "born_on", "_phone"), how="semi"), "W511", "name")


def _namesakes(new: pl.DataFrame) -> pl.DataFrame:
    """Pupils in reach with name and birth date of a row: `name`, `born_on`, `_phone` of each guardian."""
    with whole_county("查重：同名同生日"):
        named = Person.objects.filter(name__among=new["name"].unique(), born_on__isnull=False)
        rows = list(named.values_list("pk", "name", "born_on"))
    schema = {"pk": pl.Int64, "name": pl.String, "born_on": pl.Date}
    people = pl.DataFrame(rows, schema=schema, orient="row").with_columns(pl.col("born_on").dt.strftime("%Y-%m-%d"))
    alike = people.join(new, on=("name", "born_on"), how="semi")
    enrolled = Enrolment.objects.filter(person_id__among=alike["pk"], ended_on__isnull=True)
    phones = list(enrolled.values_list("person_id", "person__guardian_links__guardian__phone_digest"))
    marks = pl.DataFrame(phones, schema={"pk": pl.Int64, "_phone": pl.String}, orient="row")
    return alike.join(marks, on="pk").select("name", "born_on", "_phone").drop_nulls().unique()


def _misnamed(frame: pl.DataFrame) -> list[pl.DataFrame]:
    """Guardians whose document goes with another name: elsewhere in the file, or, for new pupils, in the records.

    The name in the records is not told: whoever tries numbers must not learn whose they are.
    """
    columns = [(f"guardian{order}_id_number", f"guardian{order}_name") for order in GUARDIANS]
    named = pl.concat([frame.select(number=number, name=name).drop_nulls() for number, name in columns]).unique()
    names = named.sort("name").group_by("number").agg(pl.len(), others=pl.format("：{}", pl.col("name").str.join("、")))
    several = names.filter(pl.col("len") > 1).select("number", "others")
    new = frame.filter(pl.col("id").is_null())
    unknown = pl.concat([new.select(number=number).drop_nulls() for number, _name in columns]).unique()
    elsewhere = _recorded_otherwise(named.join(unknown, on="number", how="semi"))
    several = several.with_columns(owner=pl.lit(None, dtype=pl.Int64))
    wrong = pl.concat([several, elsewhere.select("number", "owner", others=pl.lit(""))], how="diagonal")
    wrong = wrong.unique("number", keep="first")
    return [
        problem_rows(
            frame.join(wrong, left_on=number, right_on="number"),
            "P516",
            number,
            other=pl.col("others"),
            subject="owner",
        )
        for number, _name in columns
    ]


def _recorded_otherwise(named: pl.DataFrame) -> pl.DataFrame:
    """The numbers that the records know under another name: `number`, and whose it is: `owner`."""
    marked = named.with_columns(digest=digest_series(DOCUMENT_SPACE, named["number"]))
    known = owners(DOCUMENT_SPACE, marked["digest"].unique().to_list())
    with whole_county("一人一号：监护人姓名须与登记一致"):
        both = with_names(marked.join(known, on="digest"), "person_id", "recorded")
    return both.filter(pl.col("name") != pl.col("recorded")).select("number", owner="person_id").unique("number")
