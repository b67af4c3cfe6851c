"""Writes: once under a key, whatever happens; and nothing over what somebody else wrote."""

import json
import os
import signal
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.utils import timezone

from tests.contracts.stage import Stage
from tests.kernel.api.program import Program, program_of
from xianxue.kernel.api.models import KeptAnswer, Token
from xianxue.organisations.models import Classroom
from xianxue.organisations.selectors import forget_codes

pytestmark = pytest.mark.postgres

CELLS = {"school": "第一小学", "stage": "小学", "cohort_year": "2023", "number": "9"}


def test_the_same_request_twice_is_done_once_and_answered_alike(stage: Stage) -> None:
    program = program_of(stage.cast, "registrar")
    first = program.post("/registers/classes", CELLS, key="the-same-key")
    second = program.post("/registers/classes", CELLS, key="the-same-key")
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json() == second.json()
    assert ("Idempotent-Replayed" in first.headers, second.headers["Idempotent-Replayed"]) == (False, "true")
    assert second.headers["ETag"] == first.headers["ETag"]
    assert Classroom.unguarded.filter(cohort_year=2023, number=9).count() == 1


def test_a_key_used_for_another_request_is_refused(stage: Stage) -> None:
    program = program_of(stage.cast, "registrar")
    program.post("/registers/classes", CELLS, key="the-same-key")
    other = program.post("/registers/classes", CELLS | {"number": "8"}, key="the-same-key")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert not Classroom.unguarded.filter(cohort_year=2023, number=8).exists()


def test_keys_of_two_tokens_are_strangers(stage: Stage) -> None:
    one, two = (program_of(stage.cast, "registrar") for _token in range(2))
    assert one.post("/registers/classes", CELLS, key="the-same-key").status_code == 201
    assert two.post("/registers/classes", CELLS | {"number": "8"}, key="the-same-key").status_code == 201


def test_a_refused_write_leaves_its_key_free(stage: Stage) -> None:
    program = program_of(stage.cast, "registrar")
    wrong = program.post("/registers/classes", CELLS | {"stage": "大学"}, key="the-same-key")
    assert wrong.status_code == 422
    assert not KeptAnswer.objects.exists()
    assert program.post("/registers/classes", CELLS, key="the-same-key").status_code == 201


def test_a_key_is_forgotten_after_a_day(stage: Stage) -> None:
    program = program_of(stage.cast, "registrar")
    program.post("/registers/classes", CELLS, key="the-same-key")
    KeptAnswer.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    again = program.post("/registers/classes", CELLS | {"number": "8"}, key="the-same-key")
    assert again.status_code == 201
    assert KeptAnswer.objects.count() == 1


def test_kept_answers_are_sealed(stage: Stage) -> None:
    program = program_of(stage.cast, "registrar")
    program.post("/registers/classes", CELLS, key="the-same-key")
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM api_keptanswer")
        assert "第一小学" not in cursor.fetchone()[0]


def test_a_write_without_key_or_version_is_refused(stage: Stage) -> None:
    program = program_of(stage.cast, "registrar")
    pk = stage.cast.first_class.pk
    keyless = program.client.post(
        "/api/v1/registers/classes", "{}", content_type="application/json", headers=program._headers({})
    )
    assert keyless.status_code == 422
    headers = program._headers({"Idempotency-Key": "some-key-12"})
    blind = program.client.patch(
        f"/api/v1/registers/classes/{pk}", "{}", content_type="application/json", headers=headers
    )
    assert blind.status_code == 422
    assert "If-Match" in {item["column"] for item in blind.json()["problems"]}


def test_of_two_officers_the_second_sees_what_the_first_wrote(stage: Stage) -> None:
    one, two = program_of(stage.cast, "registrar"), program_of(stage.cast, "county_officer")
    path = f"/registers/classes/{stage.cast.first_class.pk}"
    read = [program.get(path).headers["ETag"] for program in (one, two)]
    assert read[0] == read[1]
    assert one.patch(path, {"room": "301"}, seen=read[0]).status_code == 200
    late = two.patch(path, {"room": "302"}, seen=read[1])
    assert (late.status_code, late.json()["current"]["values"]["room"]) == (412, "301")
    again = two.patch(path, {"room": "302"}, seen=f'"{late.json()["current"]["version"]}"')
    assert (again.status_code, again.json()["row"]["values"]["room"]) == (200, "302")


