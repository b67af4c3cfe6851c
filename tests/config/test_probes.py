"""The addresses for machines: open to whom they are meant for, and silent about persons."""

import json
import logging
import re
from datetime import timedelta

import pytest
from django.db import OperationalError
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from tests.factories.accounts import UserFactory
from xianxue.config.operations import chores, metrics, probes, requests
from xianxue.kernel.access import Actor, system_actor
from xianxue.kernel.commands import Refused, command
from xianxue.kernel.commands.command import commands
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.sheets import files
from xianxue.kernel.sheets.choices import State
from xianxue.kernel.sheets.models import ImportBatch, ImportJob

FAR = "203.0.113.7"


def test_a_process_that_answers_is_alive_under_any_host_name(client: Client) -> None:
    answer = client.get("/healthz", headers={"Host": "10.0.0.9"})
    assert (answer.status_code, answer.content) == (200, b"ok\n")


def test_machines_only_ask(client: Client) -> None:
    assert client.post("/healthz").status_code == 405


@pytest.mark.django_db
def test_an_installation_in_order_is_ready(client: Client) -> None:
    assert client.get("/readyz", headers={"Host": "elsewhere.example"}).status_code == 200


def gone() -> list[str]:
    raise OperationalError


@pytest.mark.django_db
def test_what_is_not_ready_is_told_to_near_ones_only(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes._Migrated, "pending", staticmethod(gone))
    monkeypatch.setattr(probes, "ROOM", 2**62)
    near, far = client.get("/readyz"), client.get("/readyz", REMOTE_ADDR=FAR)
    proxied = client.get("/readyz", headers={"X-Forwarded-For": "127.0.0.1"})
    assert [answer.status_code for answer in (near, far, proxied)] == [503, 503, 503]
    assert near.content == b"database disk\n"
    assert far.content == proxied.content == b"unavailable\n"


@pytest.mark.django_db
def test_missing_migrations_are_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(probes._Migrated, "done", False)
    monkeypatch.setattr(probes, "pending_migrations", lambda: ["people.0009_later"])
    assert client.get("/readyz").content == b"migrations\n"


@pytest.mark.django_db
def test_figures_are_closed_to_strangers_and_open_with_the_token(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = "of the monitoring system"
    assert client.get("/metrics").status_code == 200
    assert client.get("/metrics", REMOTE_ADDR=FAR).status_code == 404
    assert client.get("/metrics", headers={"X-Forwarded-For": "203.0.113.7"}).status_code == 404
    wrong = {"Authorization": "Bearer of somebody else"}
    assert client.get("/metrics", headers=wrong, REMOTE_ADDR=FAR).status_code == 404
    right = {"Authorization": "Bearer of the monitoring system"}
    assert client.get("/metrics", headers=right, REMOTE_ADDR=FAR).status_code == 200


@pytest.mark.django_db
def test_without_a_token_in_the_settings_none_opens(client: Client, settings: Settings) -> None:
    settings.METRICS_TOKEN = ""
    assert client.get("/metrics", headers={"Authorization": "Bearer "}, REMOTE_ADDR=FAR).status_code == 404


@pytest.mark.django_db
def test_requests_and_commands_are_counted_by_route_and_code_without_persons(client: Client) -> None:
    user = UserFactory(name="张小明", username="zhangxiaoming")
    client.force_login(user)
    client.get("/account/")
    client.get("/no/such/张小明/")

    @command("tests.counted", label="甲")
    def counted(*, refused: bool, by: Actor) -> None:
        if refused:
            raise Refused("未办。")
        record(Subject("tests.row", 1, "张小明"))

    try:
        counted(refused=False, by=system_actor("cli"))
        with pytest.raises(Refused):
            counted(refused=True, by=system_actor("cli"))
    finally:
        del commands["tests.counted"]
    text = client.get("/metrics").content.decode()
    assert 'xianxue_requests_total{method="GET",route="account",status="200"}' in text
    assert 'xianxue_requests_total{method="GET",route="none",status="404"}' in text
    assert 'xianxue_commands_total{code="tests.counted",outcome="done"} 1.0' in text
    assert 'xianxue_commands_total{code="tests.counted",outcome="refused"} 1.0' in text
    assert re.search(r"^xianxue_events \d", text, re.MULTILINE)
    assert "xianxue_database_up 1.0" in text
    assert "zhangxiaoming" not in text
    assert not re.search(r"[\u4e00-\u9fff]", text)


def test_figures_are_given_without_a_database(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(metrics, "_figures", gone)
    assert b"xianxue_database_up 0.0" in metrics.exposition()


@pytest.mark.django_db
def test_each_answer_carries_a_number_that_the_log_has_too(client: Client) -> None:
    given = client.get("/healthz", headers={"X-Request-ID": "of-the-proxy-0001"})
    assert given.headers["X-Request-ID"] == "of-the-proxy-0001"
    made = client.get("/healthz", headers={"X-Request-ID": "a\tb c"}).headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)
    line = logging.LogRecord("x", logging.INFO, __file__, 1, "m", (), None)
    assert requests.WithRequestId().filter(line)
    assert json.dumps(line.__dict__["request_id"]) == '""'


@pytest.mark.django_db
def test_files_of_imports_never_written_are_removed_after_their_days(settings: Settings) -> None:
    batch = ImportBatch.objects.create(sender="张三")
    jobs = [
        ImportJob.objects.create(batch=batch, sender="张三", file_name="甲", file_size=1, state=state)
        for state in (State.FAILED, State.CANCELLED, State.APPLIED, State.FAILED)
    ]
    for job in jobs:
        files.write(job.pk, files.SOURCE, b"rows")
    old = timezone.now() - timedelta(days=settings.IMPORT_UNDO_DAYS + 1)
    ImportJob.objects.filter(pk__in=[job.pk for job in jobs[:3]]).update(updated_at=old)
    assert chores.discard_imports() == 2
    assert [files.exists(job.pk, files.SOURCE) for job in jobs] == [False, False, True, True]
    assert chores.discard_imports() == 0
