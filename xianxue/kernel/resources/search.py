"""How a text is looked for: from the beginning through an index first, anywhere inside only then."""

from collections.abc import Iterable
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

# The last character of Unicode: nothing that begins with a text sorts after text + LAST.
LAST = "\U0010ffff"


def beginning(path: str, text: str) -> Q:
    """The rows whose value at the path begins with the text.

    SQLite's LIKE cannot use an index once it carries ESCAPE, a range can; PostgreSQL has a pattern index for LIKE,
    and its ranges follow the collation.
    """
    if connection.vendor == "sqlite":
        return Q(**{f"{path}__gte": text, f"{path}__lt": text + LAST})
    return Q(**{f"{path}__startswith": text})


def any_beginning(paths: Iterable[str], text: str) -> Q:
    """The rows where a value at any of the paths begins with the text; no paths find nothing."""
    return reduce(or_, (beginning(path, text) for path in paths), Q(pk__in=[]))


def any_inside(paths: Iterable[str], text: str) -> Q:
    """The rows where a value at any of the paths contains the text."""
    return reduce(or_, (Q(**{f"{path}__contains": text}) for path in paths), Q(pk__in=[]))


def by_beginning_else_inside(rows: "QuerySet[Any]", paths: Iterable[str], text: str) -> "QuerySet[Any]":
    """Rows that begin with the text; when there are none, rows that contain it."""
    paths = tuple(paths)
    first = rows.filter(any_beginning(paths, text))
    return first if first.exists() else rows.filter(any_inside(paths, text))
