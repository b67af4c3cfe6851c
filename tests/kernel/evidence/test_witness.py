"""Checkpoints leave the house: page, mail, paper; whoever kept one finds out what was done since."""

from pathlib import Path

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client
from pytest_django.fixtures import Settings

from tests.cast import make_cast
from tests.kernel.evidence.matter import BY, MATTER, step, work
from tests.kernel.history.book import sql
from xianxue.kernel import schedule
from xianxue.kernel.commands import Refused
from xianxue.kernel.evidence import tasks
from xianxue.kernel.evidence.tasks import EvidenceBroken
from xianxue.kernel.evidence.witness import send_to_witnesses
from xianxue.kernel.files import store
from xianxue.kernel.files.models import StoredFile
from xianxue.kernel.history.checkpoints import Unreadable, note_of, read_note
from xianxue.kernel.history.models import Checkpoint, Payload
from xianxue.kernel.history.services import checkpoint_now

pytestmark = pytest.mark.django_db


@pytest.fixture
def head() -> Client:
    return make_cast().client("head")


@pytest.fixture
def kept() -> str:
    work()
    return note_of(checkpoint_now("测试", by=BY))


def compare(head: Client, text: str) -> str:
    return head.post("/evidence/", {"text": text}).content.decode()


def test_a_head_signs_downloads_and_compares(head: Client) -> None:
    work()
    assert "还没有检查点" in head.get("/evidence/").content.decode()
    head.post("/evidence/sign/")
    made = Checkpoint.objects.get()
    answer = head.get(f"/evidence/checkpoints/{made.pk}/")
    assert (answer.content.decode(), made.reason) == (note_of(made), "见证人要求")
    file = SimpleUploadedFile("检查点.txt", "\ufeff".encode() + answer.content.replace(b"\n", b"\r\n"))
    step(MATTER, "x", by=BY)
    page = head.post("/evidence/", {"file": file}).content.decode()
    assert "相符：检查点的 8 条，是现在 9 条留痕的开头，没有被改写。" in page
    assert 'href="/evidence/consistency/8/"' in page
    assert head.get("/evidence/consistency/8/").json()["size"] == 8
    assert head.get("/evidence/consistency/9/").status_code == 404
    assert head.get("/evidence/consistency/0/").status_code == 404


def test_the_sheet_carries_root_key_and_code(head: Client, kept: str) -> None:
    made = Checkpoint.objects.get()
    page = head.get(f"/evidence/checkpoints/{made.pk}/sheet/").content.decode()
    assert made.root in page
    assert f"/check/8/{made.root[:16]}/" in page
    assert 'src="data:image/png;base64,' in page


def test_a_rewritten_log_is_told(head: Client, kept: str) -> None:
    sql("UPDATE history_event SET leaf_hash = %s WHERE seq = 3", "0" * 64)
    assert "前 8 条留痕与检查点不一致，被改写过" in compare(head, kept)


def test_a_restored_backup_is_told(head: Client, kept: str) -> None:
    sql("UPDATE history_loghead SET size = 5")
    assert "检查点有 8 条，系统里只有 5 条：留痕被截断，或恢复了旧备份" in compare(head, kept)


def test_a_log_that_lost_its_rows_is_told(head: Client, kept: str) -> None:
    sql("DELETE FROM history_payload")
    sql("DELETE FROM history_event WHERE seq > 4")
    assert "被改写过" in compare(head, kept)


def test_a_forged_checkpoint_is_told(head: Client, kept: str) -> None:
    assert "签名无效" in compare(head, kept.replace("\n8\n", "\n7\n"))
    note = read_note(kept)
    assert "出自另一份留痕" in compare(head, kept.replace(note.origin, "xianxue/" + "0" * 16))
    assert "没有读到完整的检查点" in compare(head, "nothing")


@pytest.mark.parametrize("text", ["", "xianxue/0\n8\n", "x" * 1000])
def test_what_is_no_checkpoint_is_unreadable(text: str) -> None:
    with pytest.raises(Unreadable):
        read_note(text)


