"""Rows as text and back, so that the history can hold what a merge took away or changed."""

from collections.abc import Mapping
from typing import Any

from django.apps import apps
from django.db.models import Model

Values = dict[str, str | None]


def text_of(row: Model, name: str) -> str | None:
    """A field's value as text; None for null."""
    field = row._meta.get_field(name)
    return None if field.value_from_object(row) is None else str(field.value_to_string(row))  # type: ignore[union-attr]  # a concrete field


def as_text(row: Model) -> Values:
    """Every concrete field of a row, by its attribute."""
    return {field.attname: text_of(row, field.name) for field in row._meta.concrete_fields}


def from_text(model: type[Model], values: Mapping[str, str | None]) -> dict[str, Any]:
    """Values of fields, read from text."""
    fields = {field.attname: field for field in model._meta.concrete_fields}
    return {name: None if text is None else fields[name].to_python(text) for name, text in values.items()}


def model_of(label: str) -> type[Model]:
    """The model called `app.model`."""
    return apps.get_model(label)
