"""The read-only tables, laid open for a moment: to empty the test database, or to tamper as its owner could.

It drops the triggers and makes them anew, which only the owner of the tables may do. The application cannot ask for it.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from xianxue.kernel.history.triggers import PREFIX


def _there() -> list[tuple[str, str, str]]:
    """Name, table and making of every trigger."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT tgname, tgrelid::regclass::text, pg_get_triggerdef(oid) FROM pg_trigger WHERE starts_with(tgname, %s)",
                [PREFIX],
            )
        else:
            cursor.execute(
                "SELECT name, tbl_name, sql FROM sqlite_master WHERE type = 'trigger' AND substr(name, 1, %s) = %s",
                [len(PREFIX), PREFIX],
            )
        return [tuple(row) for row in cursor.fetchall()]


@contextmanager
def lifted() -> Iterator[None]:
    """No table is read only inside the block."""
    triggers = _there()
    with connection.cursor() as cursor:
        for name, table, _making in triggers:
            cursor.execute(f"DROP TRIGGER {name}" + (f" ON {table}" if connection.vendor == "postgresql" else ""))
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            for _name, _table, making in triggers:
                cursor.execute(making)
