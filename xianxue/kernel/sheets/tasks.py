"""Imports in the background, and their recovery after a worker died."""

from collections.abc import Callable
from functools import partial

from django.db import transaction
from django_tasks import task

from xianxue.kernel.sheets import imports
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
def check_job(job_id: int) -> None:
    """Read and check an import."""
    job = ImportJob.objects.get(pk=job_id)
    if job.state in BEFORE_CHECK:
        _run(imports.check, job)


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


def recover_jobs() -> int:
    """Take up what a dead worker left: called once, before a worker takes its first task; returns how many.

    The queue does not notice that a worker was killed; the state of the job does: reading and checking start again,
    writing and undoing go on after their last committed chunk. A task that is queued twice finds the work done.
    """
    left = ImportJob.objects.filter(state__in=(*BEFORE_CHECK, State.APPLYING, State.UNDOING))
    number = 0
    for job in left.order_by("pk"):
        if job.state in BEFORE_CHECK and job.starts >= STARTS_LIMIT:
            imports.give_up(job)
            continue
        follow = {State.APPLYING: apply_job, State.UNDOING: undo_job}.get(State(job.state), check_job)
        transaction.on_commit(partial(follow.enqueue, job.pk))
        number += 1
    return number
