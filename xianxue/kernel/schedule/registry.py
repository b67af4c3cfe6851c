"""What is done at which hour: declared by the apps, done by the worker."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.utils import timezone

from xianxue.kernel.schedule.lanes import Lane

LOOK_BACK_DAYS = 14


@dataclass(frozen=True)
class Every:
    """At whole multiples of `step` since 1970 in UTC: every hour is on the hour."""

    step: timedelta

    def slot(self, now: datetime) -> datetime | None:
        """The latest moment up to `now` at which the work was due."""
        seconds = int(self.step.total_seconds())
        return datetime.fromtimestamp(int(now.timestamp()) // seconds * seconds, UTC)


@dataclass(frozen=True)
class At:
    """Each day at `hour`, in the county's time; `on` says on which days (default: every day)."""

    hour: time
    on: Callable[[date], bool] | None = None

    def slot(self, now: datetime) -> datetime | None:
        """The latest moment up to `now` at which the work was due; None where no day of two weeks was one."""
        local = timezone.localtime(now)
        for back in range(LOOK_BACK_DAYS):
            day = local.date() - timedelta(days=back)
            moment = timezone.make_aware(datetime.combine(day, self.hour))
            if moment <= now and (self.on is None or self.on(day)):
                return moment
        return None


@dataclass(frozen=True)
class Job:
    """One piece of periodic work.

    `work` takes nothing; what it returns (a number, a short text, or None) is kept with the run and shown, so it names
    no person. It may be done twice for one hour where a worker died in the middle: it must bear that.
    `late` is how long after its hour it may still begin; None means until the next one.
    """

    code: str
    label: Any
    when: Every | At
    work: Callable[[], object]
    late: timedelta | None = None
    lane: Lane = Lane.LONG

    def due(self, now: datetime) -> datetime | None:
        """The slot that may begin now; None where there is none, or it is too late for it."""
        slot = self.when.slot(now)
        if slot is None or (self.late is not None and now - slot > self.late):
            return None
        return slot


_jobs: dict[str, Job] = {}


def register(
    code: str,
    label: Any,
    when: Every | At,
    work: Callable[[], object],
    *,
    late: timedelta | None = None,
    lane: Lane = Lane.LONG,
) -> Job:
    """Declare periodic work; call it in an app's `ready`. Raises ValueError for a code that is taken.

    The work runs on a worker of `lane` (the short one is for what takes a second or two: people wait behind it), outside any reach and outside a transaction: it sets `whole_county(…)` where it
    reads, and calls commands by `system_actor("task")` where it writes.
    After a pause of the workers the latest missed hour is made up for, once; a new daily job waits for its first hour.
    """
    if code in _jobs:
        message = f"Two pieces of periodic work are called {code}."
        raise ValueError(message)
    job = _jobs[code] = Job(code, label, when, work, late, lane)
    return job


def all_jobs() -> list[Job]:
    """Every declared job, by code."""
    return [_jobs[code] for code in sorted(_jobs)]


def get(code: str) -> Job | None:
    """The job of this code; None where this version has none."""
    return _jobs.get(code)
