"""Files are kept once, sealed, hashed on the way in, and read only through their record's guard."""

import errno
import hashlib
import io
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from tests.cast import make_cast
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, command
from xianxue.kernel.files import guard, guards, store
from xianxue.kernel.files.models import Attachment, StoredFile
from xianxue.kernel.files.selectors import attachments_of, open_attachment, rehash, unclaimed
from xianxue.kernel.files.services import attach
from xianxue.kernel.history.records import Subject
from xianxue.kernel.history.selectors import events_of

pytestmark = pytest.mark.django_db
BY = Actor(user_id=7, label="刘经办")
SUBJECT = Subject("tests.paper", 5, "张三")
PDF = b"%PDF-1.7\n" + bytes(range(256)) * 40


@command("tests.attach", label="上传材料")
def attach_paper(upload: SimpleUploadedFile, *, by: Actor, fail: bool = False) -> Attachment:
    made = attach(upload, subject=SUBJECT, kind="proof", unit_id=3, by=by)
    if fail:
        raise Refused("未办成。")
    return made


@pytest.fixture(autouse=True)
def data_folder(settings: Settings, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


@pytest.fixture
def guarded() -> Iterator[set[int]]:
    readable: set[int] = set()
    guard(SUBJECT.type, lambda pk: pk in readable)
    yield readable
    del guards._guards[SUBJECT.type]


def upload(content: bytes = PDF, name: str = "张三的证明.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def archive(*names: str, listed: str = "") -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name in names:
            made.writestr(name, listed)
    return target.getvalue()


def test_what_was_attached_is_read_back_and_its_hashes_are_in_the_history() -> None:
    made = attach_paper(upload(), by=BY)
    assert open_attachment(made).read() == PDF
    assert [found.pk for found in attachments_of("tests.paper", 5)] == [made.pk]
    (event,) = events_of("tests.paper", 5)
    assert event.seq == made.event_seq
    assert event.facts == {
        "attachment": "proof",
        "name": "张三的证明.pdf",
        "sha256": hashlib.sha256(PDF).hexdigest(),
        "sm3": made.file.sm3,
        "size": len(PDF),
        "media_type": "application/pdf",
    }


def test_bytes_and_names_are_sealed_at_rest(data_folder: Path) -> None:
    made = attach_paper(upload(), by=BY)
    on_disk = store.path_of(made.file.sha256).read_bytes()
    assert b"%PDF" not in on_disk
    assert PDF[64:128] not in on_disk
    assert (store.path_of(made.file.sha256).stat().st_mode & 0o777) == 0o600
    assert list(data_folder.rglob("*.part")) == []


def test_one_content_is_kept_once_however_often_it_comes() -> None:
    first, second = attach_paper(upload(), by=BY), attach_paper(upload(name="另一个名字.pdf"), by=BY)
    assert first.file_id == second.file_id
    assert (first.name, second.name) == ("张三的证明.pdf", "另一个名字.pdf")
    assert StoredFile.objects.count() == 1


@pytest.mark.parametrize(
    "size", [1, store.CHUNK - 1, store.CHUNK, store.CHUNK + 1, 2 * store.CHUNK, 3 * store.CHUNK + 7]
)
@pytest.mark.parametrize("profile", ["international", "national"])
def test_every_size_comes_back(settings: Settings, size: int, profile: str) -> None:
    settings.CRYPTO_PROFILE = profile
    content = os.urandom(size)
    known = store.keep(io.BytesIO(content))
    assert b"".join(store.chunks(known.sha256)) == content
    assert store.is_whole(known)


def frames(raw: bytes) -> list[bytes]:
    found = []
    while raw:
        length = int.from_bytes(raw[:4], "big") + 4
        found.append(raw[:length])
        raw = raw[length:]
    return found


@pytest.mark.parametrize("damage", ["flip", "swap", "cut", "lose the middle", "append", "empty", "foreign frame"])
def test_damage_is_found(damage: str) -> None:
    known = store.keep(io.BytesIO(os.urandom(3 * store.CHUNK)))
    other = store.keep(io.BytesIO(os.urandom(3 * store.CHUNK)))
    path = store.path_of(known.sha256)
    first, second, third = frames(path.read_bytes())
    path.write_bytes(
        {
            "flip": first + second[:-1] + bytes([second[-1] ^ 1]) + third,
            "swap": second + first + third,
            "cut": first + second,
            "lose the middle": first + third,
            "append": first + second + third + first,
            "empty": b"",
            "foreign frame": first + frames(store.path_of(other.sha256).read_bytes())[1] + third,
        }[damage]
    )
    assert not store.is_whole(known)


def test_damage_and_loss_are_named_by_the_nightly_check(capsys: pytest.CaptureFixture[str]) -> None:
    altered, gone = attach_paper(upload(), by=BY).file, attach_paper(upload(PDF + b"2"), by=BY).file
    call_command("verify_files")
    assert capsys.readouterr().out == "附件校验通过：2 个。\n"
    path = store.path_of(altered.sha256)
    path.write_bytes(path.read_bytes()[:-1] + b"x")
    store.path_of(gone.sha256).unlink()
    assert {(fault.sha256, fault.text) for fault in rehash()[1]} == {
        (altered.sha256, "文件被改：内容与存入时的摘要不符"),
        (gone.sha256, "文件缺失"),
    }
    assert rehash(1)[0] == 1
    with pytest.raises(CommandError, match=r"^附件校验未通过：2 个中有 2 个不符。$"):
        call_command("verify_files")


def test_a_good_copy_replaces_a_damaged_one_which_is_kept_beside_it() -> None:
    file = attach_paper(upload(), by=BY).file
    path = store.path_of(file.sha256)
    path.write_bytes(b"nothing")
    attach_paper(upload(), by=BY)
    assert rehash() == (1, [])
    assert [found.read_bytes() for found in path.parent.glob("*.damaged-*")] == [b"nothing"]


def test_a_full_disk_leaves_nothing_half_done(monkeypatch: pytest.MonkeyPatch, data_folder: Path) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("xianxue.kernel.files.store.os.fsync", full)
    with pytest.raises(Refused, match="磁盘已满"):
        attach_paper(upload(), by=BY)
    assert [path for path in data_folder.rglob("*") if path.is_file()] == []
    assert not StoredFile.objects.exists()


def test_a_content_that_cannot_be_hashed_is_not_kept(monkeypatch: pytest.MonkeyPatch, data_folder: Path) -> None:
    def broken(_self: store.Hasher, _data: bytes) -> None:
        raise RuntimeError

    monkeypatch.setattr(store.Hasher, "update", broken)
    with pytest.raises(RuntimeError):
        attach_paper(upload(), by=BY)
    assert [path for path in data_folder.rglob("*") if path.is_file()] == []


def test_what_a_refused_command_left_is_swept_after_a_day() -> None:
    kept = attach_paper(upload(PDF + b"kept"), by=BY).file
    with pytest.raises(Refused):
        attach_paper(upload(), by=BY, fail=True)
    sha256 = hashlib.sha256(PDF).hexdigest()
    assert unclaimed() == []
    for name in (sha256, kept.sha256):
        os.utime(store.path_of(name), (1, 1))
    assert unclaimed() == [sha256]
    call_command("verify_files", "--sweep")
    assert not store.path_of(sha256).exists()
    assert store.path_of(kept.sha256).exists()


WORD = ("[Content_Types].xml", "word/document.xml")
KINDS = {
    "a jpeg called pdf": (b"\xff\xd8\xff\xe0" + b"0" * 20, "image/jpeg"),
    "png": (b"\x89PNG\r\n\x1a\n0000", "image/png"),
    "ofd": (archive("OFD.xml"), "application/ofd"),
    "docx": (archive(*WORD), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    "old office": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"0" * 20, "application/x-ole-storage"),
}


@pytest.mark.parametrize("kind", KINDS)
def test_the_type_is_told_by_the_content(kind: str) -> None:
    content, media_type = KINDS[kind]
    assert attach_paper(upload(content, "证明.pdf"), by=BY).file.media_type == media_type


@pytest.mark.parametrize(
    "content",
    [
        b"<script>alert(1)</script>",
        b"MZ\x90\x00",
        archive("a.txt"),
        archive(*WORD, listed="application/vnd.ms-word.document.macroEnabled.main+xml"),
        b"PK\x03\x04 broken",
    ],
    ids=["page", "program", "archive", "macros", "broken"],
)
def test_other_types_are_refused_whatever_their_name(content: bytes) -> None:
    with pytest.raises(Refused, match="不是允许的文件类型"):
        attach_paper(upload(content, "证明.pdf"), by=BY)
    assert not StoredFile.objects.exists()


def test_empty_and_large_files_are_refused(settings: Settings) -> None:
    with pytest.raises(Refused, match="文件是空的"):
        attach_paper(upload(b""), by=BY)
    settings.ATTACHMENT_LIMIT_MB = 1
    with pytest.raises(Refused, match="超过上限 1 MB"):
        attach_paper(upload(b"%PDF-" + bytes(1024 * 1024)), by=BY)


def test_files_are_attached_inside_a_command_only() -> None:
    with pytest.raises(RuntimeError, match="inside a command"):
        attach(upload(), subject=SUBJECT, kind="proof", unit_id=None, by=BY)


def test_a_file_is_read_through_its_records_guard(guarded: set[int]) -> None:
    client = make_cast().client("head")
    made = attach_paper(upload(), by=BY)
    assert client.get(f"/files/{made.pk}/").status_code == 404
    guarded.add(5)
    answer = client.get(f"/files/{made.pk}/")
    assert b"".join(answer) == PDF
    assert answer.headers["Content-Type"] == "application/pdf"
    assert answer.headers["Content-Disposition"].startswith("attachment; filename*=utf-8''%E5%BC%A0")
    assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_without_a_guard_nobody_reads_and_absent_looks_the_same() -> None:
    client = make_cast().client("director")
    made = attach_paper(upload(), by=BY)
    answers = [client.get(f"/files/{pk}/") for pk in (made.pk, 999_999)]
    assert {answer.status_code for answer in answers} == {404}
    assert len({answer.content for answer in answers}) == 1


def test_a_kind_of_record_has_one_guard(guarded: set[int]) -> None:
    with pytest.raises(ValueError, match="two guards"):
        guard(SUBJECT.type, lambda _pk: True)
