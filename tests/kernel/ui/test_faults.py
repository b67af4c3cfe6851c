"""What a page says when there is no room to write: a full disk, on our side or the database's."""

import errno

import psycopg
import pytest
from django.db import OperationalError
from django.http import HttpRequest
from django.test import RequestFactory

from xianxue.kernel.ui.faults import fault


def by(cause: Exception) -> OperationalError:
    error = OperationalError("words of the database")
    error.__cause__ = cause
    return error


class FullSqlite(Exception):
    sqlite_errorname = "SQLITE_FULL"


def answer_to(error: Exception, request: HttpRequest | None = None) -> tuple[int, str]:
    try:
        raise error
    except type(error):
        answer = fault(request or RequestFactory().get("/"))
    return answer.status_code, answer.content.decode()


@pytest.mark.parametrize(
    "error",
    [
        *(OSError(number, "words") for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)),
        by(psycopg.errors.DiskFull()),
        by(FullSqlite()),
    ],
    ids=["disk", "quota", "file-size", "postgres", "sqlite"],
)
def test_a_full_disk_is_named_and_nothing_of_the_error_is_shown(error: Exception) -> None:
    status, page = answer_to(error)
    assert status == 503
    assert "没有完成，也没有写入：服务器的磁盘已满。请告诉系统管理员清理磁盘" in page
    assert "words" not in page


def test_other_faults_keep_their_pages() -> None:
    status, page = answer_to(by(psycopg.errors.LockNotAvailable()))
    assert (status, "磁盘已满" in page, "数据库正忙" in page) == (503, False, True)
    assert answer_to(OSError(errno.EACCES, "words"))[0] == 500


def test_what_the_browser_is_still_sending_is_read_before_the_answer() -> None:
    request = RequestFactory().post("/", bytes(300_000), content_type="application/octet-stream")
    assert answer_to(OSError(errno.ENOSPC, "words"), request)[0] == 503
    assert request.read() == b""
