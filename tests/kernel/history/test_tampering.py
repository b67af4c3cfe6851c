"""Whatever is done to the log past the application is found, and named: which event, what it is about, what was done."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction
from pytest_django.fixtures import Settings

from tests.kernel.history.book import BY, put, remove, row_of, sql, write
from xianxue.kernel.crypto import seal_text
from xianxue.kernel.history.canonical import leaf_hash
from xianxue.kernel.history.checkpoints import Note, note_of, read_note
from xianxue.kernel.history.merkle import Frontier
from xianxue.kernel.history.models import Checkpoint, Event, LogHead, TreeNode
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.history.services import checkpoint_now
from xianxue.kernel.history.tree import BrokenLog
from xianxue.kernel.history.verification import Verdict, verify

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


def found(verdict: Verdict) -> list[tuple[int, str]]:
    return [(fault.seq, fault.kind) for fault in verdict.faults]


def edit_action() -> None:
    sql("UPDATE history_event SET action = 'tests.other' WHERE seq = 3")


def backdate() -> None:
    sql("UPDATE history_event SET at = '2020-01-01T00:00:00.000000Z' WHERE seq = 3")


def other_actor() -> None:
    sql("UPDATE history_event SET actor_id = 8 WHERE seq = 3")


def other_subject() -> None:
    sql("UPDATE history_event SET subject_id = 99 WHERE seq = 3")


def flipped_byte() -> None:
    leaf = row_of(3)["leaf_hash"]
    sql("UPDATE history_event SET leaf_hash = %s WHERE seq = 3", f"{int(leaf[0], 16) ^ 1:x}{leaf[1:]}")


def not_even_hex() -> None:
    sql("UPDATE history_event SET leaf_hash = 'none' WHERE seq = 3")


def unknown_algorithm() -> None:
    sql("UPDATE history_event SET algorithm = 'md5' WHERE seq = 3")


def fitting_rewrite() -> None:
    put({**row_of(3), "actor_id": 8}, fitting=True)


def remove_middle() -> None:
    remove(3)


def remove_several() -> None:
    remove(2, 3, 4)


def remove_first() -> None:
    remove(1)


def truncate() -> None:
    remove(5, 6)


def swap() -> None:
    third, fourth = row_of(3), row_of(4)
    remove_rows = "DELETE FROM history_event WHERE seq IN (3, 4)"
    sql(remove_rows)
    put({**third, "seq": 4})
    put({**fourth, "seq": 3})


def insert_at_end() -> None:
    last = row_of(COUNT)
    forged = {**last, "seq": COUNT + 1, "prev_hash": last["leaf_hash"], "subject_id": 99}
    put(forged, fitting=True)
    sql(
        "INSERT INTO history_payload (event_id, body) SELECT %s, body FROM history_payload WHERE event_id = %s",
        COUNT + 1,
        COUNT,
    )


def insert_in_the_middle() -> None:
    """The events from the fourth on move up; a forged one that fits the third takes the place."""
    moved = [row_of(seq) for seq in range(COUNT, 3, -1)]
    for row in moved:
        sql("DELETE FROM history_event WHERE seq = %s", row["seq"])
        put({**row, "seq": row["seq"] + 1})
        sql("UPDATE history_payload SET event_id = event_id + 1 WHERE event_id = %s", row["seq"])
    third = row_of(3)
    # prev_hash is unique: the forged event cannot have the fourth's, and follows the third all the same.
    forged = {**third, "seq": 4, "prev_hash": "0" * 63 + "1"}
    put(forged, fitting=True)
    sql("INSERT INTO history_payload (event_id, body) SELECT 4, body FROM history_payload WHERE event_id = 3")


def edit_payload() -> None:
    sql("UPDATE history_payload SET body = %s WHERE event_id = 3", seal_text('{"changes":{}}'))


def exchange_payload() -> None:
    sql("UPDATE history_payload SET body = (SELECT body FROM history_payload WHERE event_id = 4) WHERE event_id = 3")


def break_token() -> None:
    sql("UPDATE history_payload SET body = 'a1.t1.AAAA' WHERE event_id = 3")


def flip_in_token() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT body FROM history_payload WHERE event_id = 3")
        (body,) = cursor.fetchone()
    sql(
        "UPDATE history_payload SET body = %s WHERE event_id = 3",
        body[:-8] + ("A" if body[-8] != "A" else "B") + body[-7:],
    )


def lose_payload() -> None:
    sql("DELETE FROM history_payload WHERE event_id = 3")


def permit_without_a_trace() -> None:
    """An erasure's row by itself deletes the payload, and is no erasure."""
    sql("INSERT INTO history_erasure (event_id, recorded_by) VALUES (3, 2)")
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM history_payload WHERE event_id = 3")


