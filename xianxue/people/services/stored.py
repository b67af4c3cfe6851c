"""How canonical text becomes a field's value and back, a column at a time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

import polars as pl

Kind = Literal["text", "date", "month", "flag"]
POLARS = {"text": pl.String, "date": pl.Date, "month": pl.Date, "flag": pl.Boolean}


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
            return pl.when(flag).then(pl.lit("1")).when(flag.not_()).then(pl.lit("0")).alias(self.name)
        return text_or_null(self.name)


def text_or_null(name: str) -> pl.Expr:
    """Empty text as null."""
    column = pl.col(name).cast(pl.String)
    return pl.when(column != "").then(column).alias(name)


def texts(*names: str) -> tuple[Stored, ...]:
    """Columns of plain text."""
    return tuple(Stored(name) for name in names)


def named(stored: Sequence[Stored]) -> dict[str, Stored]:
    """Stored columns by name."""
    return {item.name: item for item in stored}


def paths(prefix: str, stored: Sequence[Stored]) -> tuple[str, ...]:
    """ORM paths of the columns behind a relation."""
    return tuple(prefix + item.name for item in stored)


def schema(stored: Sequence[Stored]) -> dict[str, Any]:
    """Types of the columns as read from the database."""
    return {item.name: POLARS[item.kind] for item in stored}
