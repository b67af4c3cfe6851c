"""Notices of changes: told of one's own rows alone, signed, again until they arrive, never to where they must not go."""

import base64
import hmac
import json
import socket
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.contracts.stage import Stage
from tests.kernel.api.program import Program, program_of
from tests.kernel.api.receiver import Receiver
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.api.models import Delivery, DeliveryState, Subscription
from xianxue.kernel.api.tasks import round_once, tidy
from xianxue.kernel.api.tokens import revoke_token
from xianxue.kernel.api.webhooks import guard, outbox, sending
from xianxue.kernel.commands import Refused
from xianxue.kernel.work import selectors as work


@pytest.fixture
def receiver(settings: Any) -> Iterator[Receiver]:
    settings.WEBHOOK_NETWORKS = ["127.0.0.0/8"]
    found = Receiver()
    yield found
    found.stop()


def subscribed(
    stage: Stage, receiver: Receiver, part: str = "registrar", **more: Any
) -> tuple[Program, dict[str, Any]]:
    program = program_of(stage.cast, part)
    made = program.post("/webhooks", {"url": receiver.url, "registers": ["classes"], **more})
    assert made.status_code == 201, made.content.decode()
    return program, made.json()


def sent() -> list[sending.Outcome | None]:
    """What sending everything that is due came to."""
    outbox.collect()
    return [outbox.deliver(pk) for pk in outbox.take_due()]


def test_a_change_is_told_signed_and_without_anything_personal(stage: Stage, receiver: Receiver) -> None:
    program, made = subscribed(stage, receiver)
    pk = stage.cast.first_class.pk
    assert program.patch(f"/registers/classes/{pk}", {"room": "王老师专用"}).status_code == 200
    assert [one.is_received for one in sent() if one] == [True]
    ((headers, body),) = receiver.got
    content = json.loads(body)
    assert content["data"]["records"] == [{"register": "classes", "id": pk, "href": f"/api/v1/registers/classes/{pk}"}]
    assert (content["type"], content["data"]["action"]) == ("records.changed", "sheets.save_row")
    assert "王老师" not in body.decode()
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(made["secret"].removeprefix("whsec_"))
    expected = base64.b64encode(hmac.digest(key, signed, "sha256")).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert program.get(content["data"]["records"][0]["href"].removeprefix("/api/v1")).status_code == 200
    assert sent() == []


def test_the_neighbour_is_told_nothing(stage: Stage, receiver: Receiver) -> None:
    subscribed(stage, receiver, "other_registrar")
    changer = program_of(stage.cast, "county_officer")
    changer.patch(f"/registers/classes/{stage.cast.first_class.pk}", {"room": "301"})
    assert outbox.collect() == 0
    changer.patch(f"/registers/classes/{stage.cast.second_class.pk}", {"room": "301"})
    assert outbox.collect() == 1


def test_units_and_actions_narrow_what_is_told(stage: Stage, receiver: Receiver) -> None:
    subscribed(stage, receiver, "county_officer", units=[stage.cast.second_primary.pk])
    subscribed(stage, receiver, "county_officer", actions=["people.no_such"])
    changer = program_of(stage.cast, "county_officer")
    changer.patch(f"/registers/classes/{stage.cast.first_class.pk}", {"room": "301"})
    assert outbox.collect() == 0


def test_what_fails_is_tried_again_under_the_same_id_and_given_up_at_last(stage: Stage, receiver: Receiver) -> None:
    receiver.answers = [500]
    program, _made = subscribed(stage, receiver)
    program.patch(f"/registers/classes/{stage.cast.first_class.pk}", {"room": "301"})
    outbox.collect()
    for _attempt in range(len(outbox.WAITS) + 1):
        Delivery.objects.update(due_at=timezone.now())
        assert [one.note for one in sent() if one] == ["HTTP 500"]
    one = Delivery.objects.get()
    assert (one.state, one.attempts) == (DeliveryState.DEAD, len(outbox.WAITS) + 1)
    assert len({headers["webhook-id"] for headers, _body in receiver.got}) == 1
    with in_reach(stage.cast.reach("registrar")) as reach:
        asked = work.Asked(kind="api.dead")
        (item,) = work.items(reach, timezone.localdate(), "mine", asked, first=0, count=9)
    assert (item.until, "已放弃" in item.line.asked) == (timezone.localdate(), True)
    receiver.answers = [204]
    assert program.post(f"/deliveries/{one.pk}/replay").status_code == 200
    assert [got.is_received for got in sent() if got] == [True]