def strange_payload() -> None:
    sql("INSERT INTO history_payload (event_id, body) SELECT 77, body FROM history_payload WHERE event_id = 3")


TAMPERINGS: dict[Callable[[], None], list[tuple[int, str]]] = {
    edit_action: [(3, "篡改")],
    backdate: [(3, "篡改"), (3, "乱序")],
    other_actor: [(3, "篡改")],
    other_subject: [(3, "篡改")],
    flipped_byte: [(3, "篡改"), (3, "篡改")],
    not_even_hex: [(3, "篡改"), (3, "篡改")],
    unknown_algorithm: [(3, "篡改"), (3, "内容被改")],
    fitting_rewrite: [(3, "篡改")],
    remove_middle: [(3, "缺失")],
    remove_several: [(2, "缺失")],
    remove_first: [(1, "缺失")],
    truncate: [(5, "截断")],
    swap: [(3, "乱序"), (4, "乱序")],
    insert_at_end: [(7, "插入")],
    insert_in_the_middle: [(4, "插入"), (5, "乱序"), (6, "乱序"), (7, "乱序"), (7, "插入")],
    edit_payload: [(3, "内容被改")],
    exchange_payload: [(3, "内容被改")],
    break_token: [(3, "内容被改")],
    flip_in_token: [(3, "内容被改")],
    lose_payload: [(3, "缺失")],
    permit_without_a_trace: [(3, "缺失")],
    strange_payload: [(77, "插入")],
}


@pytest.mark.parametrize("tamper", TAMPERINGS, ids=lambda tamper: tamper.__name__)
def test_tampering_is_found_and_named(log: Note, tamper: Callable[[], None]) -> None:
    assert verify(outside=[log]).is_sound
    tamper()
    verdict = verify(outside=[log])
    assert not [fault for fault in TAMPERINGS[tamper] if fault not in found(verdict)], found(verdict)
    named = [fault for fault in verdict.faults if fault.seq == TAMPERINGS[tamper][0][0]]
    assert tamper in {remove_middle, remove_several, remove_first, truncate, insert_at_end, strange_payload} or (
        "people.person" in str(named[0])
    )


def test_an_event_put_in_front_of_another_is_named(log: Note) -> None:
    fourth = row_of(4)
    sql("DELETE FROM history_event WHERE seq = 4")
    put({**fourth, "prev_hash": "e" * 64}, fitting=True)
    assert (3, "篡改") in found(verify()) or (4, "插入") in found(verify())


def rewrite_from(first: int) -> None:
    """What the owner of the database, without the signing key, can do best: every hash fits again."""
    previous = row_of(first)["prev_hash"]
    for seq in range(first, COUNT + 1):
        row = row_of(seq)
        columns = {name: value for name, value in row.items() if name != "leaf_hash"}
        columns |= {"prev_hash": previous, "actor_id": 99}
        previous = leaf_hash(columns, row["algorithm"])
        put({**columns, "leaf_hash": previous})
    rebuild_tree()


def rebuild_tree() -> None:
    frontier = Frontier(LogHead.objects.get().algorithm)
    for leaf in Event.objects.order_by("seq").values_list("leaf_hash", flat=True):
        frontier.append(bytes.fromhex(leaf))
    sql("UPDATE history_loghead SET size = %s, frontier = %s", frontier.size, b"".join(frontier.peaks).hex())


