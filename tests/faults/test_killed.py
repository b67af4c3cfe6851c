"""`kill -9` while others write: what was acknowledged is there, once; what was not is tried again and done once."""

import os
import signal
import threading
import time
from collections.abc import Iterator
from datetime import date, timedelta
from http.client import HTTPException

import pytest

from tests.installation import Installation, ask_server, free_port, is_ready, until

FIRST = date(2027, 1, 1)
WRITERS = 3
KILLS = 2


class Program(threading.Thread):
    """Another program that writes days into the calendar, one after the other, and tries again under the same key."""

    def __init__(self, port: int, token: str, number: int) -> None:
        super().__init__(daemon=True)
        self.port, self.number = port, number
        self.headers = {"Authorization": f"Bearer {token}"}
        self.acknowledged: list[str] = []
        self.broken = 0
        self.odd: list[tuple[int, str]] = []
        self.stopping = threading.Event()

    def run(self) -> None:
        for step in range(1000):
            if self.stopping.is_set():
                return
            day = (FIRST + timedelta(days=step * WRITERS + self.number)).isoformat()
            self._until_acknowledged(day)

    def _until_acknowledged(self, day: str) -> None:
        body = {"day": day, "is_working_day": "1", "reason": "调休"}
        while True:
            try:
                status, _headers, text = ask_server(
                    self.port,
                    "/api/v1/registers/calendar",
                    method="POST",
                    body=body,
                    headers={**self.headers, "Idempotency-Key": f"calendar-{day}"},
                )
            except (OSError, HTTPException):
                self.broken += 1
                time.sleep(0.2)
                continue
            if status == 201:
                self.acknowledged.append(day)
                return
            if status != 503:
                self.odd.append((status, text))
                return
            time.sleep(0.2)


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def programs(installation: Installation, port: int) -> Iterator[list[Program]]:
    installation.extra |= {"XIANXUE_API_REQUESTS_PER_MINUTE": "100000", "XIANXUE_WORKERS": "2"}
    made = [Program(port, installation.known["token"], number) for number in range(WRITERS)]
    yield made
    for program in made:
        program.stopping.set()


def children_of(pid: int) -> list[int]:
    with open(f"/proc/{pid}/task/{pid}/children") as file:  # noqa: PTH123 - no file of ours
        return [int(child) for child in file.read().split()]


def wait_for_three_more(programs: list[Program]) -> None:
    reached = [len(program.acknowledged) + 3 for program in programs]
    until(lambda: all(len(p.acknowledged) >= n for p, n in zip(programs, reached, strict=True)))


@pytest.mark.postgres
def test_a_server_that_is_killed_while_writing_loses_nothing_and_does_nothing_twice(
    installation: Installation, port: int, programs: list[Program]
) -> None:
    for turn in range(KILLS):
        with installation.running("serve", "--no-worker", "--port", str(port)) as server:
            until(lambda: is_ready(port))
            if not turn:
                for program in programs:
                    program.start()
            wait_for_three_more(programs)
            # The parent and the processes that answer, at once, as a power cut would.
            for pid in (server.pid, *children_of(server.pid)):
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    continue
            server.wait()
    with installation.running("serve", "--no-worker", "--port", str(port)):
        until(lambda: is_ready(port))
        for program in programs:
            program.stopping.set()
        for program in programs:
            program.join(timeout=60)
    assert [program.odd for program in programs] == [[], [], []]
    assert sum(program.broken for program in programs) > 0
    acknowledged = sorted(day for program in programs for day in program.acknowledged)
    rows = sorted(str(day) for (day,) in installation.ask("SELECT day FROM organisations_dayoverride"))
    assert rows == acknowledged
    events = installation.ask("SELECT count(*) FROM history_event WHERE subject_type = 'organisations.dayoverride'")
    assert events == [(len(acknowledged),)]
    assert installation.run("verify-history").returncode == 0


def test_a_worker_that_is_killed_leaves_its_task_to_the_next(installation: Installation) -> None:
    """The task is one of the schedule; `tests/kernel/sheets/test_killed.py` does the same to imports, chunk by chunk."""
    with installation.running("worker") as worker:
        until(lambda: list((installation.folder / "workers").glob("*")))
        until(lambda: installation.ask("SELECT count(*) FROM schedule_workerbeat") == [(2,)])
        worker.kill()
        worker.wait()
    (dead,) = installation.ask("SELECT worker_id FROM schedule_workerbeat WHERE lane = 'default'")[0]
    # As a killed worker leaves it: claimed, running, and nobody there. No later slot comes and closes this one.
    installation.write(
        "INSERT INTO schedule_scheduledrun (code, slot, state, starts, result) "
        "VALUES ('operations.tidy', '2099-01-01 00:00:00', 'running', 1, '');"
    )
    (run,) = installation.ask("SELECT id FROM schedule_scheduledrun WHERE slot > '2098-01-01'")[0]
    installation.write(
        "INSERT INTO django_tasks_database_dbtaskresult (id, status, enqueued_at, started_at, args_kwargs, priority, task_path, "
        "worker_ids, queue_name, backend_name, run_after, exception_class_path, traceback) VALUES "
        f"('{'0' * 32}', 'RUNNING', '2026-01-01 00:00:00', '2026-01-01 00:00:00', "
        f"'{{\"args\": [{run}], \"kwargs\": {{}}}}', 0, 'xianxue.kernel.schedule.running.run_slot', "
        f"'[\"{dead}\"]', 'default', 'default', '2026-01-01 00:00:00', '', '');"
    )
    done = "SELECT count(*) FROM schedule_scheduledrun WHERE slot > '2098-01-01' AND state = 'done' AND starts = 2"
    with installation.running("worker"):
        until(lambda: installation.ask(done) == [(1,)])
    (beats,) = installation.ask("SELECT count(*) FROM schedule_workerbeat")[0]
    assert beats == 2  # the dead one and the one beside it, which ended with it; the others took their leave
