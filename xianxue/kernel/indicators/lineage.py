"""Where a figure comes from, read out of its query: the tables and fields that it touches."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import AutoField, Field, Model, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import Col
from django.db.models.sql import Query

from xianxue.kernel.indicators.measures import Distinct, Rows, Sum


@dataclass(frozen=True)
class Source:
    """A table with the fields that a figure reads; `label` and `fields` are the words that people use."""

    table: str
    label: str
    fields: tuple[str, ...]


def lineage(rows: Rows) -> list[Source]:
    """Tables and fields behind the rows, the one of the rows themselves first."""
    found: dict[type[Model], dict[str, None]] = {}
    for field in _touched(rows):
        names = found.setdefault(field.model, {})
        if not isinstance(field, AutoField):
            names[str(field.verbose_name)] = None
    return [Source(model._meta.db_table, str(model._meta.verbose_name), tuple(names)) for model, names in found.items()]


def _touched(rows: Rows) -> Iterator["Field[Any, Any]"]:
    yield from _end_of(rows.queryset, "pk")
    yield from _end_of(rows.queryset, rows.unit)
    if isinstance(rows.measure, Sum | Distinct):
        yield from _end_of(rows.queryset, rows.measure.field)
    yield from _in(rows.queryset.query)
    if rows.per is not None:
        yield from _touched(rows.per)


def _end_of(queryset: "QuerySet[Any]", path: str) -> Iterator["Field[Any, Any]"]:
    """The fields along a path, relations included; or those that an annotation of that name is made of."""
    if path in queryset.query.annotations:
        yield from _in(queryset.query.annotations[path])
        return
    model: Any = queryset.model
    for name in path.split(LOOKUP_SEP):
        field = model._meta.pk if name == "pk" else model._meta.get_field(name)
        yield field
        model = field.related_model


def _in(node: Any) -> Iterator["Field[Any, Any]"]:
    """Fields of all columns in an expression, a condition or a subquery."""
    if isinstance(node, Col):
        yield node.target
    elif isinstance(node, Query):
        yield from _in(node.where)
        for annotation in node.annotations.values():
            yield from _in(annotation)
        for selected in node.select:
            yield from _in(selected)
    elif hasattr(node, "children"):
        for child in node.children:
            yield from _in(child)
    elif hasattr(node, "get_source_expressions"):
        for expression in node.get_source_expressions():
            yield from _in(expression)
        yield from _in(getattr(node, "query", None))
    else:
        yield from ()
