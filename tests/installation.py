"""An installation of its own, with real processes: a database, a data folder, and the programs as they are run in use.

`python -m tests.installation` fills the database that the environment names, and prints what the tests need to know; with `checkpoint` it signs one and prints it.
"""

import json
import os
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPMessage
from pathlib import Path
from typing import Any

import psycopg

PROGRAM = (sys.executable, "-m", "xianxue.config.cli")
FOUND = (
    *("found", "--province", "某省:36", "--city", "某市:3609", "--county", "某县:360999"),
    *("--bureau", "某县教育体育局", "--system-admin", "guanliyuan:张三", "--security-admin", "anquan:李四"),
    *("--audit-admin", "shenjiyuan:王五", "--director", "juzhang:赵六"),
)


@dataclass
class Installation:
    """A database, a folder, and how to reach them; `known` is what the preparation printed."""

    folder: Path
    url: str
    known: dict[str, Any] = field(default_factory=dict)
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def environment(self) -> dict[str, str]:
        given = {"XIANXUE_DATABASE_URL": self.url, "XIANXUE_VAR_DIR": str(self.folder), "PYTHONPATH": "."}
        # Nobody asks for real passwords or HTTPS here; keys are those of the tests. A second process that answers takes
        # two seconds to start: who needs one (`extra`) says so.
        return {**os.environ, **given, "XIANXUE_BACKUP_KEEP": "0", "XIANXUE_WORKERS": "1", **self.extra}

    def start(self, *command: str, **options: Any) -> "subprocess.Popen[str]":
        """A program of ours, in the background."""
        return subprocess.Popen(
            [*PROGRAM, *command],
            env=self.environment,
            stdout=options.pop("stdout", subprocess.DEVNULL),
            stderr=options.pop("stderr", subprocess.DEVNULL),
            text=True,
            **options,
        )

    def run(self, *command: str, **options: Any) -> "subprocess.CompletedProcess[str]":
        """A command of ours, to its end."""
        return subprocess.run(
            [*PROGRAM, *command],
            env=self.environment,
            capture_output=True,
            text=True,
            check=False,
            timeout=300,
            **options,
        )

    def sign(self) -> str:
        """The text of a checkpoint of the log as it stands."""
        command = [sys.executable, "-m", "tests.installation", "checkpoint"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def ask(self, sql: str) -> list[tuple[Any, ...]]:
        """Rows of the database, read by the driver itself."""
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite://"), timeout=30)) as database:
                return database.execute(sql).fetchall()
        with psycopg.connect(self.url) as server:
            return server.execute(sql.encode()).fetchall()

    def write(self, sql: str) -> None:
        """Change the database behind the application's back."""
        if self.url.startswith("sqlite"):
            with closing(sqlite3.connect(self.url.removeprefix("sqlite://"), timeout=30)) as database, database:
                database.executescript(sql)
            return
        with psycopg.connect(self.url, autocommit=True) as server:
            server.execute(sql.encode())

    @contextmanager
    def running(self, *command: str, **options: Any) -> Iterator["subprocess.Popen[str]"]:
        """A program of ours for the length of the block."""
        process = self.start(*command, **options)
        try:
            yield process
        finally:
            if process.poll() is None:
                process.terminate()
                try:
                    process.wait(timeout=60)
                except subprocess.TimeoutExpired:
                    process.kill()
                    process.wait(timeout=10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def until(true: Any, seconds: float = 240, pause: float = 0.2) -> None:
    """Wait until the function says yes."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"not within {seconds} s"
        time.sleep(pause)


def ask_server(
    port: int, path: str, *, method: str = "GET", body: Any = None, headers: Mapping[str, str] | None = None
) -> tuple[int, HTTPMessage, str]:
    """Status, headers and text. Raises OSError or HTTPException where the server is gone before it answers."""
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        given = {"X-Forwarded-Proto": "https", "Host": "localhost", **(headers or {})}
        content = None if body is None else json.dumps(body)
        if content is not None:
            given["Content-Type"] = "application/json"
        line.request(method, path, body=content, headers=given)
        answer = line.getresponse()
        return answer.status, answer.headers, answer.read().decode(errors="replace")
    finally:
        line.close()


def is_ready(port: int) -> bool:
    """Whether the server answers that it is ready."""
    try:
        return ask_server(port, "/readyz")[0] == 200
    except OSError:
        return False


def migrate(installation: Installation) -> None:
    """Make the tables, as `xianxue migrate` does."""
    done = installation.run("migrate")
    assert done.returncode == 0, done.stderr


def prepare(folder: Path, url: str) -> Installation:
    """Fill a database of tables with the cast of the tests; takes seconds, so once a session."""
    made = Installation(folder, url)
    filled = subprocess.run(
        [sys.executable, "-m", "tests.installation"],
        env=made.environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert filled.returncode == 0, filled.stderr
    made.known = json.loads(filled.stdout.splitlines()[-1])
    if url.startswith("sqlite"):
        made.write("PRAGMA wal_checkpoint(TRUNCATE);")
    return made


SIGNED_IN = (
    *("director", "system_admin", "registrar", "county_officer", "second_officer"),
    *("other_head", "other_registrar", "auditor"),
)


def fill() -> dict[str, Any]:
    """The cast; a token that writes the calendar and is told of it; sessions of some; a transfer that waits for `agree`."""
    from tests.factories.accounts import PostingFactory, UserFactory  # noqa: PLC0415 - app ready
    from tests.kernel.api.program import program_of  # noqa: PLC0415 - app ready
    from tests.people.transferring import NAME, NUMBER, make_scene  # noqa: PLC0415 - app ready
    from xianxue.kernel.access import whole_county  # noqa: PLC0415 - app ready

    with whole_county("tests"):
        scene = make_scene()
        cast = scene.cast
        cast.users["second_officer"] = UserFactory(username="second_officer", name="second_officer 某")
        PostingFactory(user=cast.users["second_officer"], role="county_officer", unit=cast.county)
        program = program_of(cast, "system_admin", ["write:calendar", "webhooks"])
        transfer = scene.open()
    sessions = {part: cast.client(part).cookies["sessionid"].value for part in SIGNED_IN}
    return {
        "token": program.text, "sessions": sessions, "school": cast.first_primary.pk, "matter": transfer.matter_id,
        "number": NUMBER, "name": NAME, "other_school": cast.second_primary.pk,
    }  # fmt: skip


def signed() -> str:
    """A checkpoint as it leaves the house."""
    from xianxue.kernel.access import system_actor  # noqa: PLC0415 - app ready
    from xianxue.kernel.history.checkpoints import note_of  # noqa: PLC0415 - app ready
    from xianxue.kernel.history.services import checkpoint_now  # noqa: PLC0415 - app ready

    return note_of(checkpoint_now("tests", by=system_actor("cli")))


if __name__ == "__main__":
    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "xianxue.config.settings")
    django.setup()
    print(signed() if sys.argv[1:] == ["checkpoint"] else json.dumps(fill()))
