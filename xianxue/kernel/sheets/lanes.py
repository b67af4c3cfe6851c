"""In which lane an import is done, and whose turn it is there.

The lane follows from what is known to be an upper bound of the work, never from the size of the file as sent: a workbook
shrinks a hundredfold when it is packed. What cannot be told beforehand is counted once it is read, and a file that turns
out to be large goes to the other lane before the costly part. Within a lane one sender's files take turns with others'.
"""

import io
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from xianxue.kernel.schedule import Lane
from xianxue.kernel.sheets.choices import Outcome
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.reading.guards import Kind

# Two seconds of reading and checking on the machine of the measurements, at most.
SHORT_CELLS = 400_000
# About a second of writing.
SHORT_ROWS = 4_000
# The fewest bytes in which a cell can be written, once the file is unpacked.
CELL_BYTES = {"csv": 2, "xls": 8, "xlsx": 24}
PICTURES = "xl/media/"
FIRST_TURN = datetime(2000, 1, 1, tzinfo=UTC)
STEP = timedelta(seconds=1)


def weight_of(content: bytes, kind: Kind) -> int:
    """The most cells that a file can hold, found without opening it."""
    if kind not in CELL_BYTES:
        return SHORT_CELLS + 1  # .ods says one cell and how often it is repeated
    size = len(content)
    if kind == "xlsx":
        # The directory may lie, but then nothing is read (see `extent`); pictures hold no cells.
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            size = sum(part.file_size for part in archive.infolist() if not part.filename.startswith(PICTURES))
    return size // CELL_BYTES[kind]


def lane_to_check(job: ImportJob) -> Lane:
    """Where a file is read and checked."""
    return Lane.SHORT if job.weight <= SHORT_CELLS else Lane.LONG


def lane_to_write(job: ImportJob) -> Lane:
    """Where a checked file is written or undone."""
    rows = job.count(Outcome.NEW) + job.count(Outcome.CHANGED)
    rows += job.count(Outcome.MISSING) if job.option("full_roster") == "1" else 0
    return Lane.SHORT if rows <= SHORT_ROWS else Lane.LONG


def turn_of(job: ImportJob, lane: Lane, tasks: Sequence[str]) -> datetime:
    """When it is the import's turn among those in the lane, as a moment long past: the queue takes the earliest first.

    Each sender's files stand one step apart, the first of them beside the one now in hand (start-time fair queuing):
    whoever sends one file waits for one file of each of the others, however many they have sent. `tasks` are those of imports.
    """
    queued = DBTaskResult.objects.filter(
        queue_name=lane,
        task_path__in=tasks,
        status__in=(TaskResultStatus.READY, TaskResultStatus.RUNNING),
        run_after__lte=timezone.now(),
    )
    turns = [
        (_job_of(kept), at, status) for kept, at, status in queued.values_list("args_kwargs", "run_after", "status")
    ]
    senders = dict(ImportJob.objects.filter(pk__in={pk for pk, _at, _status in turns}).values_list("pk", "sender_id"))
    in_hand = [at for _pk, at, status in turns if status == TaskResultStatus.RUNNING]
    now = max(in_hand) if in_hand else min((at for _pk, at, _status in turns), default=FIRST_TURN)
    own = [at for pk, at, _status in turns if pk in senders and senders[pk] == job.sender_id]
    return max(now, max(own) + STEP) if own else now


def waiting_jobs(tasks: Sequence[str]) -> set[int]:
    """Imports for which a task waits or is in hand."""
    open_ = (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    kept = DBTaskResult.objects.filter(task_path__in=tasks, status__in=open_)
    return {_job_of(arguments) for arguments in kept.values_list("args_kwargs", flat=True)}


def _job_of(arguments: dict[str, Any]) -> int:
    return int(arguments["args"][0])
