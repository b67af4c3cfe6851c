"""Tables that the database itself keeps from being rewritten, on both engines.

A migration says `triggers.read_only("app_table")`; the app's `ready` says `triggers.expect("app_table")`, so that a
check finds out when a trigger has gone (SQLite loses them when a later migration makes the table anew).
Triggers stop mistakes, and whoever got in through the application. The owner of the database can drop them: against him
stand the hashes, and the checkpoints outside the house.
"""

from collections.abc import Callable
from typing import Any

from django.db import connection, migrations

PREFIX = "xianxue_read_only_"
_POSTGRES_FUNCTION = """
CREATE OR REPLACE FUNCTION xianxue_read_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION 'xianxue: % is read only (%)', TG_TABLE_NAME, TG_OP USING ERRCODE = 'integrity_constraint_violation'; END $$
"""
_expected: set[str] = set()


def expect(*tables: str) -> None:
    """Declare that these tables must have their triggers."""
    _expected.update(tables)


def missing() -> list[str]:
    """Expected tables of which a trigger has gone."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # 'D' is disabled: there, and of no use.
            cursor.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'")
        else:
            cursor.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'")
        there = {name for (name,) in cursor.fetchall()}
    events = ("update", "delete", "truncate" if connection.vendor == "postgresql" else "insert")
    return sorted(table for table in _expected if not {_name(table, event) for event in events} <= there)


def read_only(table: str, *, key: str = "id", update_unless: str = "", delete_if: str = "") -> migrations.RunPython:
    """A migration's operation: rows of the table are only ever added.

    `key` is the primary key's column. `update_unless` is a condition over OLD and NEW under which an UPDATE is refused
    (default: always). `delete_if` is a condition over OLD under which a DELETE is allowed (default: never).
    """
    conditions = {"update": update_unless, "delete": f"NOT ({delete_if})" if delete_if else ""}
    return migrations.RunPython(_creating(table, key, conditions), _dropping(table), elidable=False)


def _name(table: str, event: str) -> str:
    return f"{PREFIX}{table}_{event}"


def _creating(table: str, key: str, conditions: dict[str, str]) -> Callable[[Any, Any], None]:
    def create(_apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            statements = [_POSTGRES_FUNCTION, *_for_postgres(table, conditions)]
        else:
            statements = list(_for_sqlite(table, key, conditions))
        for statement in statements:
            editor.execute(statement, params=None)

    return create


def _for_postgres(table: str, conditions: dict[str, str]) -> list[str]:
    # A condition with a query in it cannot stand in WHEN: a deletion then asks in a function of its own.
    statements = []
    for event, condition in conditions.items():
        function = "xianxue_read_only()"
        if event == "delete" and condition:
            function = f"{_name(table, event)}()"
            statements.append(
                f"CREATE OR REPLACE FUNCTION {function} RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                f"IF {condition} THEN RAISE EXCEPTION 'xianxue: % is read only (%)', TG_TABLE_NAME, TG_OP "
                "USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN OLD; END $$"
            )
        when = f"WHEN ({condition}) " if event == "update" and condition else ""
        statements.append(
            f"CREATE TRIGGER {_name(table, event)} BEFORE {event.upper()} ON {table} "
            f"FOR EACH ROW {when}EXECUTE FUNCTION {function}"
        )
    statements.append(
        f"CREATE TRIGGER {_name(table, 'truncate')} BEFORE TRUNCATE ON {table} "
        "FOR EACH STATEMENT EXECUTE FUNCTION xianxue_read_only()"
    )
    return statements


def _for_sqlite(table: str, key: str, conditions: dict[str, str]) -> list[str]:
    # REPLACE deletes without asking the trigger of deletions: an insertion over a row is refused as well.
    over_a_row = f"EXISTS (SELECT 1 FROM {table} WHERE {key} = NEW.{key})"  # noqa: S608 - names of our own migrations
    return [
        f"CREATE TRIGGER {_name(table, event)} BEFORE {event.upper()} ON {table} "
        f"{f'WHEN {condition} ' if condition else ''}"
        f"BEGIN SELECT RAISE(ABORT, 'xianxue: {table} is read only ({event.upper()})'); END"
        for event, condition in {**conditions, "insert": over_a_row}.items()
    ]


def _dropping(table: str) -> Callable[[Any, Any], None]:
    def drop(_apps: Any, editor: Any) -> None:
        for event in ("update", "delete", "truncate", "insert"):
            on = f" ON {table}" if editor.connection.vendor == "postgresql" else ""
            editor.execute(f"DROP TRIGGER IF EXISTS {_name(table, event)}{on}", params=None)

    return drop
