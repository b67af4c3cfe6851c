"""Which column of the pupils' sheet is kept in which field, and how text becomes value and back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

Kind = Literal["text", "date", "month", "flag"]


@dataclass(frozen=True)
class Stored:
    """A column that is one field of one model, under the same name."""

    name: str
    kind: Kind = "text"

    def values(self, texts: pl.Series) -> list[Any]:
        """Values for the model's field, from canonical text."""
        if self.kind == "date":
            return texts.str.to_date("%Y-%m-%d").to_list()
        if self.kind == "month":
            return (texts + "-01").str.to_date("%Y-%m-%d").to_list()
        if self.kind == "flag":
            return (texts == "1").to_list()
        return texts.fill_null("").to_list()

    def texts(self) -> pl.Expr:
        """Canonical text of the values read from the model's field."""
        column = pl.col(self.name)
        if self.kind == "date":
            return column.cast(pl.Date).dt.strftime("%Y-%m-%d").alias(self.name)
        if self.kind == "month":
            return column.cast(pl.Date).dt.strftime("%Y-%m").alias(self.name)
        if self.kind == "flag":
            flag = column.cast(pl.Boolean)
            text = pl.when(flag).then(pl.lit("1")).when(flag.not_()).then(pl.lit("0"))
            return text.alias(self.name)
        text = column.cast(pl.String)
        return pl.when(text != "").then(text).alias(self.name)


def _texts(*names: str) -> tuple[Stored, ...]:
    return tuple(Stored(name) for name in names)


PERSON = (
    *_texts("name", "sex"),
    Stored("born_on", "date"),
    *_texts("nationality", "ethnic_group", "political_status", "health", "blood_type", "former_name"),
    *_texts("birthplace", "native_place", "household_place", "household_kind", "address", "postal_code"),
)
ENROLMENT = (
    *_texts("class_no", "province_no"),
    Stored("entered_on", "month"),
    *_texts("entry_mode", "boarding", "source"),
    *(
        Stored(name, "flag")
        for name in (
            *("is_only_child", "had_preschool", "is_left_behind", "is_migrant_child", "is_orphan"),
            *("is_martyr_child", "learns_in_regular_class", "needs_aid", "has_boarding_aid"),
        )
    ),
    *_texts("disability"),
)
NUMBERS = ("student_no", "id_kind", "id_number")
PLACE = ("school", "grade", "class_number")
GUARDIANS = (1, 2)
GUARDIAN_PARTS = ("name", "relation", "id_number", "phone", "is_guardian")


def guardian_columns(order: int) -> tuple[str, ...]:
    """Names of the columns about the first or second guardian."""
    return tuple(f"guardian{order}_{part}" for part in GUARDIAN_PARTS)


COLUMNS = (
    *(stored.name for stored in (*PERSON, *ENROLMENT)),
    *NUMBERS,
    "phone",
    *PLACE,
    *(name for order in GUARDIANS for name in guardian_columns(order)),
)


def named(stored: Sequence[Stored]) -> dict[str, Stored]:
    """Stored columns by name."""
    return {item.name: item for item in stored}
