"""The server, or its database, ends in the middle of a step that brings papers: nothing half-done, and the retry goes through."""

import os
import signal
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPException
from pathlib import Path

import pytest

from tests.faults.test_killed import children_of
from tests.faults.test_steps import path_of, steps_of
from tests.faults.visitor import Visitor
from tests.installation import Installation, free_port, is_ready, until

pytestmark = pytest.mark.postgres

# Enough papers that the first is stored long before the last.
PAPERS = [("paper_residence", f"{number}.pdf", b"%PDF-1.4 " + os.urandom(400_000)) for number in range(40)]


def stored(installation: Installation) -> list[Path]:
    return list((installation.folder / "files").glob("??/*"))


def kill(pids: list[int]) -> None:
    for pid in pids:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue


def test_a_server_killed_while_it_takes_in_papers_leaves_nothing_half_done(installation: Installation) -> None:
    port, path = free_port(), path_of(installation, "agree")
    before = {
        table: installation.ask(f"SELECT count(*) FROM {table}") for table in ("history_event", "files_attachment")
    }
    files = len(stored(installation))
    with installation.running("serve", "--no-worker", "--port", str(port)) as server:
        until(lambda: is_ready(port))
        head = Visitor(installation, port, "other_head")
        fields = head.form(path)
        with ThreadPoolExecutor(1) as thread:
            sent = thread.submit(head.send, path, fields, PAPERS)
            until(lambda: sent.done() or len(stored(installation)) > files, pause=0.005)
            kill([server.pid, *children_of(server.pid)])
            server.wait()
            # Cut off: the person was told nothing, so nothing was acknowledged.
            with pytest.raises((OSError, HTTPException)):
                sent.result()
    assert steps_of(installation) == ["open_transfer"]
    assert {table: installation.ask(f"SELECT count(*) FROM {table}") for table in before} == before
    assert len(stored(installation)) > files

    with installation.running("serve", "--no-worker", "--port", str(port)):
        until(lambda: is_ready(port))
        # The page that was open, sent again by the browser: what lies in the store without a row is no hindrance.
        assert head.send(path, fields, PAPERS).status == 302
    assert steps_of(installation) == ["open_transfer", "agree"]
    assert len(stored(installation)) == files + len(PAPERS)
    checked = installation.run("verify-files")
    assert checked.returncode == 0, checked.stderr
    assert installation.run("verify-history").returncode == 0
