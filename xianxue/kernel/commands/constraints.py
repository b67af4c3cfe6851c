"""What the database refused, in the words that stand beside the constraint.

A constraint that somebody breaks is no fault of the program: two people wrote at once, or no check above it asked.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.apps import apps
from django.db import IntegrityError
from django.db.models import BaseConstraint, Field, Model, UniqueConstraint

# SQLite names a check; of a unique key it names the columns, of one over an expression the index.
CHECK = re.compile(r"^CHECK constraint failed: (?P<name>\w+)$")
INDEX = re.compile(r"^UNIQUE constraint failed: index '(?P<name>\w+)'$")
COLUMNS = re.compile(r"^UNIQUE constraint failed: (?P<columns>\w+\.\w+(?:, \w+\.\w+)*)$")
# What PostgreSQL tells beside the name, in every language of the server: Key (unit_id, number)=(3, 7) …
KEY = re.compile(r"\((?P<columns>[^()=]+)\)=\(")


@dataclass(frozen=True)
class Broken:
    """A constraint that a write would have broken: its words, and the field beside which they are shown (or none)."""

    message: str
    field: str = ""


def broken(error: IntegrityError) -> Broken | None:
    """What the error says, where its constraint has words; None for every other, which is a bug. Asks no database."""
    diagnosis = getattr(error.__cause__, "diag", None)
    if diagnosis is not None:
        key = KEY.search(diagnosis.message_detail or "")
        columns = key["columns"].split(", ") if key else []
        return _lookup(diagnosis.constraint_name or "", [f"{diagnosis.table_name}.{column}" for column in columns])
    text = str(error)
    named, keyed = CHECK.match(text) or INDEX.match(text), COLUMNS.match(text)
    return _lookup(named["name"] if named else "", keyed["columns"].split(", ") if keyed else [])


def _lookup(name: str, columns: Iterable[str]) -> Broken | None:
    by_name, by_columns = _known()
    return by_name.get(name) or by_columns.get(frozenset(columns))


def has_words(constraint: BaseConstraint) -> bool:
    """Whether a constraint says in words of its own what it refuses."""
    return bool(constraint.violation_error_message) and (
        constraint.violation_error_message != constraint.default_violation_error_message
    )


def words_of(field: "Field[Any, Any]") -> str:
    """What a unique field says where a value is taken; empty where Django would say it, in general words."""
    words = field.error_messages["unique"]
    return "" if words is Field.default_error_messages["unique"] else str(words)


def unique_fields(model: type[Model]) -> Iterator["Field[Any, Any]"]:
    """Fields of the model's own table that are unique by themselves, the primary key left out."""
    return (field for field in model._meta.local_fields if field.unique and not field.primary_key)


@cache
def _known() -> tuple[dict[str, Broken], dict[frozenset[str], Broken]]:
    """All constraints that have words: by name, and unique ones by their columns (`table.column`)."""
    by_name: dict[str, Broken] = {}
    by_columns: dict[frozenset[str], Broken] = {}
    for model in apps.get_models():
        table = model._meta.db_table
        for field in unique_fields(model):
            if words := words_of(field):
                by_columns[frozenset([f"{table}.{field.column}"])] = Broken(words, field.name)
        for constraint in filter(has_words, model._meta.constraints):
            fields = constraint.fields if isinstance(constraint, UniqueConstraint) else ()
            refusal = Broken(str(constraint.violation_error_message), fields[-1] if fields else "")
            by_name[constraint.name] = refusal
            if fields:
                columns = (getattr(model._meta.get_field(name), "column", name) for name in fields)
                by_columns[frozenset(f"{table}.{column}" for column in columns)] = refusal
    return by_name, by_columns
