"""Real processes on a real database of either kind: appending at once, killed, and a backup put back."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import connection

from tests.kernel.history.book import BY, write
from xianxue.kernel.history.checkpoints import note_of, read_note
from xianxue.kernel.history.services import checkpoint_now
from xianxue.kernel.history.verification import verify

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
PROCESSES, APPENDS = 8, 50
# Each process writes 1, 2, 3, 1, … events at a time.
EVENTS = PROCESSES * sum(1 + number % 3 for number in range(APPENDS))


def server() -> str:
    """Address of the PostgreSQL server, up to the database's name."""
    there = connection.settings_dict
    return f"postgresql://{there['USER']}@{there['HOST']}:{there['PORT']}"


def crowd(processes: int, appends: int) -> "subprocess.Popen[str]":
    """Eight processes, or how many are asked for, that append to the database of this test."""
    is_sqlite = connection.vendor == "sqlite"
    name = connection.settings_dict["NAME"]
    connection.close()
    url = f"sqlite://{name}" if is_sqlite else f"{server()}/{name}"
    environment = {
        **os.environ, "XIANXUE_DATABASE_URL": url, "XIANXUE_SIGNING_KEY": str(settings.SIGNING_KEY), "PYTHONPATH": ".",
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.kernel.history.appender", str(processes), str(appends)]
    pipe = subprocess.PIPE
    return subprocess.Popen(command, env=environment, stdout=pipe, stderr=pipe, text=True, start_new_session=True)


def test_eight_processes_at_once_write_one_chain_and_one_tree() -> None:
    checkpoint_now("测试", by=BY)  # makes the key that all sign with
    out, errors = (started := crowd(PROCESSES, APPENDS)).communicate(timeout=300)
    assert (started.returncode, errors) == (0, "")
    told = sorted(map(int, out.split()))
    assert (len(told), len(set(told)), told[-1]) == (PROCESSES * APPENDS, PROCESSES * APPENDS, EVENTS)
    verdict = verify()
    assert (verdict.events, verdict.faults) == (EVENTS, ())


def test_killed_processes_leave_a_whole_log_with_all_that_they_acknowledged() -> None:
    checkpoint_now("测试", by=BY)
    started = crowd(3, 100_000)
    assert started.stdout is not None
    acknowledged = [int(started.stdout.readline()) for _ in range(60)]
    os.killpg(started.pid, signal.SIGKILL)
    out, _errors = started.communicate(timeout=60)
    acknowledged += [int(line) for line in out.splitlines(keepends=True) if line.endswith("\n")]
    verdict = verify()
    assert verdict.faults == ()
    assert verdict.events >= max(acknowledged)
    assert write(1, by=BY)[-1] == verdict.events + 1


@pytest.fixture
def backup(tmp_path: Path) -> Iterator[Path]:
    """A place for a copy of the database, which is gone afterwards."""
    yield tmp_path / "backup"
    if connection.vendor == "postgresql":
        with psycopg.connect(f"{server()}/postgres", autocommit=True) as admin:
            admin.execute(f"DROP DATABASE IF EXISTS {connection.settings_dict['NAME']}_kept WITH (FORCE)")


def back_up(place: Path) -> None:
    name = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "sqlite":
        place.mkdir()
        for path in Path(name).parent.glob(f"{Path(name).name}*"):
            shutil.copy(path, place)
        return
    with psycopg.connect(f"{server()}/postgres", autocommit=True) as admin:
        admin.execute(f"CREATE DATABASE {name}_kept TEMPLATE {name}")


def restore(place: Path) -> None:
    name = connection.settings_dict["NAME"]
    connection.close()
    if connection.vendor == "sqlite":
        for path in Path(name).parent.glob(f"{Path(name).name}*"):
            path.unlink()
        for path in place.iterdir():
            shutil.move(path, Path(name).parent)
        return
    with psycopg.connect(f"{server()}/postgres", autocommit=True) as admin:
        admin.execute(f"DROP DATABASE {name} WITH (FORCE)")
        admin.execute(f"ALTER DATABASE {name}_kept RENAME TO {name}")


def test_a_restored_backup_is_found_by_a_later_checkpoint_outside(backup: Path) -> None:
    write(24, by=BY)
    checkpoint_now("测试", by=BY)
    back_up(backup)
    write(24, by=BY)
    kept = read_note(note_of(checkpoint_now("测试", by=BY)))
    assert verify(outside=[kept]).is_sound
    restore(backup)
    assert verify().is_sound, "in the house, nothing is wrong"
    write(30, by=BY)
    assert [fault.kind for fault in verify(outside=[kept]).faults] == ["检查点不符"], "nor does new work hide it"


def test_a_restored_backup_without_new_work_is_shorter_than_the_checkpoint(backup: Path) -> None:
    write(24, by=BY)
    back_up(backup)
    write(24, by=BY)
    kept = read_note(note_of(checkpoint_now("测试", by=BY)))
    restore(backup)
    assert [str(fault) for fault in verify(outside=[kept]).faults] == [
        "截断：系统外的检查点有 48 条，而留痕只有 24 条：末尾被截去，或恢复了旧备份。"
    ]
