"""What goes wrong around an import while it is in hand: a full disk, a busy database, a program error half-way."""

import errno
import io
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
from django.db import OperationalError

from tests.kernel.sheets import shelf
from tests.kernel.sheets.shelf import pupil, stored, workbook
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import verify
from xianxue.kernel.sheets import files, imports, presenting
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.returned import returned_workbook
from xianxue.kernel.sheets.tasks import ImportFailed, apply_job, check_job

pytestmark = pytest.mark.postgres

FULL = OSError(errno.ENOSPC, "No space left on device")


def ready(by: Actor, rows: int = 5) -> ImportJob:
    return imports.check(imports.receive(("学生.xlsx", workbook([pupil(at) for at in range(rows)])), by=by))


def failing_in_the_third_chunk(monkeypatch: pytest.MonkeyPatch, error: Exception) -> None:
    monkeypatch.setattr("xianxue.kernel.sheets.writing.apply.CHUNK", 1)
    insert, calls = shelf.ShelfWriter.insert, []

    def fails(self: Any, *arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise error
        return insert(self, *arguments)

    monkeypatch.setattr(shelf.ShelfWriter, "insert", fails)


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (FULL, "未能完成：服务器的磁盘已满。请联系管理员清理后再试。"),
        (OperationalError("database is locked"), "未能完成：数据库正忙或暂时连不上。请稍后再试。"),
        (Refused("未能更正：有 1 个号码已登记在其他人名下。"), "未能更正：有 1 个号码已登记在其他人名下。"),
    ],
    ids=["full-disk", "busy-database", "refused"],
)
def test_what_stops_half_way_says_how_far_it_came_and_can_be_undone(
    by: Actor, monkeypatch: pytest.MonkeyPatch, error: Exception, said: str
) -> None:
    job = ready(by)
    failing_in_the_third_chunk(monkeypatch, error)
    imports.apply(job, by=by)
    assert (job.state, len(stored())) == ("applied", 2)
    assert job.reason == (
        f"没有全部写入，写到第 3 行为止。{said}可以撤销已写的，或把同一个文件再发送一次，写入其余的。"
    )
    notice = presenting.notice(job)
    assert notice is not None
    assert notice.text == job.reason
    assert returned_workbook(job)
    monkeypatch.undo()
    rest = ready(by)
    assert (rest.count("same"), rest.count("new")) == (2, 3)
    imports.undo(job, by=by)
    assert (job.state, stored()) == ("undone", [])
    assert verify().is_sound


def test_an_undoing_that_stops_half_way_is_gone_on_with(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    job = imports.apply(ready(by), by=by)
    monkeypatch.setattr("xianxue.kernel.sheets.writing.undo.CHUNK", 1)
    remove, calls = shelf.ShelfWriter.remove, []

    def fails(self: Any, *arguments: Any) -> Any:
        calls.append(1)
        if len(calls) == 3:
            raise OperationalError
        return remove(self, *arguments)

    monkeypatch.setattr(shelf.ShelfWriter, "remove", fails)
    imports.undo(job, by=by)
    assert (job.state, len(stored())) == ("applied", 3)
    assert job.reason.startswith("没有全部撤销。未能完成：数据库正忙")
    imports.undo(job, by=by)
    assert (job.state, stored()) == ("undone", [])


def test_a_full_disk_at_the_door(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.fsync", _raise(FULL))
    batch = imports.receive_many([("学生.xlsx", workbook([pupil(1)]))], by=by)
    (job,) = batch.jobs.all()
    assert (job.state, job.reason) == ("failed", "未能完成：服务器的磁盘已满。请联系管理员清理后再试。")
    assert list(files.folder(job.pk).iterdir()) == []


def test_a_full_disk_while_staging(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    job = imports.receive(("学生.xlsx", workbook([pupil(1)])), by=by)
    monkeypatch.setattr("os.fsync", _raise(FULL))
    imports.check(job)
    assert (job.state, job.reason) == ("failed", "未能完成：服务器的磁盘已满。请联系管理员清理后再试。")
    assert [path.name for path in files.folder(job.pk).iterdir()] == ["source"]
    assert stored() == []


def test_the_queue_keeps_no_words_of_an_error(by: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    job = imports.receive(("学生.xlsx", workbook([pupil(1)])), by=by)
    monkeypatch.setattr(imports, "stage", _raise(ValueError("张小乙 99000020150901")))
    with pytest.raises(ImportFailed) as failed:
        check_job.call(job.pk)
    assert (str(failed.value), failed.value.__suppress_context__) == (f"import {job.pk}", True)
    apply_job.call(job.pk)
    job.refresh_from_db()
    assert job.state == "failed"


def test_a_new_check_asks_for_the_second_person_again(by: Actor) -> None:
    job = ready(by)
    imports.confirm_missing(job, by=Actor(99, "另一人"))
    imports.ask_again(job)
    job.refresh_from_db()
    assert (job.state, job.confirmed_by, job.confirmed_by_id) == ("received", "", None)


def test_a_broken_file_in_a_zip_stops_none_of_the_others(by: Actor) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("坏.xlsx", workbook([pupil(1)]))
        archive.writestr("好.xlsx", workbook([pupil(2)]))
    content = bytearray(packed.getvalue())
    content[200] ^= 0xFF
    report = imports.run([("全县.zip", bytes(content))], by=by, dry_run=True)
    assert [(job["file"], job["state"], job["refused"]) for job in report["jobs"]] == [
        ("坏.xlsx", "failed", "未能导入“坏.xlsx”：压缩包里的这个文件已损坏。请重新打包后再发送。"),
        ("好.xlsx", "ready", ""),
    ]


def test_a_zip_with_a_password_says_so(by: Actor) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("a.xlsx", workbook([pupil(1)]))
    content = bytearray(packed.getvalue())
    content[6] |= 1
    content[content.rfind(b"PK\x01\x02") + 8] |= 1
    report = imports.run([("全县.zip", bytes(content))], by=by, dry_run=True)
    assert [job["refused"] for job in report["jobs"]] == [
        "未能导入“全县.zip”：压缩包有密码，打不开。请去掉密码后再发送。"
    ]


def test_a_csv_without_its_closing_quote(by: Actor) -> None:
    content = (",".join(shelf.HEADS) + '\n"' + "张" * 200_000).encode()
    job = imports.check(imports.receive(("学生.csv", content), by=by))
    assert job.reason == (
        "未能导入“学生.csv”：有一格长得不像表格，多半是少了一个引号。请在 Excel 里另存为 .xlsx 后再发送。"
    )


def _raise(error: Exception) -> Callable[..., Any]:
    def raises(*_args: Any, **_named: Any) -> Any:
        raise error

    return raises
