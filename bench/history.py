"""Appending to the history in bulk and one by one, verifying 1,000,000 events, proofs; beside the floors.

python -m bench.history [--events 1000000] [--postgres]

Targets: bulk ≥ 2,000 events/s (PostgreSQL), one by one and durable ≥ 300/s, verification of 1,000,000 ≤ 60 s.
Floors: rows given to the driver alone; as many bytes hashed. There is no peer with a chain, a tree and sealed payloads:
django-simple-history and django-auditlog keep editable rows, pymerkle keeps leaves alone.
"""

import argparse
import hashlib
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from bench import county
from bench.measure import Lap, lap, name_tag, peak_memory_mb, timed

BATCH, SINGLES, PROOFS = 5_000, 500, 200


def main() -> None:
    """Print every measurement on one database."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--events", type=int, default=1_000_000)
    options.add_argument("--postgres", action="store_true")
    given = options.parse_args()
    with _database(postgres=given.postgres):
        measure(given.events)


@contextmanager
def _database(*, postgres: bool) -> Iterator[None]:
    """An empty database in a folder of its own, with Django set up for it."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as folder:
        os.environ.update(XIANXUE_DEMO="true", XIANXUE_VAR_DIR=folder, DJANGO_SETTINGS_MODULE="xianxue.config.settings")
        if not postgres:
            _set_up()
            yield
            return
        with county.postgres_server() as url:
            server, _, name = url.rpartition("/")
            with psycopg.connect(f"{server}/postgres", autocommit=True) as admin:
                admin.execute(f'CREATE DATABASE "{name}"')
            os.environ["XIANXUE_DATABASE_URL"] = url
            _set_up()
            yield
            from django.db import connection  # noqa: PLC0415 - app ready

            connection.close()


def _set_up() -> None:
    import django  # noqa: PLC0415 - app ready
    from django.core.management import call_command  # noqa: PLC0415 - app ready

    django.setup()
    call_command("migrate", verbosity=0)


def measure(count: int) -> None:
    """Fill the log, then read it."""
    from django.db import connection  # noqa: PLC0415 - app ready

    print(name_tag())
    print(connection.vendor, f"load {os.getloadavg()[0]:.1f}")
    _append(count)
    _verify(count)
    _prove()
    print(f"peak {peak_memory_mb():.0f} MB")


def _append(count: int) -> None:
    from xianxue.kernel.access import Actor  # noqa: PLC0415 - app ready
    from xianxue.kernel.commands import command  # noqa: PLC0415 - app ready
    from xianxue.kernel.history.records import Draft, Subject, record_many  # noqa: PLC0415 - app ready

    @command("bench.write", label="写入")
    def write(first: int, amount: int, *, by: Actor) -> None:
        record_many(
            Draft(Subject("people.person", number, f"学生{number}"), {"name": ["旧名", "新名"]}, unit_id=5)
            for number in range(first, first + amount)
        )

    by = Actor(7, "刘经办")
    ones = Lap(f"{SINGLES} one by one, durable")
    with lap(ones):
        for number in range(SINGLES):
            write(number, 1, by=by)
    print(ones.line(), f" {SINGLES / ones.median:.0f}/s")
    start, cpu, done = time.perf_counter(), time.process_time(), SINGLES
    while done < count:
        amount = min(BATCH, count - done)
        write(done, amount, by=by)
        done += amount
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    print(f"{count} in bulk, {BATCH} a command: {seconds:.1f} s, {count / seconds:.0f}/s, processor {cpu:.1f} s")
    _floor_of_rows(count)


def _floor_of_rows(count: int) -> None:
    """The same rows, given to the driver alone."""
    from django.db import connection, transaction  # noqa: PLC0415 - app ready

    from xianxue.kernel import bulk  # noqa: PLC0415 - app ready
    from xianxue.kernel.history.models import Event  # noqa: PLC0415 - app ready
    from xianxue.kernel.history.records import COLUMNS  # noqa: PLC0415 - app ready

    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE bench_rows AS SELECT * FROM history_event WHERE seq < 0")
    amount = min(count, 100_000)
    rows = [
        (n, "2026-01-01T00:00:00.000000Z", 7, "page", 5, "bench.write", "people.person", n, "0" * 32, "0" * 64, "sha256",
         2, *(secrets.token_hex(32) for _ in range(2)))
        for n in range(amount)
    ]  # fmt: skip
    table, Event._meta.db_table = Event._meta.db_table, "bench_rows"
    start = time.perf_counter()
    with transaction.atomic():
        for first in range(0, amount, BATCH):
            bulk.insert(Event, COLUMNS, rows[first : first + BATCH])
    Event._meta.db_table = table
    print(f"  floor: rows by the driver, no index: {amount / (time.perf_counter() - start):.0f}/s")


def _verify(count: int) -> None:
    from xianxue.kernel.history.verification import verify  # noqa: PLC0415 - app ready

    start, cpu = time.perf_counter(), time.process_time()
    verdict = verify()
    seconds, cpu = time.perf_counter() - start, time.process_time() - cpu
    assert verdict.is_sound
    print(f"verification of {verdict.events}: {seconds:.1f} s, processor {cpu:.1f} s  target 60 s")
    block, start = b"x" * 500, time.process_time()
    for _ in range(count):
        hashlib.sha256(block).digest()
        hashlib.sha256(block[:200]).digest()
        hashlib.sha256(block[:65]).digest()
    print(f"  floor: three hashes an event: processor {time.process_time() - start:.1f} s")


def _prove() -> None:
    from xianxue.kernel.access import system_actor  # noqa: PLC0415 - app ready
    from xianxue.kernel.history.merkle import consistency_proof, inclusion_proof  # noqa: PLC0415 - app ready
    from xianxue.kernel.history.services import checkpoint_now  # noqa: PLC0415 - app ready
    from xianxue.kernel.history.tree import StoredNodes  # noqa: PLC0415 - app ready

    size = checkpoint_now("bench", by=system_actor("cli")).size
    algorithm = "sha256"
    for name, call in (
        ("inclusion proof", lambda: inclusion_proof(StoredNodes(algorithm), secrets.randbelow(size), size)),
        ("consistency proof", lambda: consistency_proof(StoredNodes(algorithm), 1 + secrets.randbelow(size), size)),
    ):
        taken = sorted(timed(call, warm=3, runs=PROOFS))
        print(f"{name} in {size}: median {taken[PROOFS // 2]:.1f} ms, p95 {taken[PROOFS * 95 // 100]:.1f} ms")


if __name__ == "__main__":
    sys.exit(main())
