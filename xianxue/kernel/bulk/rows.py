"""Insert, update and delete many rows through the driver (executemany on SQLite, COPY on PostgreSQL).

For commands only: these functions know no reach and write no history.
Values are Python values of the fields; `None` is NULL. Database constraints still hold.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

from xianxue.kernel.crypto import SealedTextField, sealer

# Types whose Python values both drivers take as they are.
PLAIN = {
    "AutoField", "BigAutoField", "BigIntegerField", "BooleanField", "CharField", "ForeignKey", "IntegerField",
    "OneToOneField", "PositiveIntegerField", "PositiveSmallIntegerField", "SmallIntegerField",
}  # fmt: skip
BATCH = 5_000


def _columns(model: type[models.Model], names: Sequence[str]) -> list[models.Field[Any, Any]]:
    by_name = {name: field for field in model._meta.concrete_fields for name in (field.name, field.attname)}
    return [by_name[name] for name in names]


def _converter(field: models.Field[Any, Any]) -> Callable[[Any], Any] | None:
    kind = field.get_internal_type()
    if kind in PLAIN or (kind == "DateField" and connection.vendor == "postgresql"):
        return None
    if kind == "DateField":
        return lambda value: value.isoformat() if value is not None and not isinstance(value, str) else value
    if isinstance(field, SealedTextField):
        seal = sealer()
        return lambda value: value and seal(value)
    return lambda value: None if value is None else field.get_db_prep_save(value, connection)


def _converted(fields: Sequence[models.Field[Any, Any]], rows: Iterable[Sequence[Any]]) -> Iterator[Sequence[Any]]:
    converters = [(index, convert) for index, field in enumerate(fields) if (convert := _converter(field))]
    if not converters:
        yield from rows
        return
    for row in rows:
        values = list(row)
        for index, convert in converters:
            values[index] = convert(values[index])
        yield values


def _batches(rows: Iterator[Sequence[Any]]) -> Iterator[list[Sequence[Any]]]:
    while batch := list(islice(rows, BATCH)):
        yield batch


def _quoted(*fields: models.Field[Any, Any]) -> str:
    return ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)


def next_ids(model: type[models.Model], count: int) -> range | list[int]:
    """Reserve primary keys for rows about to be inserted, in rising order.

    Call it inside the command's transaction: on SQLite the write lock is what makes the reservation safe.
    """
    table, pk = model._meta.db_table, model._meta.pk.column
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)", [table, pk, count]
            )
            return [row[0] for row in cursor.fetchall()]
        # AUTOINCREMENT never gives a number twice, so neither may we: ask its own counter.
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        start = (found[0] if found else 0) + 1
        return range(start, start + count)


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Insert rows given as tuples of the named fields; returns how many.

    Every column without a database default must be named: Python defaults are not applied.
    """
    fields = _columns(model, names)
    table = connection.ops.quote_name(model._meta.db_table)
    columns = _quoted(*fields)
    values = _converted(fields, rows)
    count = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The driver's own method: Django's wrapper, which renames errors, is put on by hand.
            statement = f"COPY {table} ({columns}) FROM STDIN"
            with connection.wrap_database_errors, cursor.cursor.copy(statement) as copy:
                for row in values:
                    copy.write_row(row)
                    count += 1
            return count
        marks = ", ".join(["%s"] * len(fields))
        for batch in _batches(values):
            cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", batch)
            count += len(batch)
    return count


def update(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Update rows given as (primary key, values of the named fields…); returns how many were given."""
    fields = _columns(model, names)
    table, pk = connection.ops.quote_name(model._meta.db_table), _quoted(model._meta.pk)
    settings = ", ".join(f"{_quoted(field)} = %s" for field in fields)
    count = 0
    with connection.cursor() as cursor:
        turned = ((*row[1:], row[0]) for row in rows)
        for batch in _batches(_converted([*fields, model._meta.pk], turned)):
            cursor.executemany(f"UPDATE {table} SET {settings} WHERE {pk} = %s", batch)
            count += len(batch)
    return count


def delete(model: type[models.Model], name: str, values: Iterable[Any]) -> int:
    """Delete the rows whose named field has one of the values; returns how many values were given.

    No cascade: the caller removes what points at these rows first, or the database refuses.
    """
    (field,) = _columns(model, [name])
    table, column = connection.ops.quote_name(model._meta.db_table), _quoted(field)
    count = 0
    with connection.cursor() as cursor:
        for batch in _batches(_converted([field], ([value] for value in values))):
            cursor.executemany(f"DELETE FROM {table} WHERE {column} = %s", batch)
            count += len(batch)
    return count


def refresh_statistics() -> None:
    """Let the database count its rows again after a large load: plans made for empty tables are slow ones."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
