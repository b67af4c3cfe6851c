"""A log to tamper with: as its owner could, past the triggers, with SQL of his own."""

from typing import Any

from django.db import connection

from tests.triggers import lifted
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command
from xianxue.kernel.history.canonical import leaf_hash
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.records import COLUMNS, Draft, Subject, record_many

BY = Actor(user_id=7, label="刘经办", via="import:12")


@command("tests.write", label="写入")
def write(count: int, *, by: Actor) -> range:
    return record_many(
        Draft(Subject("people.person", number, f"张三{number}"), {"name": ["张山", "张三"]}, unit_id=5)
        for number in range(1, count + 1)
    )


def sql(statement: str, *values: Any) -> None:
    """Run a statement with no table read only."""
    with lifted(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def row_of(seq: int) -> dict[str, Any]:
    """The columns of an event."""
    return dict(Event.objects.filter(seq=seq).values(*COLUMNS).get())


def put(row: dict[str, Any], *, fitting: bool = False) -> None:
    """Write an event over the one of its number, or as a new one; `fitting` computes its hash anew."""
    if fitting:
        row = {**row, "leaf_hash": leaf_hash({k: v for k, v in row.items() if k != "leaf_hash"}, row["algorithm"])}
    sql("DELETE FROM history_event WHERE seq = %s", row["seq"])
    marks = ", ".join(["%s"] * len(row))
    sql(f"INSERT INTO history_event ({', '.join(row)}) VALUES ({marks})", *row.values())


def remove(*numbers: int) -> None:
    """Delete events with what they say."""
    for seq in numbers:
        sql("DELETE FROM history_payload WHERE event_id = %s", seq)
        sql("DELETE FROM history_event WHERE seq = %s", seq)
