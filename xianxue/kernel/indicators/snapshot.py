"""Reading many figures as of one moment, while others go on writing."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """All reads of the block see the database as it was at the first of them; nobody waits for the block.

    PostgreSQL: REPEATABLE READ. SQLite: a deferred transaction, which in WAL mode is a snapshot; the transactions that
    write are immediate ones. The block must not write. Inside a transaction that is already open it is that one's.
    """
    if connection.in_atomic_block:
        yield
        return
    mode = getattr(connection, "transaction_mode", None)
    if connection.vendor == "sqlite":
        connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]  # of SQLite's wrapper
    try:
        with transaction.atomic():
            if connection.vendor == "postgresql":
                with connection.cursor() as cursor:
                    cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    finally:
        if connection.vendor == "sqlite":
            connection.transaction_mode = mode  # type: ignore[attr-defined]  # of SQLite's wrapper
