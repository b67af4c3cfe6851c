"""Which workers live: each holds a lock on a file of its own, and writes a sign of life into the database.

On the same machine the lock tells at once (the system frees it however the process ended); of another machine's worker
only the sign of life is known, so it is given a while.
"""

import fcntl
import os
import socket
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from django.utils import timezone

from xianxue.kernel.schedule.lanes import Lane
from xianxue.kernel.schedule.models import WorkerBeat

SILENT = timedelta(seconds=90)
FORGOTTEN = timedelta(days=1)


@dataclass
class Alive:
    """This process as a worker; the lock is held as long as the object lives."""

    worker_id: str
    lane: Lane
    lock: IO[str]

    def beat(self) -> None:
        """Say that the worker lives."""
        WorkerBeat.objects.update_or_create(
            worker_id=self.worker_id,
            defaults={"seen_at": timezone.now()},
            create_defaults={
                "host": socket.gethostname(),
                "pid": os.getpid(),
                "lane": self.lane,
                "started_at": timezone.now(),
                "seen_at": timezone.now(),
            },
        )

    def leave(self) -> None:
        """Take the sign of life back, at an orderly end."""
        WorkerBeat.objects.filter(worker_id=self.worker_id).delete()
        _lock_of(self.worker_id).unlink(missing_ok=True)
        self.lock.close()


def _lock_of(worker_id: str) -> Path:
    return Path(settings.VAR_DIR) / "workers" / worker_id


def arrive(worker_id: str, lane: Lane = Lane.SHORT) -> Alive:
    """Begin to live as a worker of a lane."""
    path = _lock_of(worker_id)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    lock = path.open("w")
    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    alive = Alive(worker_id, lane, lock)
    alive.beat()
    return alive


def is_alive(beat: WorkerBeat) -> bool:
    """Whether the worker is there."""
    if beat.host != socket.gethostname():
        return timezone.now() - beat.seen_at < SILENT
    try:
        with _lock_of(beat.worker_id).open("r") as file:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return False
    except BlockingIOError:
        return True
    return False


def living() -> list[WorkerBeat]:
    """The workers that are there, the newest sign of life first."""
    return [beat for beat in WorkerBeat.objects.order_by("-seen_at") if is_alive(beat)]


def forget_dead() -> None:
    """Remove workers that have been silent for a day."""
    for beat in WorkerBeat.objects.filter(seen_at__lt=timezone.now() - FORGOTTEN):
        if not is_alive(beat):
            beat.delete()
            _lock_of(beat.worker_id).unlink(missing_ok=True)