def test_a_damaged_checkpoint_is_unreadable(kept: str) -> None:
    with pytest.raises(Unreadable, match="damaged"):
        read_note(kept.rstrip().rstrip("=")[:-1])


def test_others_find_no_evidence_pages(kept: str) -> None:
    cast = make_cast()
    for part in ("registrar", "class_teacher", "system_admin", "stranger"):
        assert cast.client(part).get("/evidence/").status_code == 404
        assert cast.client(part).post("/evidence/sign/").status_code == 404


def test_a_short_root_is_checked_by_anybody(kept: str, client: Client) -> None:
    made = Checkpoint.objects.get()
    good, short = client.get(f"/check/8/{made.root[:16]}/"), made.root[:16]
    assert (good.status_code, "这是本系统留痕在这个条数时的摘要根" in good.content.decode()) == (200, True)
    for address in (
        f"/check/9/{short}/",
        f"/check/8/{'0' * 16}/",
        f"/check/8/{short[:8]}/",
        f"/check/{10**30}/{short}/",
    ):
        answer = client.get(address)
        assert (answer.status_code, "本系统没有签发过这样的检查点" in answer.content.decode()) == (200, True)
    sql("UPDATE history_event SET leaf_hash = %s WHERE seq = 3", "0" * 64)
    assert "不符" in client.get(f"/check/8/{short}/").content.decode()


def test_witnesses_get_the_checkpoint_by_mail(kept: str, settings: Settings) -> None:
    assert send_to_witnesses() == "没有设置见证人邮箱"
    settings.WITNESS_MAILS = ("jiwei@school.example", "jiwei@county.example")
    assert send_to_witnesses() == "已寄 2 人"
    (message,) = mail.outbox
    assert (message.to, message.bcc) == ([], ["jiwei@school.example", "jiwei@county.example"])
    name, content, _kind = message.attachments[0]
    assert (name, content) == ("checkpoint-8.txt", kept)
    assert Checkpoint.objects.get().key_id in message.body


def test_a_checkpoint_is_signed_where_something_was_recorded() -> None:
    assert tasks.sign_hourly() == ""
    work()
    assert tasks.sign_hourly() == tasks.sign_hourly() == "8 条"
    assert Checkpoint.objects.count() == 1


def test_the_nightly_checks_fail_where_something_is_wrong(kept: str) -> None:
    assert (tasks.verify_nightly(), tasks.rehash_nightly()) == ("8 条，全部相符", "1 个，全部相符")
    store.path_of(StoredFile.objects.get().sha256).unlink()
    with pytest.raises(EvidenceBroken):
        tasks.rehash_nightly()
    sql("UPDATE history_event SET actor_id = 9 WHERE seq = 3")
    with pytest.raises(EvidenceBroken):
        tasks.verify_nightly()


def test_the_periodic_work_is_declared() -> None:
    codes = {job.code for job in schedule.all_jobs()}
    assert {"evidence.checkpoint", "evidence.witnesses", "evidence.verify", "evidence.files"} <= codes


def test_a_lost_key_signs_nothing_and_says_so(head: Client, kept: str, settings: Settings) -> None:
    Path(settings.SIGNING_KEY).unlink()
    with pytest.raises(Refused, match="找不到签名私钥"):
        checkpoint_now("测试", by=BY)
    page = head.post("/evidence/sign/", follow=True).content.decode()
    assert "未签发检查点：找不到签名私钥" in page


def test_erasure_from_the_command_line(kept: str, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("erase_history", "1", "2", "--reason", "申请", "--basis", "依据")
    assert capsys.readouterr().out == "已删除 2 条留痕的内容。\n"
    assert not Payload.objects.filter(event_id__in=(1, 2)).exists()
    with pytest.raises(CommandError, match="已经删除过"):
        call_command("erase_history", "1", "--reason", "申请", "--basis", "依据")
