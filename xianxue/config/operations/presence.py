"""Whether programs of this installation are running, and whether a restore was broken off."""

import fcntl
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from django.conf import settings

from xianxue.config.operations.engines import Engine
from xianxue.config.operations.refusal import Stopped

RUNNING = "running"


def _folder() -> Path:
    return Path(settings.VAR_DIR) / RUNNING


def hold(name: str) -> IO[str]:
    """Say that a program runs, for as long as the returned file is open; the system forgets it however it ends."""
    _folder().mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = (_folder() / name).open("w")
    fcntl.flock(lock, fcntl.LOCK_SH)
    return lock


def running() -> list[str]:
    """Names of our programs that run on this machine with this data folder."""
    found = []
    workers = Path(settings.VAR_DIR) / "workers"
    for path in (*sorted(_folder().glob("*")), *sorted(workers.glob("*"))):
        with path.open("r+") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                found.append("worker" if path.parent == workers else path.name)
    return sorted(set(found))


def refuse_running(what: str, database: Engine) -> None:
    """Raises Stopped while the installation is in use."""
    if names := [*running(), *database.others()]:
        raise Stopped(f"{what}：系统正在运行（{'、'.join(names)}）。请先停下服务和后台进程，再试一次。")


@contextmanager
def marked(name: str, words: Mapping[str, str]) -> Iterator[None]:
    """A mark in the data folder while something is half done; it stays where the process is killed."""
    place = Path(settings.VAR_DIR) / name
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(json.dumps(words, ensure_ascii=False))
    try:
        yield
    except Exception:
        place.unlink(missing_ok=True)  # all is as it was before
        raise
    place.unlink(missing_ok=True)
