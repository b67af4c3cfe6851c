"""Databases of the tests: migrated once for a state of the migrations, kept, and copied for whoever needs one.

Migrating takes sixteen processor seconds, copying a tenth of one. What is kept stands in `.test-databases/`, under a
digest of all that migrating reads: the migrations, the data they load, the modules they import, the locked packages.
"""

import ast
import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg

from tests import cluster

ROOT = Path(__file__).resolve().parents[1]
KEPT = ROOT / ".test-databases"
LOCKS = ("requirements/dev.lock",)


@cache
def fingerprint() -> str:
    """A digest that changes with everything that decides what a migrated database holds."""
    migrations = sorted(ROOT.glob("xianxue/**/migrations/*.py"))
    files = {*migrations, *ROOT.glob("xianxue/**/data/**/*"), *(ROOT / name for name in LOCKS), Path(__file__)}
    for migration in migrations:
        files |= _imported(migration)
    digest = hashlib.sha256()
    for file in sorted(file for file in files if file.is_file() and file.suffix != ".pyc"):
        digest.update(f"{file.relative_to(ROOT)}\0".encode() + file.read_bytes())
    return digest.hexdigest()[:16]


def _imported(migration: Path) -> set[Path]:
    """Files of the modules of ours that a migration imports, and of the packages that these stand in."""
    tree = ast.parse(migration.read_text())
    names = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module}
    files: set[Path] = set()
    for name in names:
        if name.startswith("xianxue.") and ".migrations" not in name:
            place = ROOT.joinpath(*name.split("."))
            folder = place if place.is_dir() else place.parent
            files |= set(folder.glob("**/*.py"))
    return files


@cache
def migrated() -> str:
    """The address of a database with all tables and the release's own data, to be copied and never written to."""
    if os.environ["XIANXUE_TEST_DB"] == "sqlite":
        return f"sqlite://{_kept(f'sqlite-{fingerprint()}.sqlite3', _make_sqlite)}"
    return _in_cluster(_kept(f"postgres-{fingerprint()}.sql", _make_dump))


def _kept(name: str, make: Any) -> Path:
    """The kept file of this name; made first where it is not there, by one process while the others wait."""
    KEPT.mkdir(exist_ok=True)
    place = KEPT / name
    with (KEPT / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not place.exists():
            # In a folder of its own, begun anew: a killed run's journal would be replayed into the next one's file.
            folder = KEPT / f"{name}.unfinished"
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir()
            make(folder / name)
            (folder / name).replace(place)
            shutil.rmtree(folder)
            _forget_others(place)
    return place


def _forget_others(place: Path) -> None:
    """Remove what older states of the migrations left."""
    kind = place.name.partition("-")[0]
    for other in KEPT.glob(f"{kind}-*{place.suffix}"):
        if other != place:
            other.unlink(missing_ok=True)
            other.with_name(f"{other.name}.lock").unlink(missing_ok=True)


def _make_sqlite(place: Path) -> None:
    _migrate(f"sqlite://{place}")
    with closing(sqlite3.connect(place)) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        # A copy of one file is whole only without a log beside it.
        database.execute("PRAGMA journal_mode=DELETE")


def _make_dump(place: Path) -> None:
    with new_postgres() as url:
        _migrate(url)
        cluster.run_client("pg_dump", "--no-owner", "--file", str(place), url)


def _migrate(url: str) -> None:
    environment = {**os.environ, "XIANXUE_DATABASE_URL": url, "PYTHONPATH": "."}
    command = [sys.executable, "-m", "xianxue.config.cli", "migrate"]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"The tables could not be made:\n{done.stdout}{done.stderr}")


def _in_cluster(dump: Path) -> str:
    """The address of the dump's database in this run's server, restored by the first who asks."""
    name = "migrated"
    url = f"{_server()}/{name}"
    with (KEPT / f"{dump.name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _has(name):
            _command(f"CREATE DATABASE {name}_unfinished TEMPLATE template0")
            cluster.run_client("psql", "--quiet", "-v", "ON_ERROR_STOP=1", "--file", str(dump), f"{url}_unfinished")
            _command(f"ALTER DATABASE {name}_unfinished RENAME TO {name}")
    return url


@contextmanager
def new_database(folder: Path, *, copied_from: str = "") -> Iterator[str]:
    """An empty database of the engine under test, or a copy of another; its address."""
    if os.environ["XIANXUE_TEST_DB"] != "sqlite":
        with new_postgres(copied_from=copied_from) as url:
            yield url
        return
    place = folder / "xianxue.sqlite3"
    if copied_from:
        shutil.copyfile(copied_from.removeprefix("sqlite://"), place)
    yield f"sqlite://{place}"


@contextmanager
def new_postgres(*, copied_from: str = "") -> Iterator[str]:
    """The address of a new database of this run's server, empty or a copy; it is gone after the block."""
    name = f"installation_{uuid4().hex[:12]}"
    _command(f"CREATE DATABASE {name} TEMPLATE {copied_from.rpartition('/')[2] or 'template0'} STRATEGY FILE_COPY")
    try:
        yield f"{_server()}/{name}"
    finally:
        # By a connection of its own: the test may have stopped the server meanwhile.
        _command(f"DROP DATABASE {name} WITH (FORCE)")


def renew(connection: Any) -> None:
    """Put the migrated database in the place of the one that a connection of Django's writes to."""
    connection.close()
    if connection.vendor == "sqlite":
        place = Path(connection.settings_dict["NAME"])
        # A connection of another thread keeps the file that it has open.
        for beside in ("", "-wal", "-shm", "-journal"):
            place.with_name(place.name + beside).unlink(missing_ok=True)
        shutil.copyfile(migrated().removeprefix("sqlite://"), place)
        return
    name = connection.settings_dict["NAME"]
    _command(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    _command(f"CREATE DATABASE {name} TEMPLATE {migrated().rpartition('/')[2]} STRATEGY FILE_COPY")


def _server() -> str:
    return os.environ["XIANXUE_DATABASE_URL"].rpartition("/")[0]


def _command(sql: str) -> None:
    with psycopg.connect(f"{_server()}/postgres", autocommit=True) as connection:
        connection.execute(sql.encode())


def _has(name: str) -> bool:
    with psycopg.connect(f"{_server()}/postgres", autocommit=True) as connection:
        return connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None
