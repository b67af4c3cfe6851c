"""The server keeps one worker running, whatever happens to it."""

import subprocess
from typing import Any

import pytest

from xianxue.config.operations import keeping


class Ended:
    """A worker process that has ended."""

    def wait(self) -> int:
        return -9


def test_a_worker_that_could_not_be_started_is_tried_again(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    worker, tried = keeping.Kept(), []

    def start(_command: Any, *, env: dict[str, str]) -> Ended:
        tried.append(env)
        if len(tried) == 1:
            raise OSError(12, "no memory")
        worker.stopping.set()
        return Ended()

    monkeypatch.setattr(subprocess, "Popen", start)
    monkeypatch.setattr(keeping, "PAUSE", 0)
    monkeypatch.setenv("SET_LATER", "1")
    worker.run()
    assert len(tried) == 2
    assert "SET_LATER" not in tried[1], "the environment is that of the start, whatever is set meanwhile"
    assert [record.levelname for record in caplog.records] == ["ERROR"]
