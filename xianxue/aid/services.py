"""What is written about aid: rows of the ledger, by the aid office's sheet; and the rate card of this release."""

import tomllib
from collections.abc import Collection, Mapping, Sequence
from decimal import Decimal
from importlib import resources
from typing import Any

import polars as pl

from xianxue.aid import selectors
from xianxue.aid.access import KEEPS_AID
from xianxue.aid.models import AidGrant, AidProgramme, RateCard
from xianxue.aid.rules import amounts_on_card
from xianxue.kernel import bulk
from xianxue.kernel.sheets import Context, Resolution, Writer, no_problems, problem_rows
from xianxue.organisations.models import Term
from xianxue.people.models import Enrolment
from xianxue.people.rules import STUDENT_SPACE
from xianxue.people.services.numbers import student_numbers, with_names, with_owner

# Columns of the sheet that are fields of the model under another name, or need another value than their text.
FIELDS = {
    "school": "school_id",
    "programme": "programme_id",
    "term": "term_id",
    "tier": "tier",
    "hardship": "category",
    "amount": "amount_fen",
    "paid_on": "paid_on",
}
NUMBERS = ("school", "programme", "term", "amount")


def load_rates(programme_model: type[AidProgramme] = AidProgramme, rate_model: type[RateCard] = RateCard) -> None:
    """Write programmes and rates of this release where none are installed. Leaves no history: it is part of it.

    A migration passes its own models.
    """
    file = resources.files("xianxue.aid").joinpath("data/rates.toml")
    for order, data in enumerate(tomllib.loads(file.read_text(encoding="utf-8"))["programme"], 1):
        facts = {"name": data["name"], "stages": ",".join(data["stages"]), "source": data["source"], "order": order}
        programme, is_new = programme_model.objects.get_or_create(code=data["code"], defaults=facts)
        if is_new:
            rate_model.objects.bulk_create(rate_model(programme=programme, **_rate(rate)) for rate in data["rates"])


def _rate(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "stage": data.get("stage", ""),
        "tier": data.get("tier", ""),
        "boarding": data.get("boarding", ""),
        "amount_fen": int(Decimal(data["yuan"]) * 100),
        "valid_from": data["valid_from"],
        "valid_to": data.get("valid_to"),
    }


class GrantWriter(Writer):
    """The ledger's side of its sheet; a record's `id` is the grant's, its unit the paying school."""

    subject_type = "aid.aidgrant"
    grant = KEEPS_AID

    def resolve(self, rows: pl.DataFrame, context: Context) -> Resolution:
        frame = rows.with_columns(unit_id=context.unit_of("school"))
        frame = with_owner(frame, STUDENT_SPACE, "student_no", "_person_id")
        frame = frame.join(_pupils(frame["_person_id"].drop_nulls().unique()), on="_person_id", how="left")
        frame = frame.join(_known_grants(frame), on=("_person_id", "programme", "term"), how="left")
        is_unknown = pl.col("student_no").is_not_null() & pl.col("_person_id").is_null()
        problems = [
            problem_rows(frame, "P601", "student_no", is_unknown),
            problem_rows(frame, "P602", "name", pl.col("_name") != pl.col("name")),
            problem_rows(frame, "W602", "school", ~pl.col("unit_id").is_in(pl.col("_schools"))),
            _off_card(frame),
        ]
        return Resolution(frame.select("row", "id", "unit_id", "_person_id"), pl.concat(problems))

    def current(self, ids: Sequence[int], *, reveal: Collection[str] = ()) -> pl.DataFrame:
        paths = ("pk", "school_id", "person_id", "person__name", *list(FIELDS.values())[1:])
        schema = {"id": pl.Int64, "school": pl.Int64, "_person": pl.Int64, "name": pl.String}
        schema |= {name: _type(name) for name in list(FIELDS)[1:]}
        found = list(AidGrant.objects.filter(pk__among=ids).values_list(*paths))
        frame = pl.DataFrame(found, schema=schema, orient="row")
        numbers = student_numbers(frame["_person"].unique(), reveal="student_no" in reveal)
        frame = frame.join(numbers.rename({"id": "_person"}), on="_person", how="left")
        texts = [pl.col(name).cast(pl.String) for name in NUMBERS]
        empty = [pl.when(pl.col(name) != "").then(pl.col(name)).alias(name) for name in ("tier", "hardship")]
        frame = frame.with_columns(*texts, *empty, pl.col("paid_on").dt.strftime("%Y-%m-%d"))
        return frame.select("id", "student_no", "name", *FIELDS)

    def insert(self, rows: pl.DataFrame, context: Context) -> Sequence[int]:
        ids = bulk.next_ids(AidGrant, rows.height)
        values = [_values(name, rows["unit_id"] if name == "school" else rows[name]) for name in FIELDS]
        bulk.insert(
            AidGrant,
            ("id", "person_id", *FIELDS.values()),
            zip(ids, rows["_person_id"].to_list(), *values, strict=True),
        )
        return ids

    def change(self, cells: pl.DataFrame, context: Context) -> None:
        for (name,), part in cells.group_by("column"):
            if field := FIELDS.get(str(name)):
                pairs = zip(part["id"].to_list(), _values(str(name), part["new"]), strict=True)
                bulk.update(AidGrant, (field,), pairs)

    def remove(self, ids: Sequence[int], context: Context) -> Mapping[int, str]:
        bulk.delete(AidGrant, "id", ids)
        return {}


