"""The lock that puts commands in one order, taken before the head of the log is read."""

from django.db import connection

# Any fixed number that nothing else in the database uses.
LOG_LOCK = 360_922


def lock_the_log() -> None:
    """Wait until no other transaction writes history; held until the transaction ends.

    SQLite: transactions are opened with BEGIN IMMEDIATE (settings), which is that lock already.
    A row lock would not do: the row that two appenders fight for does not exist yet.
    """
    if not connection.in_atomic_block:
        message = "The log is locked inside a transaction only."
        raise RuntimeError(message)
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOG_LOCK])
