"""The life of an import: every change of state in one place, none possible from the wrong state."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.kernel.commands import Refused
from xianxue.kernel.sheets.choices import MOVING, State
from xianxue.kernel.sheets.models import ImportJob

# Saved together after reading and checking; never the state, which only `move` changes.
RESULTS = (
    "sheet", "unit_id", "layout", "counts", "problems", "notes", "timings", "progress", "progress_total", "updated_at",
)  # fmt: skip


class Cancelled(Exception):
    """The sender cancelled the import while it was in hand."""


class TooLong(Exception):
    """A file that was thought to be short turned out to be long: it waits for the other lane."""


class TakenOver(Exception):
    """Another worker has the same import in hand: this one's chunk was rolled back, and it stops."""


def advance(job: ImportJob, mark: str, to: int, **fields: object) -> None:
    """Move a mark of the job inside the transaction of the rows it speaks of; together they hold or fall.

    Raises TakenOver where the mark is not where this worker left it.
    """
    before = getattr(job, mark)
    if not ImportJob.objects.filter(pk=job.pk, **{mark: before}).update(**{mark: to}, **fields):
        raise TakenOver
    for name, value in {mark: to, **fields}.items():
        setattr(job, name, value)


def move(job: ImportJob, *allowed: State, to: State, reason: str = "", **fields: object) -> None:
    """Change the state, where it is one of `allowed` (compared and set at once). Raises Refused otherwise."""
    found = ImportJob.objects.filter(pk=job.pk, state__in=allowed).update(state=to, reason=reason, **fields)
    job.refresh_from_db(fields=["state", "reason", *fields])
    if not found:
        facts = {"number": job.pk, "state": State(job.state).label}
        raise Refused(_("未能继续：任务 %(number)s 现在的状态是“%(state)s”。请刷新页面后再看。") % facts)


def fail(job: ImportJob, reason: str) -> None:
    """Put the import into the state of failure, with a sentence for the sender."""
    ImportJob.objects.filter(pk=job.pk).update(state=State.FAILED, reason=reason)
    job.refresh_from_db(fields=["state", "reason"])


def stop(job: ImportJob, state: State, reason: str = "") -> None:
    """End the work in hand before its time: in `state`, or as `applied` where rows are written, so that they can be undone.

    `reason` is a whole sentence for the sender; what was written is said beside it.
    """
    # What the job in memory says may have been rolled back.
    job.refresh_from_db()
    fields: dict[str, object] = {"state": state, "reason": reason, "cancel_asked": False}
    if job.state == State.UNDOING:
        text = _("没有全部撤销。%(reason)s可以再撤销一次，办完其余的。")
        fields |= {"state": State.APPLIED, "reason": text % {"reason": reason}}
    elif job.applied_through or job.closed_through:
        text = _(
            "没有全部写入，写到第 %(row)s 行为止。%(reason)s可以撤销已写的，或把同一个文件再发送一次，写入其余的。"
        )
        facts = {"row": job.applied_through, "reason": reason}
        fields |= {"state": State.APPLIED, "reason": text % facts, "applied_at": timezone.now()}
    ImportJob.objects.filter(pk=job.pk, state__in=MOVING).update(**fields)
    job.refresh_from_db()


def report(job: ImportJob, done: int, total: int) -> None:
    """Tell how far the work is, and stop where the sender cancelled it."""
    ImportJob.objects.filter(pk=job.pk).update(progress=done, progress_total=total)
    job.progress, job.progress_total = done, total
    stop_if_cancelled(job)


def stop_if_cancelled(job: ImportJob) -> None:
    """Raises Cancelled where the sender asked for it."""
    if ImportJob.objects.filter(pk=job.pk, cancel_asked=True).exists():
        raise Cancelled


def save_results(job: ImportJob) -> None:
    """Save what reading and checking found."""
    with transaction.atomic():
        job.save(update_fields=RESULTS)


@contextmanager
def timed(job: ImportJob, name: str) -> Iterator[None]:
    """Add the seconds of the block to the job's timings."""
    start = time.perf_counter()
    try:
        yield
    finally:
        job.timings[name] = round(job.timings.get(name, 0.0) + time.perf_counter() - start, 2)
