"""Periodic work is done once a slot, made up for after a pause, tried again after a fault."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from xianxue.kernel.schedule import At, Every, Job, registry
from xianxue.kernel.schedule.models import RunState, ScheduledRun
from xianxue.kernel.schedule.running import JobFailed, enqueue_due, forget_old_runs, last_run, run_slot

pytestmark = pytest.mark.postgres

NOON = datetime(2026, 3, 4, 4, 0, tzinfo=UTC)  # 12:00 in the county
HOUR = timedelta(hours=1)


class Work:
    """Counts how often it was done; fails as often as it is told to."""

    def __init__(self) -> None:
        self.done = 0
        self.fails = 0

    def __call__(self) -> str:
        if self.fails:
            self.fails -= 1
            raise ValueError("the words of a database may quote a row")
        self.done += 1
        return f"{self.done} done"


@pytest.fixture
def work() -> Work:
    return Work()


@pytest.fixture
def only(monkeypatch: pytest.MonkeyPatch) -> dict[str, Job]:
    """A registry with nothing in it."""
    jobs: dict[str, Job] = {}
    monkeypatch.setattr(registry, "_jobs", jobs)
    return jobs


def run_queue() -> None:
    for queued in DBTaskResult.objects.filter(status=TaskResultStatus.READY):
        queued.task.call(*queued.args_kwargs["args"])
        queued.set_successful(None)


def test_an_hourly_slot_is_the_whole_hour() -> None:
    assert Every(HOUR).slot(NOON + timedelta(minutes=59)) == NOON


def test_a_daily_slot_is_in_the_countys_time() -> None:
    assert At(time(8, 30)).slot(NOON) == datetime(2026, 3, 4, 0, 30, tzinfo=UTC)
    assert At(time(12, 1)).slot(NOON) == datetime(2026, 3, 3, 4, 1, tzinfo=UTC)


def test_a_daily_slot_skips_days_that_are_not_meant() -> None:
    assert At(time(8), on=lambda day: day == date(2026, 2, 27)).slot(NOON) == datetime(2026, 2, 27, 0, tzinfo=UTC)
    assert At(time(8), on=lambda _day: False).slot(NOON) is None


def test_a_slot_that_is_too_late_is_left(only: dict[str, Job], work: Work) -> None:
    job = registry.register("a", "甲", At(time(8)), work, late=timedelta(hours=3))
    assert job.due(NOON) is None
    assert job.due(NOON - HOUR) == datetime(2026, 3, 4, 0, tzinfo=UTC)


def test_a_code_is_given_once(only: dict[str, Job], work: Work) -> None:
    registry.register("a", "甲", Every(HOUR), work)
    with pytest.raises(ValueError, match="are called a"):
        registry.register("a", "乙", Every(HOUR), work)


@pytest.mark.django_db
def test_a_slot_is_enqueued_and_done_once(only: dict[str, Job], work: Work) -> None:
    registry.register("a", "甲", Every(HOUR), work)
    assert enqueue_due(NOON) == ["a"]
    assert enqueue_due(NOON + timedelta(minutes=30)) == []
    run_queue()
    run_slot.call(ScheduledRun.objects.get().pk)  # queued twice: the work is done
    assert work.done == 1
    run = ScheduledRun.objects.get()
    assert (run.state, run.result, run.slot) == (RunState.DONE, "1 done", NOON)
    assert last_run("a") == run


@pytest.mark.django_db
def test_after_a_pause_the_latest_slot_is_made_up_for_once(only: dict[str, Job], work: Work) -> None:
    registry.register("a", "甲", Every(HOUR), work)
    enqueue_due(NOON)
    run_queue()
    assert enqueue_due(NOON + 50 * HOUR) == ["a"]
    run_queue()
    assert work.done == 2


@pytest.mark.django_db
def test_a_new_daily_job_waits_for_its_hour(only: dict[str, Job], work: Work) -> None:
    registry.register("a", "甲", At(time(8)), work)
    assert enqueue_due(NOON) == []
    assert ScheduledRun.objects.get().state == RunState.SKIPPED
    assert enqueue_due(NOON + timedelta(days=1)) == ["a"]


@pytest.mark.django_db
def test_a_clock_that_goes_back_does_no_slot_again(only: dict[str, Job], work: Work) -> None:
    registry.register("a", "甲", Every(HOUR), work)
    enqueue_due(NOON)
    assert enqueue_due(NOON - 5 * HOUR) == []


@pytest.mark.django_db
def test_a_fault_is_tried_three_times_and_keeps_its_kind_only(only: dict[str, Job], work: Work) -> None:
    registry.register("a", "甲", Every(HOUR), work)
    work.fails = 3
    enqueue_due(NOON)
    run = ScheduledRun.objects.get()
    for number in (1, 2, 3):
        with pytest.raises(JobFailed):
            run_slot.call(run.pk)
        run.refresh_from_db()
        assert run.state == (RunState.FAILED if number == 3 else RunState.WAITING)
    assert run.result == "ValueError"
    assert DBTaskResult.objects.count() == 3
    assert enqueue_due(NOON + HOUR) == ["a"]


@pytest.mark.django_db
def test_a_slot_left_open_is_closed_by_the_next(only: dict[str, Job], work: Work) -> None:
    registry.register("a", "甲", Every(HOUR), work)
    enqueue_due(NOON)
    enqueue_due(NOON + HOUR)
    assert list(ScheduledRun.objects.order_by("slot").values_list("state", flat=True)) == ["failed", "waiting"]


@pytest.mark.django_db
def test_a_job_that_this_version_lacks_is_skipped(only: dict[str, Job]) -> None:
    run = ScheduledRun.objects.create(code="gone", slot=NOON)
    run_slot.call(run.pk)
    run.refresh_from_db()
    assert run.state == RunState.SKIPPED


@pytest.mark.django_db
def test_old_runs_are_forgotten_but_the_newest_of_each(only: dict[str, Job], work: Work) -> None:
    registry.register("a", "甲", Every(HOUR), work)
    for day in (1, 2):
        ScheduledRun.objects.create(code="a", slot=datetime(2020, 1, day, tzinfo=UTC))
    assert forget_old_runs() == 1
    assert ScheduledRun.objects.get().slot.day == 2
