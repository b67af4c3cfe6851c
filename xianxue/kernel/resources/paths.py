"""ORM paths of columns: what they name, what to join for them, and the value at their end."""

from collections.abc import Iterable
from difflib import get_close_matches
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db.models import Field, Model
from django.db.models.constants import LOOKUP_SEP

from xianxue.kernel.columns import Column

PathField = Any


def walk(model: type[Model], path: str) -> tuple[list[str], PathField | None, str]:
    """Follow a path: (relations passed, the field at its end or None, the part that is no field or "").

    Only forward relations and one-to-one links are followed: others have many rows and belong in a panel.
    """
    relations: list[str] = []
    here: Any = model
    parts = path.split(LOOKUP_SEP)
    for index, part in enumerate(parts):
        try:
            field = here._meta.pk if part == "pk" else here._meta.get_field(part)
        except FieldDoesNotExist:
            return relations, None, part
        if index == len(parts) - 1:
            return relations, field, ""
        if not (field.many_to_one or field.one_to_one):
            return relations, None, part
        relations.append(part)
        here = field.related_model
    return relations, None, path


def is_field(model: type[Model], path: str) -> bool:
    """Whether the path ends at a field of the database, so that it can be sorted and filtered by."""
    field = walk(model, path)[1]
    return isinstance(field, Field)


def joins(model: type[Model], columns: Iterable[Column]) -> list[str]:
    """Relations to be selected together with the rows, so that showing the columns runs no query."""
    found: set[str] = set()
    for column in columns:
        relations, field, _missing = walk(model, column.orm_path)
        if relations:
            found.add(LOOKUP_SEP.join(relations))
        if field is not None and (field.many_to_one or field.one_to_one):
            found.add(column.orm_path)
    return sorted(found)


def value(row: Any, path: str) -> Any:
    """What stands at the end of the path; None where a link on the way is empty."""
    for part in path.split(LOOKUP_SEP):
        if row is None:
            return None
        row = getattr(row, part, None)
    return row


def names_at(model: type[Model], path: str) -> list[str]:
    """Names that could stand where the path breaks, for a message that helps."""
    relations = walk(model, path)[0]
    here: Any = model
    for part in relations:
        here = here._meta.get_field(part).related_model
    return [field.name for field in here._meta.get_fields()]


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """` (did you mean "grade"?)`, or nothing when no known name is near."""
    near = get_close_matches(word, list(known), n=1, cutoff=0.5)
    return f' (did you mean "{near[0]}"?)' if near else ""
