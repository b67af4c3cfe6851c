"""Who waits for whom: two lanes of the queue, and turns within each. Nothing sleeps, nothing is timed."""

from typing import Any

import pytest
from django_tasks.base import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from tests.kernel.sheets.conftest import BY
from tests.kernel.sheets.shelf import HEADS, pupil, workbook
from xianxue.kernel.access import Actor
from xianxue.kernel.schedule import Lane
from xianxue.kernel.schedule.recovery import take_up_dead_tasks
from xianxue.kernel.sheets import imports, lanes
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.tasks import queue_apply, queue_check, queue_undo, recover_jobs

OTHER = Actor(user_id=8, label="陈经办", via="page", unit_id=None)


@pytest.fixture(autouse=True)
def queue(by: Actor, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The real queue; a file is long from 60 cells on, and its writing from 5 rows on."""
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": list(Lane.values)}}
    monkeypatch.setattr(lanes, "SHORT_CELLS", 60)
    monkeypatch.setattr(lanes, "SHORT_ROWS", 4)
    monkeypatch.setattr(lanes, "CELL_BYTES", {"csv": 10})


def table(rows: int) -> bytes:
    return "\n".join(",".join(map(str, cells)) for cells in (HEADS, *map(pupil, range(rows)))).encode()


def sent(rows: int, by: Actor = BY) -> ImportJob:
    job = imports.receive((f"学生{rows}.csv", table(rows)), by=by)
    queue_check(job)
    return job


def taken(lane: Lane) -> "DBTaskResult[Any, Any]":
    """The next task of a lane, in the hand of a worker."""
    task = DBTaskResult.objects.ready().filter(queue_name=lane).first()
    assert task is not None, f"nobody waits in lane {lane}"
    task.claim("worker")
    return task


def done(lane: Lane) -> ImportJob:
    """The import of the next task of a lane, when a worker has done it."""
    task = taken(lane)
    task.task.call(*task.args_kwargs["args"])
    task.set_successful(None)
    return ImportJob.objects.get(pk=task.args_kwargs["args"][0])


def waiting(lane: Lane) -> int:
    return DBTaskResult.objects.ready().filter(queue_name=lane).count()


def test_a_short_import_is_checked_and_written_while_a_long_one_is_in_hand() -> None:
    sent(40)
    long = taken(Lane.LONG)
    short = sent(2, OTHER)
    assert done(Lane.SHORT) == short
    short.refresh_from_db()
    imports.start_applying(short, by=OTHER)
    queue_apply(short)
    assert done(Lane.SHORT).state == "applied"
    long.refresh_from_db()
    assert (long.status, waiting(Lane.LONG)) == (TaskResultStatus.RUNNING, 0)


def test_a_file_that_turns_out_to_be_long_goes_to_the_other_lane_after_reading() -> None:
    ragged = table(1).decode() + "," * 300 + "\n" + table(10).decode().partition("\n")[2]
    job = imports.receive(("学生.csv", ragged.encode()), by=BY)
    ImportJob.objects.filter(pk=job.pk).update(weight=0)
    job.refresh_from_db()
    queue_check(job)
    seen = done(Lane.SHORT)
    assert (seen.state, seen.starts, seen.weight > 3_000) == ("received", 0, True)
    assert (waiting(Lane.SHORT), waiting(Lane.LONG)) == (0, 1)
    assert done(Lane.LONG).state == "ready"


def test_what_a_check_found_decides_where_it_is_written_and_undone() -> None:
    sent(40)
    job = done(Lane.LONG)
    imports.start_applying(job, by=BY)
    queue_apply(job)
    job = done(Lane.LONG)
    again = sent(40)
    assert (done(Lane.LONG), ImportJob.objects.get(pk=again.pk).count("same")) == (again, 40)
    assert lanes.lane_to_write(ImportJob.objects.get(pk=again.pk)) == Lane.SHORT
    imports.start_undoing(job, by=BY)
    queue_undo(job)
    assert done(Lane.LONG).state == "undone"


def test_the_weight_is_that_of_the_file_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    content = workbook([pupil(1, name="张" * 30) for _ in range(4_000)])
    assert lanes.weight_of(content, "xlsx") > 4_000 * len(HEADS) > len(content) // 24
    assert lanes.weight_of(b"", "ods") > lanes.SHORT_CELLS, "a cell may be repeated a million times in a few bytes"


def test_ten_files_of_one_sender_do_not_hold_up_another_ones_file() -> None:
    many = [sent(number) for number in range(1, 4)] + [sent(number) for number in range(1, 4)]
    assert done(Lane.SHORT) == many[0]
    first = taken(Lane.SHORT)
    assert first.args_kwargs["args"][0] == many[1].pk
    one = sent(2, OTHER)
    assert [done(Lane.SHORT) for _ in range(3)] == [one, many[2], many[3]]


def test_two_senders_take_turns() -> None:
    mine = [sent(number) for number in (1, 2, 3)]
    theirs = [sent(number, OTHER) for number in (1, 2, 3)]
    order = [done(Lane.SHORT) for _ in range(6)]
    assert order == [mine[0], theirs[0], mine[1], theirs[1], mine[2], theirs[2]]


def test_only_what_no_task_is_there_for_is_taken_up_anew() -> None:
    sent(1)
    left = imports.receive(("学生.csv", table(2)), by=BY)
    in_hand = sent(3)
    assert [taken(Lane.SHORT).args_kwargs["args"][0] for _ in range(2)][1] == in_hand.pk
    assert take_up_dead_tasks() == 2, "the worker is dead: its tasks wait again"
    assert recover_jobs() == 1
    assert lanes.waiting_jobs(("xianxue.kernel.sheets.tasks.check_job",)) >= {in_hand.pk}
    assert left.state == "received"
