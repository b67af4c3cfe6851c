"""`kill -9` of the worker with notices on the wire: each arrives, at least once, and a repeat is known by its id."""

import json
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from tests.installation import Installation, ask_server, free_port, is_ready, until
from tests.kernel.api.receiver import Receiver

DAYS = [(date(2027, 1, 1) + timedelta(days=number)).isoformat() for number in range(6)]
WAITING = "SELECT count(*) FROM api_delivery WHERE state <> 'delivered'"


@pytest.fixture
def receiver(installation: Installation) -> Iterator[Receiver]:
    installation.extra["XIANXUE_WEBHOOK_NETWORKS"] = "127.0.0.0/8"
    # Long enough that the worker is killed while the receiver holds the notice.
    found = Receiver(delay=1.0)
    yield found
    found.stop()


def post(installation: Installation, port: int, path: str, key: str, body: object) -> None:
    headers = {"Authorization": f"Bearer {installation.known['token']}", "Idempotency-Key": f"notices-{key}"}
    status, _headers, text = ask_server(port, f"/api/v1{path}", method="POST", body=body, headers=headers)
    assert status == 201, text


def test_a_worker_killed_with_a_notice_on_the_wire_loses_none(installation: Installation, receiver: Receiver) -> None:
    port = free_port()
    with installation.running("serve", "--no-worker", "--port", str(port)):
        until(lambda: is_ready(port))
        post(installation, port, "/webhooks", "subscribe", {"url": receiver.url, "registers": ["calendar"]})
        for day in DAYS:
            body = {"day": day, "is_working_day": "1", "reason": "调休"}
            post(installation, port, "/registers/calendar", day, body)
    with installation.running("worker") as worker:
        until(lambda: len(receiver.got) >= 2, pause=0.05)
        worker.kill()
        worker.wait()
    assert installation.ask(WAITING)[0][0] > 0
    receiver.delay = 0.0
    with installation.running("worker"):
        until(lambda: installation.ask(WAITING) == [(0,)])

    bodies: dict[str, set[bytes]] = {}
    for headers, content in receiver.got:
        bodies.setdefault(headers["webhook-id"], set()).add(content)
    arrived = Counter(headers["webhook-id"] for headers, _content in receiver.got)
    known = {message for (message,) in installation.ask("SELECT message_id FROM api_delivery")}
    assert set(arrived) == known
    assert len(known) == len(DAYS)
    assert max(arrived.values()) > 1, "the one on the wire came again"
    # A repeat is the same notice under the same id: a receiver that keeps ids does nothing twice.
    assert [len(contents) for contents in bodies.values()] == [1] * len(DAYS)
    events = {json.loads(content)["data"]["seq"] for _headers, content in receiver.got}
    assert len(events) == len(DAYS)
