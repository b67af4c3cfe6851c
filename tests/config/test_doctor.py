"""What the doctor says of each part, and what it advises."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import OperationalError
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pytest_django.fixtures import Settings

from tests.factories.people import IdentifierFactory
from xianxue.config.operations.doctor import database, examining, finding, machine, work
from xianxue.config.operations.doctor.examining import examine
from xianxue.config.operations.doctor.finding import Level
from xianxue.config.operations.refusal import Stopped
from xianxue.kernel.history.models import Event
from xianxue.kernel.schedule import At, Every, Job, registry
from xianxue.kernel.schedule.lanes import Lane
from xianxue.kernel.schedule.models import RunState, ScheduledRun
from xianxue.kernel.schedule.running import run_slot
from xianxue.kernel.schedule.workers import arrive

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


@pytest.fixture
def var(tmp_path: Path, settings: Settings) -> Path:
    settings.VAR_DIR, settings.BACKUP_DIR = tmp_path, tmp_path / "backups"
    return tmp_path


def test_every_check_says_something_and_what_to_do(var: Path) -> None:
    found = examine()
    assert len({item.code for item in found}) == len(found)
    assert [item.code for item in found if not item.seen] == []
    assert [item.code for item in found if item.level != Level.FINE and not item.advice.endswith("。")] == []


def test_a_fault_is_the_exit_code_and_the_words_can_be_read_by_programs(
    var: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("doctor", json=True)
    assert ended.value.code == 1
    told: list[dict[str, Any]] = json.loads(capsys.readouterr().out)
    assert {"code", "label", "level", "seen", "advice"} == set(told[0])
    assert next(item["level"] for item in told if item["code"] == "worker") == "故障"


@pytest.mark.parametrize("error", [OperationalError("words of the database"), Stopped("数据库连不上。")])
def test_a_check_that_cannot_be_made_does_not_end_the_others(error: Exception) -> None:
    def check_gone() -> finding.Finding:
        raise error

    told = examining._made(check_gone)
    assert told.level == Level.FAULT
    assert "words" not in told.seen


def test_keys_that_do_not_fit_are_a_fault(settings: Settings) -> None:
    IdentifierFactory()
    assert database.check_keys().level == Level.FINE
    settings.DIGEST_KEY = b"\x07" * 32
    assert database.check_keys().level == Level.FAULT


def event_at(at: datetime, seq: int = 1) -> None:
    Event.objects.create(
        seq=seq, at=at.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), via="cli", action="x", subject_type="x", subject_id=1,
        salt="", payload_hash="", algorithm="sha256", version=1, prev_hash=f"{seq - 1}", leaf_hash=f"{seq}",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("ahead", "level"),
    [(-HOUR, Level.FINE), (timedelta(minutes=2), Level.NOTICE), (HOUR, Level.FAULT)],
)
def test_a_clock_that_was_set_back_is_found(ahead: timedelta, level: Level) -> None:
    event_at(datetime.now(UTC) + ahead)
    assert database.check_clock().level == level


@pytest.mark.parametrize(("first", "level"), [(2 * HOUR, Level.FAULT), (-HOUR, Level.NOTICE)])
def test_a_clock_that_was_set_back_is_found_after_more_was_written(first: timedelta, level: Level) -> None:
    event_at(datetime.now(UTC) + first)
    event_at(datetime.now(UTC) - 2 * HOUR, seq=2)
    assert database.check_clock().level == level


def test_a_database_in_order_is_fine() -> None:
    assert database.check_migrations().level == Level.FINE
    told = database.check_database()
    assert told.level == Level.FINE, told


def test_a_worker_is_seen(var: Path) -> None:
    assert work.check_worker().level == Level.FAULT
    short = arrive("one")
    assert (work.check_worker().level, "短任务 1 个、长任务 0 个" in work.check_worker().seen) == (Level.FAULT, True)
    long = arrive("two", Lane.LONG)
    assert work.check_worker().level == Level.FINE
    short.leave()
    long.leave()


def test_a_task_that_waits_or_hangs_for_long_is_a_fault() -> None:
    assert work.check_queue().level == Level.FINE
    run_slot.enqueue(0)
    DBTaskResult.objects.update(enqueued_at=timezone.now() - HOUR)
    assert work.check_queue().level == Level.FAULT
    DBTaskResult.objects.update(status="RUNNING", started_at=timezone.now() - HOUR)
    assert work.check_queue().level == Level.FAULT
    DBTaskResult.objects.update(status="FAILED", finished_at=timezone.now())
    assert work.check_queue().level == Level.NOTICE


@pytest.fixture
def one_job(monkeypatch: pytest.MonkeyPatch) -> Job:
    monkeypatch.setattr(registry, "_jobs", {})
    return registry.register("a", "甲", Every(HOUR), lambda: None)


def test_periodic_work_that_was_not_done_is_a_fault(one_job: Job) -> None:
    assert work.check_schedule().level == Level.FINE  # never ran here
    run = ScheduledRun.objects.create(code="a", slot=timezone.now() - 5 * HOUR, state=RunState.DONE)
    told = work.check_schedule()
    assert (told.level, told.seen) == (Level.FAULT, "没有按时办：甲")
    ScheduledRun.objects.filter(pk=run.pk).update(slot=timezone.now() - timedelta(minutes=1))
    assert work.check_schedule().level == Level.FINE
    ScheduledRun.objects.update(state=RunState.FAILED)
    assert work.check_schedule().level == Level.NOTICE


def test_a_job_of_certain_days_is_not_late_on_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_jobs", {})
    registry.register("b", "乙", At(timezone.localtime().time(), on=lambda _day: False), lambda: None)
    assert work.check_schedule().level == Level.FINE


def test_backups_are_to_be_there_new_and_tried(var: Path) -> None:
    assert work.check_backup().level == Level.FAULT
    folder = var / "backups" / "xianxue-20260101T000000Z"
    folder.mkdir(parents=True)
    assert "不是一份完整的备份" in work.check_backup().seen

    def made(at: datetime) -> None:
        facts: dict[str, Any] = {
            "made_at": at.isoformat(),
            "version": "1",
            "engine": "sqlite",
            "server": "3",
            "migrations": [],
        }
        facts |= {"tables": {}, "log": {}, "keys": {}, "parts": [], "format": 1}
        (folder / "manifest.json").write_text(json.dumps(facts))

    made(timezone.now() - 40 * HOUR)
    assert work.check_backup().level == Level.FAULT
    made(timezone.now())
    assert work.check_backup().level == Level.NOTICE
    (var / "backups" / "last-check.json").write_text(json.dumps({"checked_at": timezone.now().isoformat()}))
    assert work.check_backup().level == Level.FINE


def test_data_that_others_can_read_are_a_fault(var: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.SIGNING_KEY = var / "keys" / "signing.pem"
    monkeypatch.setitem(settings.DATABASES["default"], "NAME", str(var / "x.sqlite3"))
    var.chmod(0o755)
    (var / "files").mkdir(mode=0o755)
    assert machine.check_permissions().level == Level.FAULT
    var.chmod(0o750)
    assert machine.check_permissions().level == Level.FINE


def test_an_address_without_tls_is_a_fault(settings: Settings) -> None:
    settings.DEMO, settings.BASE_URL = False, "http://xianxue.example"
    assert machine.check_settings().level == Level.FAULT
    settings.BASE_URL = "https://xianxue.example"
    assert machine.check_settings().level == Level.FINE


def test_a_provider_that_is_silent_is_a_fault(settings: Settings) -> None:
    assert machine.check_providers().level == Level.FINE
    settings.OIDC_ISSUER = "https://127.0.0.1:1/"
    assert machine.check_providers().level == Level.FAULT
