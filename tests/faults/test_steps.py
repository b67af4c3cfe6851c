"""A step of a matter, pressed twice or by two at once: done once, and the other page says what happened."""

import sqlite3
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager

import psycopg
import pytest

from tests.faults.visitor import Answer, Visitor
from tests.installation import Installation, free_port, is_ready, until
from xianxue.kernel.commands.lock import LOG_LOCK

pytestmark = pytest.mark.postgres

PDF = b"%PDF-1.4 a paper of the tests"


@pytest.fixture
def port(installation: Installation) -> Iterator[int]:
    """A server on the installation, with two processes that answer."""
    installation.extra["XIANXUE_WORKERS"] = "2"
    found = free_port()
    with installation.running("serve", "--no-worker", "--port", str(found)):
        until(lambda: is_ready(found))
        yield found


def path_of(installation: Installation, step: str) -> str:
    return f"/matters/{installation.known['matter']}/{step}/"


@contextmanager
def everybody_waits(installation: Installation) -> Iterator[Callable[[int], None]]:
    """Hold the lock that every step takes first, so that those who press meanwhile press at the same moment.

    Gives a function that waits until so many stand there, as far as the engine tells.
    """
    if installation.url.startswith("sqlite"):
        with closing(sqlite3.connect(installation.url.removeprefix("sqlite://"), timeout=30)) as database:
            database.execute("BEGIN IMMEDIATE")
            yield lambda _number: None
            database.rollback()
        return
    with psycopg.connect(installation.url) as server:
        server.execute("SELECT pg_advisory_xact_lock(%s)", [LOG_LOCK])
        waiting = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
        yield lambda number: until(lambda: installation.ask(waiting)[0][0] >= number, pause=0.05)
        server.rollback()


def together(installation: Installation, *sends: Callable[[], Answer]) -> list[Answer]:
    """What each was answered, of requests that were all under way before the first was done."""
    with ThreadPoolExecutor(len(sends)) as threads:
        with everybody_waits(installation) as until_there:
            answers = [threads.submit(send) for send in sends]
            until_there(len(sends))
        return sorted((answer.result() for answer in answers), key=lambda answer: answer.status)


def steps_of(installation: Installation) -> list[str]:
    rows = installation.ask(
        f"SELECT step FROM procedures_steprecord WHERE matter_id = {installation.known['matter']} ORDER BY number"
    )
    return [step for (step,) in rows]


def test_a_step_pressed_twice_at_once_is_done_once(installation: Installation, port: int) -> None:
    path = path_of(installation, "agree")
    head = Visitor(installation, port, "other_head")
    fields = head.form(path)
    events = installation.ask("SELECT count(*) FROM history_event")[0][0]

    first, second = together(installation, *[lambda: head.send(path, fields)] * 2)

    assert (first.status, second.status) == (302, 422), (first.text, second.text)
    assert "没有重复办理" in second.text
    assert steps_of(installation) == ["open_transfer", "agree"]
    assert installation.ask("SELECT count(*) FROM history_event") == [(events + 1,)]
    # And once more when all is long done, by the button of a page that stayed open.
    late = head.send(path, fields)
    assert late.status == 422
    assert "没有重复办理" in late.text


def test_of_two_officers_who_decide_at_once_one_does_and_the_other_is_told(
    installation: Installation, port: int
) -> None:
    for part, step in (("other_head", "agree"), ("registrar", "confirm")):
        assert Visitor(installation, port, part).do(path_of(installation, step)).status == 302
    officer, other = (Visitor(installation, port, part) for part in ("county_officer", "second_officer"))
    approve, refuse = path_of(installation, "approve"), path_of(installation, "county_asks")
    yes, no = officer.form(approve), {**other.form(refuse), "note": "请补户口簿。"}

    first, second = together(installation, lambda: officer.send(approve, yes), lambda: other.send(refuse, no))

    assert (first.status, second.status) == (302, 422), (first.text, second.text)
    assert "打开页面之后，此事项已由他人办理" in second.text
    (last,) = steps_of(installation)[3:]
    assert last in ("approve", "county_asks")
    shown = "已核准，待编班接收" if last == "approve" else "县局要求补正材料"
    assert f"现为“{shown}”" in second.text


def test_a_matter_begun_twice_at_once_is_begun_once(installation: Installation, port: int) -> None:
    assert (
        Visitor(installation, port, "other_registrar")
        .do(path_of(installation, "withdraw"), {"note": "填错了。"})
        .status
        == 302
    )
    path = "/matters/start/people.transfer/open_transfer/"
    registrar = Visitor(installation, port, "other_registrar")
    fields = {**registrar.form(path), "number": installation.known["number"], "name": installation.known["name"]}
    fields |= {"school": str(installation.known["other_school"]), "reason": "residence"}
    papers = [("paper_application", "申请.pdf", PDF)]

    first, second = together(installation, *[lambda: registrar.send(path, fields, papers)] * 2)

    assert (first.status, second.status) == (302, 422), (first.text, second.text)
    assert "已经提交过" in second.text
    assert installation.ask("SELECT count(*) FROM procedures_matter") == [(2,)]
    assert installation.ask("SELECT count(*) FROM files_attachment WHERE name <> ''")[0][0] == 3
