"""The log is one chain, over all commands; what was written is read back."""

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from tests.kernel.history.book import BY, write
from xianxue.kernel.history.canonical import GENESIS, canonical, hash_hex
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.selectors import events_of, events_via, verify

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]


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
