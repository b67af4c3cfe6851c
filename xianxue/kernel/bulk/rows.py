"""Insert, update and delete many rows through the driver (executemany on SQLite, COPY on PostgreSQL).

For commands only: these functions know no reach and write no history.
Values are Python values of the fields; `None` is NULL. Database constraints still hold.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from django.db import connection, models

from xianxue.kernel.crypto import SealedTextField, seal_texts

# Types whose Python values both drivers take as they are.
PLAIN = {
    "AutoField", "BigAutoField", "BigIntegerField", "BooleanField", "CharField", "ForeignKey", "IntegerField",
    "OneToOneField", "PositiveIntegerField", "PositiveSmallIntegerField", "SmallIntegerField",
}  # fmt: skip
BATCH = 5_000


def _columns(model: type[models.Model], names: Sequence[str]) -> list[models.Field[Any, Any]]:
    by_name = {name: field for field in model._meta.concrete_fields for name in (field.name, field.attname)}
    return [by_name[name] for name in names]


def _converter(field: models.Field[Any, Any]) -> Callable[[Sequence[Any]], Sequence[Any]] | None:
    """What turns a column of Python values into what the driver takes; None where it takes them as they are."""
    kind = field.get_internal_type()
    if kind in PLAIN or (kind == "DateField" and connection.vendor == "postgresql"):
        return None
    if kind == "DateField":
        return lambda column: [
            value.isoformat() if value is not None and not isinstance(value, str) else value for value in column
        ]
    if isinstance(field, SealedTextField):
        return _sealed
    return lambda column: [None if value is None else field.get_db_prep_save(value, connection) for value in column]


def _sealed(column: Sequence[str | None]) -> list[str | None]:
    """Tokens of the texts; nothing and empty text stay what they are."""
    tokens = iter(seal_texts([text for text in column if text]))
    return [next(tokens) if text else text for text in column]


def _batches(
    fields: Sequence[models.Field[Any, Any]], rows: Iterable[Sequence[Any]]
) -> Iterator[Sequence[Sequence[Any]]]:
    """The rows in batches, converted a column at a time."""
    converters = [(index, convert) for index, field in enumerate(fields) if (convert := _converter(field))]
    left = iter(rows)
    while batch := list(islice(left, BATCH)):
        if not converters:
            yield batch
            continue
        columns: list[Sequence[Any]] = list(zip(*batch, strict=True))
        for index, convert in converters:
            columns[index] = convert(columns[index])
        yield list(zip(*columns, strict=True))


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
    count = 0
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # The driver's own method: Django's wrapper, which renames errors, is put on by hand.
            statement = f"COPY {table} ({columns}) FROM STDIN"
            with connection.wrap_database_errors, cursor.cursor.copy(statement) as copy:
                for batch in _batches(fields, rows):
                    for row in batch:
                        copy.write_row(row)
                    count += len(batch)
            return count
        marks = ", ".join(["%s"] * len(fields))
        for batch in _batches(fields, rows):
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
        for batch in _batches([*fields, model._meta.pk], turned):
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
        for batch in _batches([field], ([value] for value in values)):
            cursor.executemany(f"DELETE FROM {table} WHERE {column} = %s", batch)
            count += len(batch)
    return count


def refresh_statistics() -> None:
    """Let the database count its rows again after a large load: plans made for empty tables are slow ones."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