def test_a_log_rewritten_with_all_its_hashes_is_found_by_its_checkpoint(log: Note) -> None:
    rewrite_from(3)
    assert found(verify()) == [(0, "检查点不符")]
    sql("DELETE FROM history_checkpoint")
    assert verify().is_sound, "nothing in the house knows any more"
    (fault,) = verify(outside=[log]).faults
    assert str(fault) == "检查点不符：系统外的检查点记着前 6 条的摘要根，现在算出的不是它：这些留痕被改写过。"


def test_a_log_cut_with_its_tree_is_found_by_its_checkpoint(log: Note) -> None:
    remove(5, 6)
    rebuild_tree()
    assert found(verify()) == [(0, "截断")]
    sql("DELETE FROM history_checkpoint")
    assert verify().is_sound
    assert found(verify(outside=[log])) == [(0, "截断")]


def test_a_checkpoint_that_nobody_signed_is_named(log: Note) -> None:
    write(1, by=BY)
    forged = Checkpoint.objects.values().get()
    sql(
        "INSERT INTO history_checkpoint (origin, size, root, algorithm, at, reason, key_id, signature_algorithm, signature)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        forged["origin"], 7, forged["root"], "sha256", forged["at"], "", forged["key_id"], "ed25519", forged["signature"],
    )  # fmt: skip
    texts = [str(fault) for fault in verify().faults]
    assert len(texts) == 2
    assert any("记着前 7 条的摘要根" in text for text in texts)
    assert any("系统内 7 条的检查点" in text and "签名无效" in text for text in texts)


@pytest.mark.parametrize("column", ["size", "root", "at", "signature", "origin", "key_id"])
def test_an_altered_checkpoint_is_named(log: Note, column: str) -> None:
    value = {"size": 5, "root": "0" * 64, "at": "2020-01-01T00:00:00.000000Z"}.get(column, "zz")
    sql(f"UPDATE history_checkpoint SET {column} = %s", value)
    assert "检查点不符" in {fault.kind for fault in verify().faults}


def test_a_checkpoint_of_another_installation_is_named(log: Note) -> None:
    text = note_of(Checkpoint.objects.get())
    sql("DELETE FROM history_checkpoint")
    sql("UPDATE history_loghead SET log_id = 'ffffffffffffffff'")
    assert found(verify(outside=[read_note(text)])) == [(0, "检查点不符")]


def test_a_checkpoint_signed_by_a_key_that_is_not_ours_is_named(log: Note, keys: Path) -> None:
    shutil.rmtree(keys)
    assert [fault.text for fault in verify(outside=[log]).faults if "系统外" in fault.text] == [
        f"系统外 6 条的检查点（{log.at}）签名无效，或不是这份留痕的。"
    ]


def test_a_lost_tree_is_named_and_nothing_more_is_written(log: Note) -> None:
    sql("DELETE FROM history_loghead")
    assert (0, "缺失") in found(verify())
    with pytest.raises(BrokenLog, match="no tree"):
        write(1, by=BY)


def test_a_log_that_lost_its_end_takes_nothing_more(log: Note) -> None:
    remove(6)
    with pytest.raises(BrokenLog, match="lost its event 6"):
        write(1, by=BY)


def test_an_event_written_past_the_application_stops_the_next_one(log: Note) -> None:
    insert_at_end()
    with pytest.raises(DatabaseError), transaction.atomic():
        write(1, by=BY)


def test_an_altered_frontier_is_named(log: Note) -> None:
    head = LogHead.objects.get()
    sql("UPDATE history_loghead SET frontier = %s", "0" * len(head.frontier))
    assert found(verify()) == [(0, "篡改")]


def test_an_altered_node_is_named() -> None:
    write(600, by=BY)
    assert TreeNode.objects.count() == 2
    sql("UPDATE history_treenode SET hash = %s", "0" * 64)
    assert [str(fault) for fault in verify().faults] == ["篡改：存着的树节点有 2 个不符。"]


def test_time_that_runs_backwards_is_written_down_and_told(log: Note) -> None:
    with time_machine.travel("2020-01-01T00:00:00Z"):
        write(2, by=BY)
        verdict = verify(outside=[log])
    assert verdict.is_sound
    (notice,) = verdict.notices
    assert notice.startswith("第 7 条：系统时钟比前一条早 ")
    first, second = Event.objects.filter(seq__gt=6).order_by("seq")
    assert first.at == second.at == "2020-01-01T00:00:00.000000Z"
    assert events_of("people.person", 1)[0].clock_back > 200_000_000


