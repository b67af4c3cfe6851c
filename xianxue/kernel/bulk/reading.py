"""Many rows of a few columns: converted a column at a time, and every value of a column once.

Django converts value by value, in the order of the rows: of fifty thousand moments that are a thousand different ones it
makes fifty thousand. What is read here are plain values that many rows share: days, moments, lists in JSON.
"""

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from functools import cache, lru_cache
from itertools import chain
from typing import Any

# Django registers its own when it is imported; ours must come after.
from django.db.backends.sqlite3 import base as _before_ours  # noqa: F401 - see above
from django.db.models import QuerySet
from django.utils.dateparse import parse_date, parse_datetime

KEPT = 16_384
"""Days and moments whose texts SQLite's driver need not read again: all days of forty years, and what is read often."""


def _read_once(parse: Callable[[str], Any]) -> Callable[[bytes], Any]:
    return lru_cache(maxsize=KEPT)(lambda text: parse(text.decode()))


# The driver asks for every single value of every row; what it is given cannot be changed, so rows may share it.
sqlite3.register_converter("date", _read_once(parse_date))
for kind in ("datetime", "timestamp"):
    sqlite3.register_converter(kind, _read_once(parse_datetime))


def read(rows: QuerySet[Any, tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """All rows of a `values_list`, as it gives them itself, in a third of the time where columns have to be converted.

    Equal values of a column are one object: lists and mappings in JSON are not to be changed. The reach holds as ever.
    """
    compiler = rows.query.get_compiler(rows.db)
    return _plain(compiler, list(chain.from_iterable(compiler.execute_sql(chunked_fetch=False))))


def chunks(rows: QuerySet[Any, tuple[Any, ...]], size: int) -> Iterator[list[tuple[Any, ...]]]:
    """The rows of a `values_list` so many at a time, and no more of them in memory: as `iterator`, in one query."""
    compiler = rows.query.get_compiler(rows.db)
    for some in compiler.execute_sql(chunked_fetch=True, chunk_size=size):
        yield _plain(compiler, some)


def _plain(compiler: Any, found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Rows of the driver's with the values that Django has for them."""
    converters = compiler.get_converters([selected[0] for selected in compiler.select[: compiler.col_count]])
    if not converters or not found:
        return found
    columns: list[Sequence[Any]] = list(zip(*found, strict=True))
    for index, (steps, expression) in converters.items():
        columns[index] = list(map(_converter(steps, expression, compiler.connection), columns[index]))
    return list(zip(*columns, strict=True))


def _converter(steps: Sequence[Any], expression: Any, connection: Any) -> Callable[[Any], Any]:
    """What takes a value of the driver's through these steps of Django's, equal ones once."""
    # SQLite keeps moments without their zone, and Django asks three things of each before it puts that back.
    zone = connection.timezone if steps == [getattr(connection.ops, "convert_datetimefield_value", None)] else None

    @cache
    def converted(value: Any) -> Any:
        if zone is not None and type(value) is datetime and value.tzinfo is None:
            return value.replace(tzinfo=zone)
        for step in steps:
            value = step(value, expression, connection)
        return value

    return converted
