"""The county that measurements read: the demonstration at full scale, in a folder of its own, made once."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tests import cluster

FOLDER = Path(os.environ.get("BENCH_DIR", "var/bench")).resolve()


@contextmanager
def postgres_server() -> Iterator[str]:
    """A temporary server of our own, as safe as one in use: every commit reaches the disk. Its address."""
    # What the tests do without, a measurement needs: fsync, and statistics kept by the server itself.
    cluster.SPEED.clear()
    cluster.SPEED.update(shared_buffers="512MB", max_wal_size="4GB")
    server = cluster.start()
    try:
        yield server.url
    finally:
        server.stop()


@contextmanager
def ready(*, postgres: bool) -> Iterator[None]:
    """Make the county where it is missing (minutes), and set up Django to read it; on PostgreSQL it is always missing."""
    if not postgres:
        _prepare(FOLDER, "")
        yield
        return
    with postgres_server() as url:
        folder = FOLDER / "postgres-county"
        shutil.rmtree(folder, ignore_errors=True)
        _create(url)
        _prepare(folder, url)
        yield


def _create(url: str) -> None:
    import psycopg  # noqa: PLC0415 - slow import

    server, _, name = url.rpartition("/")
    with psycopg.connect(f"{server}/postgres", autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')


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
