"""What a dead worker had in hand is taken up again; a living one is left in peace."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from xianxue.kernel.schedule import keeper
from xianxue.kernel.schedule.models import WorkerBeat
from xianxue.kernel.schedule.recovery import STARTS_LIMIT, take_up_dead_tasks
from xianxue.kernel.schedule.running import run_slot
from xianxue.kernel.schedule.workers import SILENT, arrive, forget_dead, living

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


def in_hand(*workers: str) -> "DBTaskResult[Any, Any]":
    queued = run_slot.enqueue(0)
    DBTaskResult.objects.filter(pk=queued.id).update(status=TaskResultStatus.RUNNING, worker_ids=list(workers))
    return DBTaskResult.objects.get(pk=queued.id)


def test_a_worker_lives_until_it_leaves() -> None:
    alive = arrive("one")
    assert [beat.worker_id for beat in living()] == ["one"]
    alive.leave()
    assert living() == []


def test_a_worker_whose_process_ended_is_dead_at_once() -> None:
    alive = arrive("one")
    alive.lock.close()  # what the system does for a process that is killed
    assert living() == []
    forget_dead()
    assert WorkerBeat.objects.count() == 1
    WorkerBeat.objects.update(seen_at=timezone.now() - timedelta(days=2))
    forget_dead()
    assert WorkerBeat.objects.count() == 0


def test_a_worker_elsewhere_is_dead_when_it_is_silent() -> None:
    now = timezone.now()
    beat = WorkerBeat.objects.create(worker_id="far", host="elsewhere", pid=1, started_at=now, seen_at=now)
    assert living() == [beat]
    WorkerBeat.objects.update(seen_at=now - SILENT)
    assert living() == []


def test_the_task_of_a_dead_worker_is_done_again() -> None:
    alive, task = arrive("living"), in_hand("dead")
    other = in_hand("living")
    assert take_up_dead_tasks() == 1
    task.refresh_from_db()
    other.refresh_from_db()
    assert (task.status, other.status) == (TaskResultStatus.READY, TaskResultStatus.RUNNING)
    alive.leave()


def test_a_task_that_ends_its_worker_every_time_is_given_up() -> None:
    task = in_hand(*["dead"] * STARTS_LIMIT)
    assert take_up_dead_tasks() == 1
    task.refresh_from_db()
    assert task.status == TaskResultStatus.FAILED
    assert "未办成：后台进程在办这件事时中断了 3 次。" in task.traceback
    assert take_up_dead_tasks() == 0


def test_a_round_that_fails_is_followed_by_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    alive = arrive("one")
    monkeypatch.setattr(keeper, "PAUSE", 0)
    monkeypatch.setattr(keeper, "close_old_connections", lambda: None)
    calls: list[int] = []

    def fails() -> None:
        calls.append(1)
        raise OSError("gone")

    monkeypatch.setattr(keeper, "enqueue_due", fails)
    keeper.keep(alive, rounds=2)
    assert len(calls) == 2
    alive.leave()
