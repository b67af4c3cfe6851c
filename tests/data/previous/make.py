"""Store the small database of a release: `python -m tests.data.previous.make FOLDER` (see README.md beside this)."""

import gzip
import os
import re
import sqlite3
import subprocess
import sys
import tempfile
from contextlib import closing
from pathlib import Path

import psycopg

from tests import cluster

HERE = Path(__file__).resolve().parent
SCALE = "0.001"
KEYS = {
    "XIANXUE_SECRET_KEY": "of the tests alone, and never of a county's installation",
    "XIANXUE_SEAL_KEYS": f"t1:{'5e' * 32}",
    "XIANXUE_DIGEST_KEY": "d1" * 32,
}


def build(release: Path, folder: Path, url: str) -> None:
    """The county, by the release's own program."""
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("XIANXUE_", "DJANGO_"))}
    given = {"XIANXUE_DEMO": "true", "XIANXUE_VAR_DIR": str(folder), "XIANXUE_DATABASE_URL": url}
    subprocess.run(
        [sys.executable, "-m", "xianxue.config.cli", "demo", "--scale", SCALE],
        env={**environment, **KEYS, **given, "PYTHONPATH": str(release)},
        cwd=release,
        check=True,
    )


def main() -> None:
    """Both databases, one after the other."""
    release = Path(sys.argv[1]).resolve()
    found = re.search(r'(?m)^version = "(.*)"', (release / "pyproject.toml").read_text())
    assert found
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder) / "previous.sqlite3"
        build(release, Path(folder), f"sqlite://{place}")
        with closing(sqlite3.connect(place)) as database:
            text = "\n".join(database.iterdump())
    (HERE / f"{found[1]}.sqlite.sql.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))
    server = cluster.start()
    try:
        address, _, name = server.url.rpartition("/")
        with psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}".encode())
        with tempfile.TemporaryDirectory() as folder:
            build(release, Path(folder), server.url)
        options = ("--no-owner", "--no-privileges", "--schema=public", "--inserts", "--rows-per-insert=500")
        text = subprocess.run(
            [str(cluster._binaries() / "pg_dump"), *options, server.url], check=True, capture_output=True, text=True
        ).stdout
    finally:
        server.stop()
    (HERE / f"{found[1]}.postgresql.sql.gz").write_bytes(gzip.compress(text.encode(), 9, mtime=0))


if __name__ == "__main__":
    main()
