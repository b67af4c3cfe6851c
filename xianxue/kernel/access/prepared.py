"""Queries of one shape, asked with every page: the ORM makes their SQL once a process, each call fills in its values.

For one row by its key, making the SQL takes the ORM five times as long as the database takes to answer.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Expression, Field, QuerySet

from xianxue.kernel.access.models import ReachQuerySet


class Slot(Expression):
    """A value that each call gives, converted as the field would; stands where a condition's value stands."""

    def __init__(self, name: str, output_field: Field[Any, Any]) -> None:
        super().__init__(output_field=output_field)
        self.name = name

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        """One parameter: this slot itself, for the call to replace."""
        del compiler, connection
        return "%s", (self,)


@dataclass(frozen=True, slots=True)
class _Made:
    sql: str
    parameters: tuple[Any, ...]
    columns: tuple[Any, ...]


# What no row can be, such as what waits for a person without a role: the database is not asked.
NOTHING = _Made("", (), ())


class Prepared:
    """The rows of a queryset whose values come with each call.

    `build` makes the queryset of slots, with `values_list`; it is called once a process and database. Its SQL depends
    on the code alone, so it cannot grow old. Trap: a condition that Django writes differently for different values
    (None, an empty list) cannot hang on a slot.
    """

    def __init__(self, build: Callable[[], QuerySet[Any, Any]]) -> None:
        self.build = build
        self._made: dict[str, _Made] = {}

    def rows(self, **values: Any) -> list[tuple[Any, ...]]:
        """The rows for these values. Raises KeyError for a slot that was given none. One query."""
        made = self._of_database()
        if made is NOTHING:
            return []
        return _converted(_answer(made.sql, made, values), made.columns)

    def first(self, **values: Any) -> tuple[Any, ...] | None:
        """The first row for these values, or None. One query."""
        return next(iter(self.rows(**values)), None)

    def count(self, **values: Any) -> int:
        """How many rows there are for these values. One query."""
        made = self._of_database()
        if made is NOTHING:
            return 0
        [(count,)] = _answer(f"SELECT COUNT(*) FROM ({made.sql}) counted", made, values)  # noqa: S608 - SQL of the ORM
        return int(count)

    def _of_database(self) -> _Made:
        # SQLite and PostgreSQL are spoken to differently; one process may have known both, in tests.
        made = self._made.get(connection.vendor)
        if made is None:
            made = self._made[connection.vendor] = _make(self.build())
        return made


def _answer(sql: str, made: _Made, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    parameters = [
        each.output_field.get_db_prep_value(values[each.name], connection) if isinstance(each, Slot) else each
        for each in made.parameters
    ]
    with connection.cursor() as cursor:
        cursor.execute(sql, parameters)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    return rows


def _make(queryset: QuerySet[Any, Any]) -> _Made:
    if isinstance(queryset, ReachQuerySet):
        # Its SQL holds one reader's reach, and would be run for the next.
        message = f"{queryset.model._meta.label} is read in a reach: such a query cannot be prepared."
        raise TypeError(message)
    compiler = queryset.query.get_compiler(connection=connection)
    try:
        sql, parameters = compiler.as_sql()
    except EmptyResultSet:
        return NOTHING
    return _Made(sql, tuple(parameters), tuple(column for column, _sql, _alias in compiler.select))


def _converted(rows: Sequence[Any], columns: Sequence[Any]) -> list[tuple[Any, ...]]:
    """What the database tells, as Python's values; the converters are asked anew, for they belong to the connection."""
    converters = {}
    for place, column in enumerate(columns):
        of_database = connection.ops.get_db_converters(column)
        of_field = column.get_db_converters(connection)
        if of_database or of_field:
            converters[place] = (column, [*of_database, *of_field])
    if not converters or not rows:
        return [tuple(row) for row in rows]
    changed = []
    for row in rows:
        values = list(row)
        for place, (column, calls) in converters.items():
            for call in calls:
                values[place] = call(values[place], column, connection)
        changed.append(tuple(values))
    return changed