def test_a_step_back_of_less_than_a_second_is_evened_out() -> None:
    with time_machine.travel("2024-10-15T08:00:00.900000Z", tick=False):
        write(1, by=BY)
    with time_machine.travel("2024-10-15T08:00:00.100000Z", tick=False):
        write(1, by=BY)
    assert set(Event.objects.values_list("at", flat=True)) == {"2024-10-15T08:00:00.900000Z"}
    assert verify() == verify()
    assert not verify().notices


def test_backdating_with_a_fitting_hash_is_named(log: Note) -> None:
    put({**row_of(6), "at": "2020-01-01T00:00:00.000000Z"}, fitting=True)
    assert (6, "乱序") in found(verify())


def test_an_event_of_the_first_version_may_go_back_in_time() -> None:
    write(2, by=BY)
    put({**row_of(2), "at": "2020-01-01T00:00:00.000000Z", "version": 1}, fitting=True)
    rebuild_tree()
    verdict = verify()
    assert (verdict.is_sound, len(verdict.notices)) == (True, 1)


def test_verification_from_a_checkpoint_reads_what_came_after(log: Note) -> None:
    first = Checkpoint.objects.get()
    write(5, by=BY)
    later = read_note(note_of(checkpoint_now("测试", by=BY)))
    write(2, by=BY)
    verdict = verify(start=first, outside=[log, later])
    assert (verdict.events, verdict.root, verdict.is_sound) == (13, verify().root, True)
    sql("UPDATE history_event SET actor_id = 8 WHERE seq = 9")
    assert found(verify(start=first)) == [(9, "篡改")]
    sql("UPDATE history_event SET leaf_hash = %s WHERE seq = 3", "0" * 64)
    assert (0, "检查点不符") in found(verify(start=first))


def test_verification_from_a_checkpoint_finds_a_restored_backup(log: Note) -> None:
    first = Checkpoint.objects.get()
    remove(6)
    assert (0, "截断") in found(verify(start=first, outside=[log]))


def test_a_thousand_faults_are_told_and_all_are_counted() -> None:
    write(1_100, by=BY)
    sql("UPDATE history_event SET actor_id = 8")
    verdict = verify()
    assert (len(verdict.faults), verdict.fault_count) == (1_000, 1_100)


def test_the_command_line_says_what_is_wrong(log: Note, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    kept = tmp_path / "检查点.txt"
    kept.write_text("标题\n" + note_of(Checkpoint.objects.get()), encoding="utf-8-sig")
    call_command("verify_history", "--checkpoint", str(kept))
    assert capsys.readouterr().out.startswith("留痕校验通过：6 条，末条摘要 ")
    call_command("verify_history", "--from", "last")
    call_command("verify_history", "--from", "6")
    capsys.readouterr()
    sql("UPDATE history_payload SET body = %s WHERE event_id = 1", seal_text("{}"))
    with pytest.raises(CommandError, match=r"^留痕校验未通过：6 条中有 1 处不符。$"):
        call_command("verify_history")
    assert capsys.readouterr().err.startswith("第 1 条（people.person 1，tests.write，")
    with pytest.raises(CommandError, match="没有条数为“7”的检查点"):
        call_command("verify_history", "--from", "7")
    with pytest.raises(CommandError, match="读不到文件"):
        call_command("verify_history", "--checkpoint", str(tmp_path / "nothing"))
    kept.write_text("nothing", encoding="utf-8")
    with pytest.raises(CommandError, match="没有完整的检查点"):
        call_command("verify_history", "--checkpoint", str(kept))


def test_the_command_line_ends_a_long_list(capsys: pytest.CaptureFixture[str]) -> None:
    write(30, by=BY)
    sql("UPDATE history_event SET actor_id = 8")
    with pytest.raises(CommandError):
        call_command("verify_history")
    assert capsys.readouterr().err.splitlines()[-1] == "……以及另外 10 处。"
