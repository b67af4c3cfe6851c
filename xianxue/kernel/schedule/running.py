"""From the clock to the queue, and from the queue to the work."""

import logging
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils import timezone
from django_tasks import task

from xianxue.kernel.schedule.models import RunState, ScheduledRun
from xianxue.kernel.schedule.registry import At, Job, all_jobs, get

logger = logging.getLogger(__name__)
STARTS_LIMIT = 3
# Before imports that wait: periodic work is short, and late is worse for it.
PRIORITY = 50
KEPT = timedelta(days=90)


class JobFailed(Exception):
    """Periodic work met an error: the run has its kind, the log its place; a database's words quote the row."""


def enqueue_due(now: datetime | None = None) -> list[str]:
    """Put every job whose hour has come onto the queue, once for each slot over all processes; returns their codes."""
    moment = now or timezone.now()
    return [job.code for job in all_jobs() if _enqueue(job, moment)]


def _enqueue(job: Job, now: datetime) -> bool:
    slot = job.due(now)
    if slot is None or ScheduledRun.objects.filter(code=job.code, slot__gte=slot).exists():
        return False
    # A daily job that is new here waits for its hour: an installation at noon is no missed morning.
    is_new = isinstance(job.when, At) and not ScheduledRun.objects.filter(code=job.code).exists()
    state = RunState.SKIPPED if is_new else RunState.WAITING
    try:
        with transaction.atomic():
            run = ScheduledRun.objects.create(code=job.code, slot=slot, state=state)
            if not is_new:
                run_slot.using(priority=PRIORITY, queue_name=job.lane).enqueue(run.pk)
    except IntegrityError:
        return False  # another worker has this slot
    _close_missed(job.code, slot)
    return not is_new


def _close_missed(code: str, slot: datetime) -> None:
    """Earlier slots that were begun or waited, and whose worker died once too often, are over with the next slot."""
    left = ScheduledRun.objects.filter(code=code, slot__lt=slot, state__in=(RunState.WAITING, RunState.RUNNING))
    left.update(state=RunState.FAILED, result="not finished before the next slot", finished_at=timezone.now())


@task()
def run_slot(run_id: int) -> None:
    """Do the work of one slot; a slot that is done already is left alone."""
    run = ScheduledRun.objects.filter(pk=run_id).first()
    if run is None or run.state not in (RunState.WAITING, RunState.RUNNING):
        return
    job = get(run.code)
    if job is None:
        _end(run, RunState.SKIPPED, "not in this version")
        return
    run.state, run.starts, run.started_at = RunState.RUNNING, run.starts + 1, timezone.now()
    run.save(update_fields=("state", "starts", "started_at"))
    try:
        result = job.work()
    except Exception as error:
        logger.exception("periodic work failed", extra={"job": job.code})
        _failed(run, job, type(error).__name__)
        raise JobFailed(job.code) from None
    _end(run, RunState.DONE, "" if result is None else str(result))


def _failed(run: ScheduledRun, job: Job, kind: str) -> None:
    """Try again a little later, three times; then the next slot has to do."""
    if run.starts >= STARTS_LIMIT:
        _end(run, RunState.FAILED, kind)
        return
    with transaction.atomic():
        ScheduledRun.objects.filter(pk=run.pk).update(state=RunState.WAITING, result=kind)
        later = timezone.now() + timedelta(minutes=2 * run.starts)
        run_slot.using(priority=PRIORITY, queue_name=job.lane, run_after=later).enqueue(run.pk)


def _end(run: ScheduledRun, state: RunState, result: str) -> None:
    ScheduledRun.objects.filter(pk=run.pk).update(state=state, result=result[:200], finished_at=timezone.now())


def last_run(code: str, *, state: RunState = RunState.DONE) -> ScheduledRun | None:
    """The newest run of a job in a state."""
    return ScheduledRun.objects.filter(code=code, state=state).order_by("-slot").first()


def forget_old_runs() -> int:
    """Remove runs older than three months, but the newest of each job; returns how many."""
    kept = [
        run.pk for job in all_jobs() if (run := ScheduledRun.objects.filter(code=job.code).order_by("-slot").first())
    ]
    return ScheduledRun.objects.filter(slot__lt=timezone.now() - KEPT).exclude(pk__in=kept).delete()[0]
