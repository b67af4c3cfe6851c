"""Imports in the background, and their recovery after a worker died."""

from collections.abc import Callable
from functools import partial

from django.db import transaction
from django_tasks import task
from django_tasks.base import Task

from xianxue.kernel.schedule import Lane
from xianxue.kernel.sheets import imports, lanes
from xianxue.kernel.sheets.choices import BEFORE_CHECK, State
from xianxue.kernel.sheets.models import ImportJob

# A file that ends the worker each time it is read must not keep the others waiting for ever.
STARTS_LIMIT = 3


class ImportFailed(Exception):
    """An import met a program error: the job has the sentence, the log the place."""


def _run(work: Callable[[ImportJob], object], job: ImportJob) -> None:
    try:
        work(job)
    except Exception:  # noqa: BLE001 - any error; the queue keeps its words, and those of a database quote the row
        message = f"import {job.pk}"
        raise ImportFailed(message) from None


@task()
def check_job(job_id: int, lane: str = Lane.LONG) -> None:
    """Read and check an import; one that turns out to be long is handed over from the short lane to the other."""
    job = ImportJob.objects.get(pk=job_id)
    if job.state in BEFORE_CHECK:
        _run(partial(imports.check, lane=Lane(lane)), job)
    if job.state == State.RECEIVED:
        queue_check(job)


@task()
def apply_job(job_id: int) -> None:
    """Write an import that was decided to be written, going on where it stopped."""
    job = ImportJob.objects.get(pk=job_id)
    if job.state == State.APPLYING:
        _run(imports.carry_on_applying, job)


@task()
def undo_job(job_id: int) -> None:
    """Undo an import that was decided to be undone, going on where it stopped."""
    job = ImportJob.objects.get(pk=job_id)
    if job.state == State.UNDOING:
        _run(imports.carry_on_undoing, job)


TASKS = tuple(work.module_path for work in (check_job, apply_job, undo_job))


def _queue(work: "Task[..., None]", job: ImportJob, lane: Lane, *arguments: str) -> None:
    """Put the work on an import into its lane, where its sender's turn is."""
    turn = lanes.turn_of(job, lane, TASKS) if work.get_backend().supports_defer else None
    work.using(queue_name=lane, run_after=turn).enqueue(job.pk, *arguments)


def queue_check(job: ImportJob) -> None:
    """Have an import read and checked in the background."""
    lane = lanes.lane_to_check(job)
    _queue(check_job, job, lane, lane)


def queue_apply(job: ImportJob) -> None:
    """Have an import written in the background, once it was decided."""
    _queue(apply_job, job, lanes.lane_to_write(job))


def queue_undo(job: ImportJob) -> None:
    """Have an import undone in the background, once it was decided."""
    _queue(undo_job, job, lanes.lane_to_write(job))


def recover_jobs() -> int:
    """Take up what a dead worker left: called before a worker takes its first task, after the tasks of dead workers were put
    back into the queue; returns how many.

    A job of which no task waits or is in hand was left between two transactions, or its task was given up: reading and
    checking start again, writing and undoing go on after their last committed chunk.
    """
    waiting = lanes.waiting_jobs(TASKS)
    left = ImportJob.objects.filter(state__in=(*BEFORE_CHECK, State.APPLYING, State.UNDOING))
    number = 0
    for job in left.order_by("pk"):
        if job.pk in waiting:
            continue
        if job.state in BEFORE_CHECK and job.starts >= STARTS_LIMIT:
            imports.give_up(job)
            continue
        follow = {State.APPLYING: queue_apply, State.UNDOING: queue_undo}.get(State(job.state), queue_check)
        transaction.on_commit(partial(follow, job))
        number += 1
    return number
