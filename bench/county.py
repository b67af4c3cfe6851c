"""The county that measurements read: the demonstration at full scale, in a folder of its own, made once and kept."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests import cluster

FOLDER = Path(os.environ.get("BENCH_DIR", "var/bench")).resolve()


@contextmanager
def postgres_server(kept: Path | None = None) -> Iterator[str]:
    """A server of our own, as safe as one in use: every commit reaches the disk. Its address; `kept`: where it stays."""
    # What the tests do without, a measurement needs: fsync, and statistics kept by the server itself.
    cluster.SPEED.clear()
    cluster.SPEED.update(shared_buffers="512MB", max_wal_size="4GB")
    server = cluster.start(kept)
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def ready(*, postgres: bool) -> Iterator[None]:
    """Make the county where it is missing (minutes), and set up Django to read it."""
    if not postgres:
        _prepare(FOLDER, "")
        yield
        return
    with postgres_server(FOLDER / "postgres-county" / "server") as url:
        create(url)
        _prepare(FOLDER / "postgres-county", url)
        yield


def create(url: str, *, like: str = "", fresh: bool = False) -> None:
    """Make the database unless it is there; `like`: a copy of that one, `fresh`: in place of what is there."""
    if fresh:
        drop(url)
    if not exists(url):
        with _beside(url) as (connection, name):
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{like or "template1"}"')


def exists(url: str) -> bool:
    """Whether the server has this database."""
    with _beside(url) as (connection, name):
        return connection.execute("SELECT FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def drop(url: str) -> None:
    """Remove the database, if it is there."""
    with _beside(url) as (connection, name):
        connection.execute(f'DROP DATABASE IF EXISTS "{name}"')


@contextmanager
def _beside(url: str) -> Iterator[tuple[Any, str]]:
    """A connection to the server's own database, and the name of the one meant."""
    import psycopg  # noqa: PLC0415 - slow import

    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        yield connection, name


def _prepare(folder: Path, url: str) -> None:
    os.environ["XIANXUE_DEMO"] = "true"
    os.environ["XIANXUE_VAR_DIR"] = str(folder)
    os.environ["XIANXUE_DATABASE_URL"] = url
    os.environ["DJANGO_SETTINGS_MODULE"] = "xianxue.config.settings"
    subprocess.run([sys.executable, "-m", "xianxue.config.cli", "demo"], check=True, stdout=sys.stderr)
    import django  # noqa: PLC0415 - app ready: the environment above must come first

    django.setup()
    from django.core.management import call_command  # noqa: PLC0415 - app ready

    call_command("collectstatic", interactive=False, verbosity=0)
