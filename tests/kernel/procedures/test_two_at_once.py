"""Two people press at the same moment, on connections of their own: one wins, the other is told."""

import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from tests.kernel.procedures import parcels
from tests.kernel.procedures.conftest import paper
from tests.kernel.procedures.parcels import do
from xianxue.kernel.commands import Refused
from xianxue.kernel.procedures.models import Matter, StepRecord

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]


@pytest.fixture
def sending(transactional_db: None, settings: Settings, tmp_path: Any, clock: Any) -> Iterator[Any]:
    settings.VAR_DIR = tmp_path
    parcels.create_table()
    with parcels.registered() as procedure:
        yield procedure
    parcels.drop_table()


def together(*runs: Callable[[], Any]) -> list[str]:
    """Run all at the same moment, each in a thread with its own connection; returns what each was told."""
    gate = threading.Barrier(len(runs))
    told = [""] * len(runs)

    def one(number: int, run: Callable[[], Any]) -> None:
        gate.wait()
        try:
            run()
            told[number] = "done"
        except Refused as refused:
            told[number] = refused.message
        finally:
            connection.close()

    threads = [threading.Thread(target=one, args=item) for item in enumerate(runs)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(told)


def test_two_officers_approve_at_once_and_one_of_them_does(sending: Any, send: Any) -> None:
    parcel = send()
    told = together(
        lambda: do("county_officer", "approve", parcel, seen=1), lambda: do("second_officer", "approve", parcel, seen=1)
    )
    assert told[0] == "done"
    assert "现为“待签收”" in told[1]
    assert StepRecord.objects.filter(matter=parcel.matter).count() == 2


def test_the_same_person_presses_in_two_windows_at_once(sending: Any, send: Any) -> None:
    parcel = send()
    told = together(*[lambda: do("county_officer", "check", parcel, seen=1)] * 4)
    assert told[0] == "done"
    assert all("没有重复办理" in words for words in told[1:])
    assert StepRecord.objects.filter(matter=parcel.matter, step="check").count() == 1


def test_approving_and_withdrawing_at_once_leaves_one_state(sending: Any, send: Any) -> None:
    parcel = send()
    told = together(lambda: do("county_officer", "approve", parcel), lambda: do("registrar", "withdraw", parcel))
    assert told.count("done") == 1
    matter = Matter.unguarded.get(pk=parcel.matter_id)
    last = StepRecord.objects.filter(matter=matter).order_by("number").last()
    assert last is not None
    assert (matter.state, matter.steps_done) == (last.to_state, 2)


def test_one_start_page_sent_from_two_windows_opens_one_matter(sending: Any, send: Any) -> None:
    def start() -> None:
        send(once="d" * 32, papers=[paper()])

    told = together(start, start)
    assert told[0] == "done"
    assert "已经提交过" in told[1]
    assert Matter.unguarded.count() == 1
