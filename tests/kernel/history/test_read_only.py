"""What the database itself refuses, and the one lawful way to take away what an event says."""

from pathlib import Path

import pytest
from django.db import DatabaseError, connection, transaction
from pytest_django.fixtures import Settings

from tests.kernel.history.book import BY, write
from tests.triggers import lifted
from xianxue.kernel.commands import Refused
from xianxue.kernel.history import triggers
from xianxue.kernel.history.checkpoints import Note, note_of, read_note
from xianxue.kernel.history.models import Payload
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.history.services import checkpoint_now, erase_payload
from xianxue.kernel.history.verification import verify

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
COUNT = 6


@pytest.fixture(autouse=True)
def keys(settings: Settings, tmp_path: Path) -> Path:
    settings.SIGNING_KEY = tmp_path / "keys" / "signing.pem"
    return tmp_path / "keys"


@pytest.fixture
def log() -> Note:
    """Six events, and the checkpoint that a witness keeps."""
    write(COUNT, by=BY)
    return read_note(note_of(checkpoint_now("测试", by=BY)))


def test_lawful_erasure_is_recorded_and_no_fault(log: Note) -> None:
    erase_payload([2, 4], reason="当事人申请", basis="《个人信息保护法》第四十七条", by=BY)
    assert verify(outside=[log]).is_sound
    assert not Payload.objects.filter(event_id__in=(2, 4)).exists()
    (entry,) = events_of("history.event", 2)
    assert (entry.action_label, entry.note, entry.unit_id) == ("依法删除留痕内容", "当事人申请", 5)
    assert entry.facts == {"basis": "《个人信息保护法》第四十七条"}
    (erased,) = events_of("people.person", 2)
    assert (erased.is_erased, erased.label, erased.changes) == (True, "", {})


@pytest.mark.parametrize(
    ("numbers", "reason", "basis", "refusal"),
    [
        ([2], "", "依据", "没有写明理由和法律依据"),
        ([2], "理由", " ", "没有写明理由和法律依据"),
        ([2, 999], "理由", "依据", "第 999 条没有内容，或已经删除过"),
    ],
)
def test_erasure_is_refused(log: Note, numbers: list[int], reason: str, basis: str, refusal: str) -> None:
    with pytest.raises(Refused, match=refusal):
        erase_payload(numbers, reason=reason, basis=basis, by=BY)
    assert Payload.objects.count() == COUNT


def test_nothing_is_erased_twice(log: Note) -> None:
    erase_payload([2], reason="理由", basis="依据", by=BY)
    with pytest.raises(Refused, match="已经删除过"):
        erase_payload([2], reason="理由", basis="依据", by=BY)


FORBIDDEN = [
    "UPDATE history_event SET actor_id = 8",
    "DELETE FROM history_event",
    "UPDATE history_payload SET body = ''",
    "DELETE FROM history_payload",
    "UPDATE history_checkpoint SET size = 1",
    "DELETE FROM history_checkpoint",
    "UPDATE history_treenode SET hash = ''",
    "DELETE FROM history_treenode",
    "UPDATE history_loghead SET size = 1",
    "UPDATE history_loghead SET log_id = 'x'",
    "DELETE FROM history_loghead",
    "UPDATE history_erasure SET recorded_by = 1",
    "DELETE FROM history_erasure",
    "TRUNCATE history_event CASCADE",
    "TRUNCATE history_checkpoint",
    "INSERT OR REPLACE INTO history_loghead (id, log_id, algorithm, size, frontier) VALUES (1, 'x', 'sha256', 0, '')",
]


@pytest.mark.parametrize("statement", FORBIDDEN)
def test_the_database_refuses(statement: str) -> None:
    words = statement.split()
    if (words[0] == "TRUNCATE") != (connection.vendor == "postgresql") and words[0] == "TRUNCATE":
        pytest.skip("the engine has no such statement")
    if words[0] == "INSERT" and connection.vendor == "postgresql":
        pytest.skip("the engine has no such statement")
    write(300, by=BY)
    checkpoint_now("测试", by=BY)
    erase_payload([2], reason="理由", basis="依据", by=BY)
    with pytest.raises(DatabaseError, match="is read only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify().is_sound


def test_a_trigger_that_has_gone_is_named(log: Note) -> None:
    assert triggers.missing() == []
    with lifted():
        assert "history_event" in triggers.missing()
        assert next(str(fault) for fault in verify().faults).startswith(
            "缺失：表 files_attachment 的防改触发器不在了。"
        )
    assert verify().is_sound