def _type(name: str) -> type[pl.DataType]:
    return pl.Date if name == "paid_on" else pl.Int64 if name in NUMBERS else pl.String


def _values(name: str, texts: pl.Series) -> list[Any]:
    """Values for the model's field, from canonical text."""
    if name == "paid_on":
        return texts.str.to_date("%Y-%m-%d").to_list()
    if name in NUMBERS:
        return texts.cast(pl.Int64).to_list()
    return texts.fill_null("").to_list()


def _pupils(person_ids: pl.Series) -> pl.DataFrame:
    """Name, stage now, and all schools of the pupils, in reach."""
    people = with_names(
        pl.DataFrame({"_person_id": person_ids}, schema={"_person_id": pl.Int64}), "_person_id", "_name"
    )
    enrolments = Enrolment.objects.filter(person_id__among=person_ids).order_by("entered_on")
    places = list(enrolments.values_list("person_id", "school_id", "stage"))
    schema = {"_person_id": pl.Int64, "_school": pl.Int64, "_stage": pl.String}
    enrolled = pl.DataFrame(places, schema=schema, orient="row").group_by("_person_id", maintain_order=True)
    return people.join(
        enrolled.agg(_schools=pl.col("_school"), _stage=pl.col("_stage").last()), on="_person_id", how="left"
    )


def _known_grants(frame: pl.DataFrame) -> pl.DataFrame:
    grants = AidGrant.objects.filter(person_id__among=frame["_person_id"].drop_nulls().unique())
    rows = grants.values_list("pk", "person_id", "programme_id", "term_id")
    found = [(pk, person, str(programme), str(term)) for pk, person, programme, term in rows]
    schema = {"id": pl.Int64, "_person_id": pl.Int64, "programme": pl.String, "term": pl.String}
    return pl.DataFrame(found, schema=schema, orient="row")


def _off_card(frame: pl.DataFrame) -> pl.DataFrame:
    """Amounts that the rate card does not know; each combination is looked up once."""
    asked = ["programme", "term", "tier", "_stage", "amount"]
    combinations = frame.select(asked).unique().drop_nulls(["programme", "term", "amount"])
    card, days = selectors.rates(), dict(Term.objects.values_list("pk", "starts_on"))
    unknown = []
    for programme, term, tier, stage, amount in combinations.iter_rows():
        known = amounts_on_card(
            card, programme_id=int(programme), stage=stage or "", tier=tier or "", on=days[int(term)]
        )
        if int(amount) not in known:
            other = "、".join(f"{fen / 100:g} 元" for fen in sorted(known)) or "—"
            unknown.append((programme, term, tier, stage, amount, other))
    if not unknown:
        return no_problems()
    table = pl.DataFrame(unknown, schema=dict.fromkeys([*asked, "_card"], pl.String), orient="row")
    off = frame.join(table, on=asked, how="inner", nulls_equal=True)
    return problem_rows(off, "W601", "amount", other=pl.col("_card"))
