"""The previous release's database comes up to this version: nothing is lost, the history verifies, pages open."""

import gzip
import os
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from tests.data.previous.make import HERE, KEYS
from tests.databases import new_database
from tests.installation import Installation, ask_server, free_port, is_ready, until

RELEASE = "0.1.0"
# Tables of the queue and of signing in may grow or be cleared; the records may not.
RECORDS = ("history_event", "history_payload", "people_", "aid_", "projects_", "organisations_", "accounts_user")


@pytest.fixture
def previous(tmp_path: Path) -> Iterator[Installation]:
    """As a user of the previous release has it, with the keys that it was made with."""
    engine = {"sqlite": "sqlite", "postgres": "postgresql"}[os.environ["XIANXUE_TEST_DB"]]
    text = gzip.decompress((HERE / f"{RELEASE}.{engine}.sql.gz").read_bytes()).decode()
    with new_database(tmp_path) as url:
        if engine == "sqlite":
            with closing(sqlite3.connect(url.removeprefix("sqlite://"))) as database:
                database.executescript(text)
        else:
            # Of a plain dump, all but the commands to psql, and the schema that every database has.
            plain = re.sub(r"(?m)^(\\.*|CREATE SCHEMA public;|SET transaction_timeout.*)$", "", text)
            with psycopg.connect(url, autocommit=True) as server:
                server.execute(plain.encode())
        yield Installation(tmp_path, url, extra=dict(KEYS))


def counts(installation: Installation) -> dict[str, int]:
    if installation.url.startswith("sqlite"):
        names = installation.ask("SELECT name FROM sqlite_master WHERE type = 'table'")
    else:
        names = installation.ask("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
    wanted = sorted(name for (name,) in names if name.startswith(RECORDS))
    return {name: installation.ask(f"SELECT count(*) FROM {name}")[0][0] for name in wanted}


@pytest.mark.postgres
def test_the_previous_releases_database_is_upgraded(previous: Installation) -> None:
    before = counts(previous)
    assert before["people_person"] > 100
    assert before["history_event"] > 100
    previous.extra |= {"XIANXUE_DEMO": "true", "XIANXUE_BACKUP_DIR": str(previous.folder / "safe")}

    done = previous.run("upgrade")

    assert done.returncode == 0, done.stderr
    assert re.search(r"升级完成：\d+ 步，留痕 \d+ 条校验通过。", done.stdout)
    assert len(list((previous.folder / "safe").glob("xianxue-*"))) == 1
    after = counts(previous)
    fewer = {name: (number, after.get(name)) for name, number in before.items() if after.get(name, 0) < number}
    assert fewer == {}
    assert after["people_person"] == before["people_person"]
    port = free_port()
    with previous.running("serve", "--no-worker", "--port", str(port)):
        until(lambda: is_ready(port))
        status, _headers, text = ask_server(port, "/sign-in/")
        assert status == 200
        assert "万载县" in text


def test_an_upgrade_that_fails_says_the_way_back(previous: Installation) -> None:
    """A table of the new version stands in the way, as after a database was mended by hand."""
    previous.extra["XIANXUE_DEMO"] = "true"
    previous.write("CREATE TABLE schedule_workerbeat (x INTEGER);")
    events = counts(previous)["history_event"]
    done = previous.run("upgrade")
    assert done.returncode == 1
    found = re.search(
        r"退回的办法：换回原来版本的程序，运行 xianxue restore --move-aside (\S+)，再启动服务。", done.stderr
    )
    assert found
    assert (Path(found[1]) / "manifest.json").exists()
    assert counts(previous)["history_event"] == events
