"""80,000 pupils by one workbook: read, checked, compared and written, beside the floor and a peer.

    python -m bench.import_pupils [--runs 3] [--postgres] [--no-peer | --peer-full]

Every step runs in a process of its own, on a fresh copy of a county that has its schools, classes and staff. The sender
is an officer who reaches the whole county. One warm-up run is not counted.
Floor: calamine reads the same file, and the driver alone inserts the very rows that the import wrote, history included.
Targets: read + check + diff ≤ 60 s, apply ≤ 60 s, peak ≤ 1 GB, both together ≤ 4 × floor and ≥ 10 × the peer's speed.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from bench.county import FOLDER, postgres_server
from bench.importing import fixture
from bench.measure import Lap, name_tag

Results = dict[str, list[dict[str, Any]]]


@dataclass
class Place:
    """Where a database is: a data folder, and the server's address for PostgreSQL."""

    folder: Path
    url: str = ""

    def run(self, step: str, argument: object = "") -> dict[str, Any]:
        """Run one step in a fresh process; stops where the step failed."""
        environment = {
            **os.environ,
            "XIANXUE_DEMO": "true",
            "XIANXUE_VAR_DIR": str(self.folder),
            "XIANXUE_DATABASE_URL": self.url,
        }
        command = [sys.executable, "-m", "bench.importing.steps", step, str(argument)]
        done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"Step {step} failed.")
        result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
        return result


