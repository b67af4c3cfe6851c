"""The log is a chain: whatever is altered, removed, inserted or reordered is named."""

import json
from collections.abc import Callable

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from pytest_django.fixtures import Settings

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command
from xianxue.kernel.crypto import seal_text
from xianxue.kernel.history.canonical import GENESIS, canonical, hash_hex
from xianxue.kernel.history.models import Event, Payload
from xianxue.kernel.history.records import Draft, Subject, record_many
from xianxue.kernel.history.selectors import events_of, events_via, verify

pytestmark = pytest.mark.django_db
BY = Actor(user_id=7, label="刘经办", via="import:12")


@command("tests.write", label="写入")
def write(count: int, *, by: Actor) -> None:
    record_many(
        Draft(Subject("people.person", number, f"张三{number}"), {"name": ["张山", "张三"]}, unit_id=5)
        for number in range(1, count + 1)
    )


def test_events_form_one_chain_over_several_commands() -> None:
    write(3, by=BY)
    write(2, by=BY)
    events = list(Event.objects.order_by("seq"))
    assert [event.seq for event in events] == [1, 2, 3, 4, 5]
    assert [event.prev_hash for event in events] == [GENESIS, *(event.leaf_hash for event in events[:-1])]
    verdict = verify()
    assert (verdict.events, verdict.head, verdict.faults) == (5, events[-1].leaf_hash, ())


def test_an_empty_log_is_sound() -> None:
    assert verify().is_sound


def test_what_was_written_is_read_back() -> None:
    write(2, by=BY)
    (entry,) = events_of("people.person", 2)
    assert (entry.action_label, entry.actor, entry.label) == ("写入", "刘经办", "张三2")
    assert entry.changes == {"name": ["张山", "张三"]}
    assert (entry.via, entry.unit_id) == ("import:12", 5)
    assert [found.seq for found in events_via("import:12")] == [1, 2]


def test_payloads_are_sealed_at_rest() -> None:
    write(1, by=BY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM history_payload")
        (body,) = cursor.fetchone()
    assert body.startswith("a1.t1.")
    assert "张" not in body


TAMPERINGS: dict[str, tuple[Callable[[], object], tuple[int, str]]] = {
    "an edited column": (lambda: Event.objects.filter(seq=2).update(action="tests.other"), (2, "altered")),
    "a backdated event": (
        lambda: Event.objects.filter(seq=2).update(at="2020-01-01T00:00:00.000000Z"),
        (2, "altered"),
    ),
    "another actor": (lambda: Event.objects.filter(seq=3).update(actor_id=8), (3, "altered")),
    "a removed event": (
        lambda: (Payload.objects.filter(event_id=2).delete(), Event.objects.filter(seq=2).delete()),
        (3, "missing 2–2"),
    ),
    "an edited payload": (
        lambda: Payload.objects.filter(event_id=2).update(body=json.dumps({"changes": {}})),
        (2, "payload altered"),
    ),
    "a payload moved to another event": (
        lambda: connection.cursor().execute(
            "UPDATE history_payload SET body = (SELECT body FROM history_payload WHERE event_id = 3) WHERE event_id = 2"
        ),
        (2, "payload altered"),
    ),
    "a broken token": (
        lambda: connection.cursor().execute("UPDATE history_payload SET body = 'a1.t1.AAAA' WHERE event_id = 2"),
        (2, "payload altered"),
    ),
}


@pytest.mark.parametrize("tampering", TAMPERINGS)
def test_tampering_is_found_and_named(tampering: str) -> None:
    write(4, by=BY)
    tamper, fault = TAMPERINGS[tampering]
    tamper()
    assert fault in verify().faults


def test_an_event_rewritten_with_a_fitting_hash_breaks_the_next_one() -> None:
    write(3, by=BY)
    Event.objects.filter(seq=2).update(leaf_hash="f" * 64)
    assert verify().faults == ((2, "altered"), (3, "does not follow the event before"))


def test_an_erased_payload_is_no_fault() -> None:
    write(3, by=BY)
    Payload.objects.filter(event_id=2).delete()
    assert verify().is_sound


def test_the_national_profile_chains_by_sm3(settings: Settings) -> None:
    write(1, by=BY)
    settings.CRYPTO_PROFILE = "national"
    write(2, by=BY)
    assert list(Event.objects.order_by("seq").values_list("algorithm", flat=True)) == ["sha256", "sm3", "sm3"]
    assert verify().is_sound


def test_sm3_has_the_published_value() -> None:
    # GB/T 32905-2016, example 1.
    assert hash_hex(b"abc", "sm3") == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"


def test_canonical_json_is_one_form() -> None:
    assert canonical({"b": 1, "a": "é"}) == canonical({"a": "e\u0301", "b": 1}) == '{"a":"é","b":1}'.encode()
    with pytest.raises(ValueError, match="float"):
        canonical({"a": float("nan")})


def test_the_command_line_says_what_is_wrong(capsys: pytest.CaptureFixture[str]) -> None:
    write(2, by=BY)
    call_command("verify_history")
    assert capsys.readouterr().out.startswith("留痕校验通过：2 条，末条摘要 ")
    Payload.objects.filter(event_id=1).update(body=seal_text("{}"))
    with pytest.raises(CommandError, match=r"^留痕校验未通过：2 条中有 1 处不符。$"):
        call_command("verify_history")
