"""What is counted for a monitoring system (Prometheus). Routes, codes and numbers only: no person, no unit, no address.

Each process counts in files of its own below VAR_DIR/metrics (the client library's multi-process mode); whichever
process is asked adds them up. What the database knows is read when asked.
"""

import os
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.db.models import Count
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from xianxue.accounts.models import SignInFailure
from xianxue.kernel.history.models import Event
from xianxue.kernel.schedule import Lane
from xianxue.kernel.schedule.models import ScheduledRun
from xianxue.kernel.schedule.workers import living
from xianxue.kernel.sheets.models import ImportJob

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
SECONDS = (0.05, 0.1, 0.3, 1, 3, 10, 30)
_registry = CollectorRegistry()
requests = Counter("xianxue_requests", "Requests answered", ("route", "method", "status"), registry=_registry)
seconds = Histogram(
    "xianxue_request_seconds", "Time to answer a request", ("route",), buckets=SECONDS, registry=_registry
)
commands = Counter("xianxue_commands", "Commands by outcome", ("code", "outcome"), registry=_registry)


def count_command(code: str, outcome: str) -> None:
    """One command more; told by `kernel.commands`. Left uncounted where the disk has no room for it."""
    with suppress(OSError):
        commands.labels(code, outcome).inc()


def count_request(route: str, method: str, status: int, took: float) -> None:
    """One request more. Left uncounted where the disk has no room for it: no page fails for a number."""
    with suppress(OSError):
        requests.labels(route, method, str(status)).inc()
        seconds.labels(route).observe(took)


class _Processes(Collector):
    """The counts of all processes."""

    def collect(self) -> Iterable[Metric]:
        files = [str(path) for path in (Path(settings.VAR_DIR) / "metrics").glob("*/*.db")]
        found: Iterable[Metric] = MultiProcessCollector.merge(files)  # type: ignore[no-untyped-call]  # its stub lacks types
        return found


class _Database(Collector):
    """What the database knows; nothing where it cannot be asked, but for that."""

    def collect(self) -> Iterable[Metric]:
        up = GaugeMetricFamily("xianxue_database_up", "Whether the database answers", value=1)
        found: list[Metric] = []
        try:
            found = list(_figures())
        except DatabaseError:
            up = GaugeMetricFamily("xianxue_database_up", "Whether the database answers", value=0)
        return [up, *found]


def _figures() -> Iterator[Metric]:
    now = timezone.now()
    last = Event.objects.order_by("-seq").values_list("seq", flat=True).first()
    yield GaugeMetricFamily("xianxue_events", "Events in the history", value=last or 0)
    yield _workers()
    failures = SignInFailure.objects.filter(at__gte=now - timedelta(hours=1)).count()
    yield GaugeMetricFamily("xianxue_sign_in_failures_last_hour", "Failed sign-ins in the last hour", value=failures)
    recent = DBTaskResult.objects.exclude(status="SUCCESSFUL").exclude(
        status="FAILED", finished_at__lt=now - timedelta(days=1)
    )
    yield _by("xianxue_tasks", "Tasks of the queue; failed ones of the last day", "status", recent)
    due = DBTaskResult.objects.ready()
    yield _by("xianxue_tasks_waiting", "Tasks of the queue that are due, by lane", "queue_name", due)
    yield _by("xianxue_imports", "Imports by state", "state", ImportJob.objects.all())
    yield _by("xianxue_scheduled_runs", "Runs of periodic work by state", "state", ScheduledRun.objects.all())


def _workers() -> GaugeMetricFamily:
    family = GaugeMetricFamily("xianxue_workers", "Background workers alive, by lane", labels=("lane",))
    alive = living()
    for lane in Lane:
        family.add_metric((lane.value,), sum(1 for beat in alive if beat.lane == lane))
    return family


def _by(name: str, words: str, field: str, rows: "object") -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=(field,))
    for value, number in rows.order_by().values_list(field).annotate(Count("pk")):  # type: ignore[attr-defined]  # any queryset
        family.add_metric((str(value).lower(),), number)
    return family


def exposition() -> bytes:
    """All figures in Prometheus' text format."""
    shown = CollectorRegistry()
    if os.environ.get(FOLDER):
        shown.register(_Processes())
    parts = [generate_latest(shown if os.environ.get(FOLDER) else _registry)]
    database = CollectorRegistry()
    database.register(_Database())
    with suppress(OSError):
        parts.append(generate_latest(database))
    return b"".join(parts)
