"""The steps of the measurement, each run in a process of its own: `python -m bench.importing.steps STEP …`.

The last line of a step's output is its result as JSON, with the peak memory of the process.
"""

import argparse
import json
import os
import pickle
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bench.importing import fixture
from bench.measure import peak_memory_mb

# What applying the workbook writes, in an order in which the rows may be inserted.
TABLES = (
    "people_person", "people_identifier", "people_enrolment", "people_classmembership", "people_guardianlink",
    "history_event", "history_payload",
)  # fmt: skip
KEY = {"history_event": "seq", "history_payload": "event_id"}
SENDER = "county_officer"
Timings = dict[str, float]


def main() -> None:
    """Run one step and print its result."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("step", choices=STEPS)
    options.add_argument("argument", nargs="?", default="")
    given = options.parse_args()
    os.environ["DJANGO_SETTINGS_MODULE"] = "xianxue.config.settings"
    import django  # noqa: PLC0415 - app ready

    django.setup()
    result = STEPS[given.step](given.argument)
    print(json.dumps({**result, "peak_mb": peak_memory_mb()}))


@contextmanager
def _timed(into: Timings, name: str) -> Iterator[None]:
    start, spent = time.perf_counter(), time.process_time()
    yield
    into[name] = time.perf_counter() - start
    into[f"{name}.cpu"] = time.process_time() - spent


def build(argument: str) -> Timings:
    """Make the county that waits for its pupils, and the workbooks: FOLDER:ROWS."""
    folder, _, rows = argument.rpartition(":")
    fixture.build(Path(folder), int(rows))
    return {}


def check(workbook: str) -> dict[str, Any]:
    """Receive, read, check and compare a workbook, sent by an officer who reaches the whole county."""
    from xianxue.accounts.models import User  # noqa: PLC0415 - app ready
    from xianxue.kernel.access import Actor, whole_county  # noqa: PLC0415 - app ready
    from xianxue.kernel.sheets import imports  # noqa: PLC0415 - app ready

    with whole_county("bench"):
        sender = User.objects.filter(postings__role=SENDER).first()
    assert sender is not None, "the cast has an officer"
    took: Timings = {}
    with _timed(took, "receive"):
        job = imports.receive(Path(workbook), by=Actor(sender.pk, sender.name, "page"))
    with _timed(took, "check"):
        imports.check(job)
    if job.state != "ready":
        raise SystemExit(f"The check ended in {job.state}: {job.reason}")
    took |= {f"check.{name}": seconds for name, seconds in job.timings.items()}
    return {**took, "job": job.pk, "counts": job.counts, "columns": len(job.layout_of("mapping"))}


def apply(_argument: str) -> dict[str, Any]:
    """Write what the last check found."""
    from xianxue.accounts.models import User  # noqa: PLC0415 - app ready
    from xianxue.kernel.access import Actor, in_reach, whole_county  # noqa: PLC0415 - app ready
    from xianxue.kernel.sheets import imports, senders  # noqa: PLC0415 - app ready
    from xianxue.kernel.sheets.models import ImportJob  # noqa: PLC0415 - app ready

    job = ImportJob.objects.latest("pk")
    with whole_county("bench"):
        sender = User.objects.get(pk=job.sender_id)
    took: Timings = {}
    with senders.reach_of_user(sender.pk, "bench") as reach, in_reach(reach), _timed(took, "apply"):
        imports.apply(job, by=Actor(sender.pk, sender.name, "page"))
    if job.state != "applied" or job.count("late"):
        raise SystemExit(f"The import ended in {job.state}: {job.reason} {job.late[:3]}")
    return {**took, "written": job.count("new") + job.count("changed")}


def rows_of(argument: str) -> dict[str, Any]:
    """Keep the rows of every table that are not in the waiting county: BASE_MARKS:FILE, for the floor to insert."""
    from django.db import connection  # noqa: PLC0415 - app ready

    marks_file, _, file = argument.rpartition(":")
    marks: dict[str, int] = json.loads(Path(marks_file).read_text())
    kept: dict[str, tuple[list[str], list[tuple[Any, ...]]]] = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"SELECT * FROM {table} WHERE {KEY.get(table, 'id')} > {marks[table]}")
            kept[table] = (
                [column.name for column in cursor.description or ()]
                if connection.vendor == "postgresql"
                else [column[0] for column in cursor.description or ()],
                cursor.fetchall(),
            )
    with Path(file).open("wb") as out:
        pickle.dump(kept, out)
    return {"rows": {table: len(rows) for table, (_columns, rows) in kept.items()}}


def marks(file: str) -> dict[str, Any]:
    """Write down the last key of every table."""
    from django.db import connection  # noqa: PLC0415 - app ready

    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT coalesce(max({KEY.get(table, 'id')}), 0) FROM {table}")
            found[table] = cursor.fetchone()[0]
    Path(file).write_text(json.dumps(found))
    return {}


def floor(argument: str) -> dict[str, Any]:
    """Read the workbook with calamine, and insert the kept rows with the driver alone: WORKBOOK:FILE."""
    import fastexcel  # noqa: PLC0415 - slow import

    workbook, _, file = argument.rpartition(":")
    with Path(file).open("rb") as kept_rows:
        kept = pickle.load(kept_rows)
    took: Timings = {}
    with _timed(took, "floor.read"):
        fastexcel.read_excel(workbook).load_sheet(0, dtypes="string").to_polars()
    from django.db import connection  # noqa: PLC0415 - app ready

    insert = _copy if connection.vendor == "postgresql" else _executemany
    with _timed(took, "floor.insert"):
        insert(kept)
    return took


def _executemany(kept: dict[str, tuple[list[str], list[tuple[Any, ...]]]]) -> None:
    from django.conf import settings  # noqa: PLC0415 - app ready

    database = settings.DATABASES["default"]
    connection = sqlite3.connect(database["NAME"], isolation_level=None)
    connection.executescript(database["OPTIONS"]["init_command"])
    connection.execute("BEGIN IMMEDIATE")
    for table, (columns, rows) in kept.items():
        marks = ", ".join("?" * len(columns))
        statement = f"INSERT INTO {table} ({_quoted(columns)}) VALUES ({marks})"
        connection.executemany(statement, rows)
    connection.execute("COMMIT")
    connection.close()


def _quoted(columns: list[str]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _copy(kept: dict[str, tuple[list[str], list[tuple[Any, ...]]]]) -> None:
    import psycopg  # noqa: PLC0415 - slow import

    with psycopg.connect(os.environ["XIANXUE_DATABASE_URL"]) as connection, connection.cursor() as cursor:
        for table, (columns, rows) in kept.items():
            with cursor.copy(f"COPY {table} ({_quoted(columns)}) FROM STDIN") as copy:
                for row in rows:
                    copy.write_row(row)


def peer(workbook: str) -> dict[str, Any]:
    """The same job done by django-import-export."""
    from bench.importing import peer as their  # noqa: PLC0415 - app ready

    return their.run(Path(workbook))


STEPS: dict[str, Callable[[str], dict[str, Any]]] = {
    "build": build,
    "marks": marks,
    "check": check,
    "apply": apply,
    "rows": rows_of,
    "floor": floor,
    "peer": peer,
}

if __name__ == "__main__":
    main()