class Sqlite:
    """Databases are files: a fresh one is a copy."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self.waiting = Place(folder / "waiting")

    def fresh(self, name: str) -> Place:
        """A copy of the waiting county."""
        place = Place(self.waiting.folder.with_name(name))
        shutil.rmtree(place.folder, ignore_errors=True)
        shutil.copytree(self.waiting.folder, place.folder)
        return place


class Postgres(Sqlite):
    """Databases of a temporary server: a fresh one is made from the waiting one."""

    name = "PostgreSQL"

    def __init__(self, folder: Path, url: str) -> None:
        super().__init__(folder)
        self._server = url.rpartition("/")[0]
        self._sql('CREATE DATABASE "waiting"')
        self.waiting.url = f"{self._server}/waiting"

    def fresh(self, name: str) -> Place:
        """A copy of the waiting county: of its keys' folder, and of its database."""
        place = super().fresh(name)
        self._sql(f'DROP DATABASE IF EXISTS "{name}"', f'CREATE DATABASE "{name}" TEMPLATE "waiting"', "CHECKPOINT")
        place.url = f"{self._server}/{name}"
        return place

    def _sql(self, *statements: str) -> None:
        import psycopg  # noqa: PLC0415 - slow import

        with psycopg.connect(f"{self._server}/postgres", autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@contextmanager
def engine(*, postgres: bool) -> Iterator[Sqlite]:
    """The database that is measured."""
    folder = FOLDER / "import" / ("postgres" if postgres else "sqlite")
    if not postgres:
        yield Sqlite(folder)
        return
    shutil.rmtree(folder, ignore_errors=True)
    with postgres_server() as url:
        yield Postgres(folder, url)


def main() -> None:
    """Measure and print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--runs", type=int, default=3)
    options.add_argument("--rows", type=int, default=80_000)
    options.add_argument("--postgres", action="store_true", help="on a temporary PostgreSQL server instead of SQLite")
    options.add_argument("--no-peer", action="store_true", help="leave django-import-export out")
    options.add_argument("--peer-full", action="store_true", help="the peer with all rows as well (an hour)")
    given = options.parse_args()
    with engine(postgres=given.postgres) as database:
        folder = database.waiting.folder.parent
        prepare(database, given.rows)
        results: Results = {}
        for number in range(given.runs + 1):
            found = measure(database, folder)
            if number:
                for name, result in found.items():
                    results.setdefault(name, []).append(result)
            print(f"{'run' if number else 'warm-up'} {number} done, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
        sizes = [] if given.no_peer else [*fixture.PEER_ROWS, *([given.rows] if given.peer_full else [])]
        peers = {size: peer(database, folder, size, given.rows) for size in sizes}
    print(name_tag())
    print(f"{database.name}, load {os.getloadavg()[0]:.1f}\n")
    report(results, peers)


def prepare(database: Sqlite, rows: int) -> None:
    """Make the waiting county, unless an earlier measurement left the same one."""
    place, folder = database.waiting, database.waiting.folder.parent
    mark = folder / "rows"
    if not place.url and mark.exists() and mark.read_text() == str(rows):
        return
    shutil.rmtree(folder, ignore_errors=True)
    place.folder.mkdir(parents=True)
    place.run("build", f"{folder}:{rows}")
    place.run("marks", folder / "marks.json")
    mark.write_text(str(rows))


def measure(database: Sqlite, folder: Path) -> dict[str, dict[str, Any]]:
    """One run of everything but the peer."""
    found = {}
    place = database.fresh("run")
    found["check"] = place.run("check", folder / fixture.WORKBOOK)
    found["apply"] = place.run("apply")
    place.run("rows", f"{folder / 'marks.json'}:{folder / 'rows.pickle'}")
    found["again"] = place.run("check", folder / fixture.WORKBOOK)
    found["changed"] = place.run("check", folder / fixture.CHANGED)
    found["changed.apply"] = place.run("apply")
    found["floor"] = database.fresh("floor").run("floor", f"{folder / fixture.WORKBOOK}:{folder / 'rows.pickle'}")
    return found


def peer(database: Sqlite, folder: Path, size: int, rows: int) -> dict[str, Any]:
    """The peer with so many rows, on a fresh county."""
    workbook = folder / (fixture.WORKBOOK if size == rows else fixture.part(size))
    result = database.fresh("peer").run("peer", workbook)
    print(f"peer with {size} rows done, load {os.getloadavg()[0]:.1f}", file=sys.stderr)
    return result


def of(results: Results, step: str, *names: str) -> list[float]:
    """Sums of the named seconds of a step, a number a run."""
    return [sum(result[name] for name in names) for result in results[step]]


def added(one: list[float], other: list[float]) -> list[float]:
    """Sums, run by run."""
    return [a + b for a, b in zip(one, other, strict=True)]


# What is printed: label → the step, and the parts of it that are added up.
LINES = {
    "floor: calamine reads": ("floor", "floor.read"),
    "floor: driver inserts": ("floor", "floor.insert"),
    "receive, read, check, diff": ("check", "receive", "check"),
    "  of which read": ("check", "check.read"),
    "  of which cells": ("check", "check.cells"),
    "  of which rules, match, diff": ("check", "check.match"),
    "apply": ("apply", "apply"),
    "the same file again: all same": ("again", "receive", "check"),
    "1 % of the rows changed: check": ("changed", "receive", "check"),
    "1 % of the rows changed: apply": ("changed.apply", "apply"),
}


def report(results: Results, peers: dict[int, dict[str, Any]]) -> None:
    """Print the table: seconds, processor seconds, peak memory, ratios."""
    first = results["check"][0]
    print(
        f"{first['counts']['rows']:,} pupils × {first['columns']} columns, {results['apply'][0]['written']:,} written\n"
    )
    floor_ = of(results, "floor", "floor.read", "floor.insert")
    for label, (step, *names) in LINES.items():
        peak = max(result["peak_mb"] for result in results[step])
        cpu = [sum(result.get(f"{name}.cpu", 0.0) for name in names) for result in results[step]]
        spent = f"cpu {median(cpu):6.2f} s" if any(cpu) else " " * 12
        print(f"{Lap(label, of(results, step, *names)).line()} {spent}  peak {peak:5.0f} MB")
    whole = added(of(results, "check", "receive", "check"), of(results, "apply", "apply"))
    print(f"\n{Lap('floor, whole', floor_).line()}")
    print(Lap("ours, whole", whole).line(median(floor_)))
    # Other work on the machine stretches seconds, processor seconds hardly.
    floor_cpu = of(results, "floor", "floor.read.cpu", "floor.insert.cpu")
    cpu_ = added(of(results, "check", "receive.cpu", "check.cpu"), of(results, "apply", "apply.cpu"))
    print(Lap("ours, whole, processor seconds", cpu_).line(median(floor_cpu)))
    speed = results["apply"][0]["written"] / median(whole)
    cpu_speed = results["apply"][0]["written"] / median(cpu_)
    print(f"ours: {speed:,.0f} rows/s, {cpu_speed:,.0f} rows per processor second")
    for size, result in peers.items():
        print(beside_peer(size, result, speed, cpu_speed))


def beside_peer(size: int, result: dict[str, Any], speed: float, cpu_speed: float) -> str:
    """One line: the peer's speed, and ours as a multiple of it."""
    theirs = result["rows"] / result["peer"]
    return (
        f"django-import-export, {size:,} rows: {result['peer']:.1f} s (cpu {result['peer.cpu']:.1f} s, "
        f"peak {result['peak_mb']:.0f} MB), {theirs:.1f} rows/s; ours is {speed / theirs:.0f} × as fast "
        f"({cpu_speed * result['peer.cpu'] / result['rows']:.0f} × by processor seconds); "
        f"80,000 rows would take {80_000 / theirs / 60:.0f} min (extrapolated)"
    )


if __name__ == "__main__":
    main()
