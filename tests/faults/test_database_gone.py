"""The database goes away and comes back: pages say so, nothing that was acknowledged is lost, the worker goes on."""

import os
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests import cluster
from tests.cluster import Cluster
from tests.databases import new_database
from tests.faults.test_steps import path_of, steps_of
from tests.faults.visitor import Visitor
from tests.installation import Installation, ask_server, free_port, is_ready, migrate, prepare, until
from xianxue.kernel.commands.lock import LOG_LOCK

pytestmark = [
    pytest.mark.postgres,
    pytest.mark.skipif(
        os.environ["XIANXUE_TEST_DB"] != "postgres",
        reason="SQLite is a file of the same machine: it has no server to go away (a lock that lasts is in tests/kernel/ui)",
    ),
]
WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"


@pytest.fixture(scope="module")
def server() -> Iterator[Cluster]:
    """A database server of its own: the others' tests go on."""
    made = cluster.start()
    yield made
    made.stop()


@pytest.fixture(scope="module")
def filled(server: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """The cast in a database of that server."""
    folder = tmp_path_factory.mktemp("filled")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XIANXUE_DATABASE_URL", server.url)
        with new_database(folder) as url:
            migrate(Installation(folder, url))
            yield prepare(folder, url)


@pytest.fixture
def installation(
    server: Cluster, filled: Installation, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Installation]:
    """A copy of it; the server is up again afterwards, whatever the test did to it."""
    monkeypatch.setenv("XIANXUE_DATABASE_URL", server.url)
    with new_database(tmp_path, copied_from=filled.url) as url:
        yield Installation(tmp_path, url, filled.known)
        start(server)


def stop(server: Cluster) -> None:
    """End the server as a crash would."""
    cluster._run("pg_ctl", "stop", "-D", str(server.folder / "data"), "-m", "immediate", "-w")


def start(server: Cluster) -> None:
    # `restart` starts a stopped server with the options that it had.
    cluster._run("pg_ctl", "restart", "-D", str(server.folder / "data"), "-w", "-l", str(server.folder / "log"))


def save_day(installation: Installation, port: int, day: str) -> int:
    body = {"day": day, "is_working_day": "1", "reason": "调休"}
    headers = {"Authorization": f"Bearer {installation.known['token']}", "Idempotency-Key": f"calendar-{day}"}
    return ask_server(port, "/api/v1/registers/calendar", method="POST", body=body, headers=headers)[0]


def test_pages_say_what_happened_and_all_goes_on_when_it_is_back(installation: Installation, server: Cluster) -> None:
    port = free_port()
    cookie = {"Cookie": f"sessionid={installation.known['sessions']['director']}"}
    with installation.running("serve", "--port", str(port)):
        until(lambda: is_ready(port))
        until(lambda: installation.ask("SELECT count(*) FROM schedule_workerbeat") == [(1,)])
        assert save_day(installation, port, "2027-03-01") == 201
        stop(server)

        assert ask_server(port, "/healthz")[0] == 200
        assert ask_server(port, "/readyz")[0] == 503
        status, headers, text = ask_server(port, "/registers/pupils/", headers=cookie)
        assert (status, headers.get("Retry-After")) == (503, "10"), text
        assert "刚才的操作没有完成，也没有写入" in text
        assert save_day(installation, port, "2027-03-02") == 503

        start(server)
        until(lambda: is_ready(port))
        assert ask_server(port, "/registers/pupils/", headers=cookie)[0] in (200, 302)
        assert save_day(installation, port, "2027-03-01") == 201  # kept: the answer, not a second row
        assert save_day(installation, port, "2027-03-02") == 201
        # The worker is back too, started again by the server that keeps it.
        until(lambda: worker_answers(installation))
    assert installation.ask("SELECT count(*) FROM organisations_dayoverride") == [(2,)]
    assert installation.run("verify-history").returncode == 0


def test_a_step_cut_off_by_the_database_is_done_once_when_it_is_back(
    installation: Installation, server: Cluster
) -> None:
    port, path = free_port(), path_of(installation, "agree")
    with installation.running("serve", "--no-worker", "--port", str(port)):
        until(lambda: is_ready(port))
        head = Visitor(installation, port, "other_head")
        fields = head.form(path)
        # Somebody else holds the log, so that the database ends while the step is under way.
        with ThreadPoolExecutor(1) as thread, closing(psycopg.connect(installation.url)) as other:
            other.execute("SELECT pg_advisory_xact_lock(%s)", [LOG_LOCK])
            sent = thread.submit(head.send, path, fields)
            until(lambda: installation.ask(WAITING) == [(1,)])
            stop(server)
            answer = sent.result()
        assert answer.status == 503
        assert "刚才的操作没有完成，也没有写入" in answer.text

        start(server)
        until(lambda: is_ready(port))
        assert steps_of(installation) == ["open_transfer"]
        assert head.send(path, fields).status == 302
    assert steps_of(installation) == ["open_transfer", "agree"]
    assert installation.run("verify-history").returncode == 0


def worker_answers(installation: Installation) -> bool:
    """Whether a worker has shown a sign of life after now."""
    query = "SELECT count(*) FROM schedule_workerbeat WHERE seen_at > now() - interval '5 seconds'"
    return installation.ask(query) != [(0,)]


def test_a_backup_without_a_database_is_refused_in_words(installation: Installation, server: Cluster) -> None:
    stop(server)
    done: subprocess.CompletedProcess[str] = installation.run("backup")
    assert done.returncode == 1
    assert "数据库连不上。请确认 PostgreSQL 正在运行" in done.stderr
    assert list((installation.folder / "backups").glob("xianxue*")) == []
    start(server)