def test_a_redirection_is_not_followed(stage: Stage, receiver: Receiver) -> None:
    other = Receiver()
    receiver.answers, receiver.location = [302], other.url
    program, _made = subscribed(stage, receiver)
    program.patch(f"/registers/classes/{stage.cast.first_class.pk}", {"room": "301"})
    assert [one.note for one in sent() if one] == ["HTTP 302"]
    assert other.got == []
    other.stop()


def test_a_slow_receiver_is_cut_off(stage: Stage, receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sending, "WHOLE", 0.3)
    receiver.delay = 3.0
    target = guard.target_of(receiver.url)
    outcome = sending.post(target, b"{}", {})
    assert not outcome.is_received


def test_a_worker_that_died_with_a_notice_in_hand_is_followed_by_another(stage: Stage, receiver: Receiver) -> None:
    program, _made = subscribed(stage, receiver)
    program.patch(f"/registers/classes/{stage.cast.first_class.pk}", {"room": "301"})
    outbox.collect()
    (taken,) = outbox.take_due()
    assert outbox.take_due() == []
    # Killed here, before or after the receiver got it: the lease runs out.
    Delivery.objects.filter(pk=taken).update(due_at=timezone.now() - timedelta(seconds=1))
    assert outbox.take_due() == [taken]
    assert outbox.deliver(taken) is not None
    assert outbox.deliver(taken) is None
    assert len(receiver.got) == 1


def test_who_says_gone_is_told_no_more_and_so_is_who_lost_the_token(stage: Stage, receiver: Receiver) -> None:
    receiver.answers = [410]
    program, _made = subscribed(stage, receiver)
    program.patch(f"/registers/classes/{stage.cast.first_class.pk}", {"room": "301"})
    sent()
    assert Subscription.objects.filter(ended_at=None).count() == 0
    subscribed(stage, receiver)
    program.patch(f"/registers/classes/{stage.cast.first_class.pk}", {"room": "302"})
    latest = Subscription.objects.latest("pk")
    user = stage.cast.users["registrar"]
    revoke_token(latest.token, by=Actor(user.pk, user.name))
    assert sent() == []


def test_a_round_hands_notices_to_the_queue(stage: Stage, receiver: Receiver) -> None:
    program, made = subscribed(stage, receiver)
    program.patch(f"/registers/classes/{stage.cast.first_class.pk}", {"room": "301"})
    assert round_once() == 1
    assert round_once() == 0
    assert program.get(f"/webhooks/{made['id']}/deliveries").json()[0]["state"] == "waiting"
    assert tidy() == "0 + 0"
    assert program.delete(f"/webhooks/{made['id']}").json()["ended_at"]
    assert "secret" not in str(program.get("/webhooks").json()[0].get("secret") or "")


INSIDE = (
    "http://127.0.0.1/", "https://127.0.0.1/", "https://10.0.0.5/", "https://192.168.1.1/", "https://169.254.169.254/",
    "https://[::1]/", "https://[::ffff:10.0.0.5]/", "https://[fd00::1]/", "https://[64:ff9b::a00:5]/",
    "https://[2002:a00:5::]/", "https://0.0.0.0/", "https://224.0.0.1/", "ftp://example.com/", "https://user:pw@8.8.8.8/",
    "https://", "file:///etc/passwd", "https://8.8.8.8/#x", "https://8.8.8.8 /",
)  # fmt: skip


@pytest.mark.parametrize("url", INSIDE)
def test_nothing_is_sent_inside_the_house(url: str, settings: Any) -> None:
    settings.WEBHOOK_NETWORKS = []
    with pytest.raises(Refused):
        guard.target_of(url)


def test_a_name_counts_by_all_its_addresses_and_is_pinned(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.WEBHOOK_NETWORKS = []
    found = ["8.8.8.8"]

    def looked_up(_host: str, port: int, **_more: Any) -> list[Any]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    target = guard.target_of("https://receiver.example/hook?x=1")
    assert (target.address, target.host, target.path, target.port) == ("8.8.8.8", "receiver.example", "/hook?x=1", 443)
    with pytest.raises(Refused):
        guard.target_of("http://receiver.example/")
    found.append("10.0.0.5")
    with pytest.raises(Refused):
        guard.target_of("https://receiver.example/")
    settings.WEBHOOK_NETWORKS = ["10.0.0.0/8"]
    assert guard.target_of("https://receiver.example/").address == "8.8.8.8"
    found.clear()
    with pytest.raises(Refused):
        guard.target_of("https://receiver.example/")