def test_what_is_not_named_stays_and_unknown_cells_are_refused(stage: Stage) -> None:
    program = program_of(stage.cast, "registrar")
    path = f"/registers/classes/{stage.cast.first_class.pk}"
    before = program.get(path).json()["values"]
    after = program.patch(path, {"room": "301"}).json()["row"]["values"]
    assert after == before | {"room": "301"}
    unknown = program.patch(path, {"roam": "1"})
    assert (unknown.status_code, [item["column"] for item in unknown.json()["problems"]]) == (422, ["cells.roam"])


@pytest.fixture
def shared_stage(transactional_db: None) -> Any:
    """A stage that other connections see."""
    forget_codes()
    with time_machine.travel(date(2024, 10, 15), tick=True):
        from tests.cast import make_cast  # noqa: PLC0415 - app ready

        yield Stage(make_cast())


def test_the_same_key_at_the_same_moment_writes_once(shared_stage: Stage) -> None:
    program = program_of(shared_stage.cast, "registrar")
    together = threading.Barrier(6)

    def press(_number: int) -> Any:
        together.wait()
        try:
            return Program(program.token, program.text).post("/registers/classes", CELLS, key="the-same-key")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(press, range(6)))
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert sum("Idempotent-Replayed" not in answer.headers for answer in answers) == 1
    assert Classroom.unguarded.filter(cohort_year=2023, number=9).count() == 1


def test_of_two_changes_at_the_same_moment_one_is_told(shared_stage: Stage) -> None:
    program = program_of(shared_stage.cast, "registrar")
    path = f"/registers/classes/{shared_stage.cast.first_class.pk}"
    seen, together = program.get(path).headers["ETag"], threading.Barrier(4)

    def press(number: int) -> int:
        together.wait()
        try:
            other = Program(program.token, program.text)
            return int(other.patch(path, {"room": str(300 + number)}, seen=seen).status_code)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(press, range(4))) == [200, 412, 412, 412]


DIES = """
import os, signal
import django
django.setup()
from django.test import Client
from xianxue.kernel.api import writing
create = writing.create
def dying(*args, **kwargs):
    create(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
if os.environ["TEST_DIES"] == "1":
    writing.create = dying
answer = Client(SERVER_NAME="localhost").post("/api/v1/registers/classes", os.environ["TEST_BODY"],
    content_type="application/json", headers={
        "Authorization": "Bearer " + os.environ["TEST_TOKEN"], "Idempotency-Key": "the-same-key"})
print(answer.status_code)
"""


def _url() -> str:
    """Address of the tests' own database, for another process."""
    facts = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{facts['NAME']}"
    return f"postgresql://{facts['USER']}@{facts['HOST']}:{facts['PORT']}/{facts['NAME']}"


def _in_another_process(program: Program, *, dies: bool) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "XIANXUE_DATABASE_URL": _url(),
        "TEST_TOKEN": program.text,
        "TEST_BODY": json.dumps(CELLS),
        "TEST_DIES": "1" if dies else "0",
    }
    command = [sys.executable, "-c", DIES]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def test_killed_between_the_write_and_its_answer_neither_is_left(shared_stage: Stage) -> None:
    program = program_of(shared_stage.cast, "registrar")
    # The other process lives in its own time.
    Token.objects.update(expires_at=timezone.now() + timedelta(days=9_000))
    killed = _in_another_process(program, dies=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert not Classroom.unguarded.filter(cohort_year=2023, number=9).exists()
    assert not KeptAnswer.objects.exists()
    again = _in_another_process(program, dies=False)
    assert again.stdout.strip() == "201", again.stderr
    once_more = _in_another_process(program, dies=False)
    assert once_more.stdout.strip() == "201"
    assert Classroom.unguarded.filter(cohort_year=2023, number=9).count() == 1
