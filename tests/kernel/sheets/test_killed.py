"""`kill -9` at any moment of an import, on both databases: nothing is lost, nothing doubled, and the job tells the truth."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest

from tests.databases import new_database
from tests.kernel.sheets.worker import CHUNK, ROWS

pytestmark = pytest.mark.postgres

FIRST_ROW = 2


@dataclass(frozen=True)
class Office:
    """A database and a folder of its own, and workers that come and go."""

    environment: dict[str, str]

    def start(self, step: str, place: str = "") -> "subprocess.Popen[str]":
        command = [sys.executable, "-m", "tests.kernel.sheets.worker", step, *([place] if place else [])]
        return subprocess.Popen(
            command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )

    def run(self, step: str) -> str:
        worker = self.start(step)
        out, errors = worker.communicate(timeout=120)
        assert worker.returncode == 0, errors
        return out

    def kill_at(self, step: str, place: str) -> None:
        """Start a worker and kill it where it stands still."""
        worker = self.start(step, place)
        assert worker.stdout is not None
        for line in worker.stdout:
            if line.strip() == place:
                break
        worker.kill()
        worker.communicate(timeout=30)
        assert worker.returncode == -9

    def tell(self) -> dict[str, Any]:
        """What the database holds, read by the driver itself: a process for each look would take seconds."""
        query = (
            "SELECT (SELECT state FROM sheets_importjob), (SELECT applied_through FROM sheets_importjob), "
            "(SELECT count(*) FROM shelf), (SELECT count(DISTINCT digest) FROM shelf), "
            "(SELECT count(*) FROM history_event)"
        )
        url = self.environment["XIANXUE_DATABASE_URL"]
        if url.startswith("sqlite"):
            with closing(sqlite3.connect(url.removeprefix("sqlite://"))) as database:
                (row,) = database.execute(query).fetchall()
        else:
            with psycopg.connect(url) as server:
                (row,) = server.execute(query).fetchall()
        return dict(zip(("state", "through", "rows", "distinct", "events"), row, strict=True))


@pytest.fixture
def office(migrated: str, tmp_path: Path) -> Iterator[Office]:
    with new_database(tmp_path, copied_from=migrated) as url:
        office = Office(
            {**os.environ, "XIANXUE_VAR_DIR": str(tmp_path), "PYTHONPATH": ".", "XIANXUE_DATABASE_URL": url}
        )
        office.run("prepare")
        yield office


def test_an_import_that_is_killed_again_and_again_is_whole_in_the_end(office: Office) -> None:
    office.kill_at("send", "checking1")
    assert office.tell()["state"] == "checking"
    office.run("recover")
    assert office.tell() == {"state": "ready", "through": 0, "rows": 0, "distinct": 0, "events": 0}

    office.kill_at("write", "inside2")
    told = office.tell()
    one = {"through": FIRST_ROW + CHUNK - 1, "rows": CHUNK, "distinct": CHUNK, "events": CHUNK}
    assert told == {"state": "applying", **one}

    office.kill_at("recover", "after2")
    three = {"through": FIRST_ROW + 3 * CHUNK - 1, "rows": 3 * CHUNK, "distinct": 3 * CHUNK, "events": 3 * CHUNK}
    assert office.tell() == {"state": "applying", **three}

    office.run("recover")
    whole = {"state": "applied", "through": FIRST_ROW + ROWS - 1, "rows": ROWS, "distinct": ROWS, "events": ROWS}
    assert office.tell() == whole

    office.kill_at("undo", "inside3")
    told = office.tell()
    assert (told["state"], told["rows"], told["events"]) == ("undoing", ROWS - 2 * CHUNK, ROWS + 2 * CHUNK)
    office.run("recover")
    told = office.tell()
    assert (told["state"], told["rows"], told["events"]) == ("undone", 0, 2 * ROWS)
    office.run("verify")
