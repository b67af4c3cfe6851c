"""A server whose disk is full: the page says so, nothing is half-done, and with room all goes on.

The limit of a file's size stands for the full disk, set and lifted on the running server: the system refuses every
write as a full disk does, whoever runs the tests.
"""

import resource
from collections.abc import Iterator
from contextlib import contextmanager

from tests.faults.test_killed import children_of
from tests.faults.test_step_cut_off import stored
from tests.faults.test_steps import path_of, steps_of
from tests.faults.visitor import Visitor
from tests.installation import Installation, free_port, is_ready, until

SMALL = [("paper_residence", "户口簿.pdf", b"%PDF-1.4 " + bytes(200_000))]
# More than Django keeps in memory: it goes through a file in the folder for temporary files.
LARGE = [("paper_residence", "扫描件.pdf", b"%PDF-1.4 " + bytes(6_000_000))]


def limit(pid: int, size: int) -> None:
    for process in (pid, *children_of(pid)):
        hard = resource.prlimit(process, resource.RLIMIT_FSIZE)[1]
        resource.prlimit(process, resource.RLIMIT_FSIZE, (size, hard))


@contextmanager
def full(pid: int) -> Iterator[None]:
    """No file may grow, nor be written anew, while the block lasts."""
    limit(pid, 0)
    try:
        yield
    finally:
        limit(pid, resource.RLIM_INFINITY)


def test_a_server_without_room_says_so_and_goes_on_when_there_is_some(installation: Installation) -> None:
    port, path = free_port(), path_of(installation, "agree")
    events = installation.ask("SELECT count(*) FROM history_event")
    with installation.running("serve", "--no-worker", "--port", str(port)) as server:
        until(lambda: is_ready(port))
        head = Visitor(installation, port, "other_head")
        fields = head.form(path)
        files = sorted(stored(installation))
        with full(server.pid):
            refused = head.send(path, fields, SMALL)
            assert refused.status == 422, refused.text
            assert "服务器的磁盘已满。请联系管理员清理后再试" in refused.text
            cut_off = head.send(path, fields, LARGE)
            assert cut_off.status == 503, cut_off.text
            assert "服务器的磁盘已满。请告诉系统管理员清理磁盘" in cut_off.text
            if installation.url.startswith("sqlite"):
                saved = head.send(path, fields)
                assert saved.status == 503
                assert "没有完成，也没有写入" in saved.text
            # Reading goes on, though the request cannot even be counted.
            assert head.look("/registers/classes/").status == 200
        assert steps_of(installation) == ["open_transfer"]
        assert installation.ask("SELECT count(*) FROM history_event") == events
        assert sorted(stored(installation)) == files
        assert list((installation.folder / "files").glob("*.part")) == []

        assert head.send(path, fields, LARGE).status == 302
    assert steps_of(installation) == ["open_transfer", "agree"]
    assert installation.run("verify-history").returncode == 0
    assert installation.run("verify-files").returncode == 0
