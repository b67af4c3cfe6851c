"""Who finds what on the to-do list and on the board."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.kernel.procedures import parcels
from tests.kernel.procedures.conftest import noon
from tests.kernel.procedures.parcels import PEOPLE, do, reach
from tests.kernel.procedures.test_steps import delegated
from xianxue.kernel.access import Reach, in_reach
from xianxue.kernel.procedures.models import Matter, Party, StepRecord, Todo
from xianxue.kernel.work import selectors as work
from xianxue.kernel.work.selectors import Item, waiting_counts
from xianxue.supervision import board, under_way
from xianxue.supervision.work_list import Asked, work_list

pytestmark = pytest.mark.postgres

Send = Callable[..., Any]


def waiting() -> set[str]:
    return {part for part in PEOPLE if waiting_counts(reach(part), date(2024, 10, 14))["work"]}


def mine(of: Reach) -> list[Item]:
    return work.items(of, date(2024, 10, 14), "mine", work.EVERYTHING, first=0, count=50)


def test_a_matter_waits_for_those_whose_move_it_is_and_for_nobody_else(send: Send) -> None:
    parcel = send()
    assert waiting() == {"county_officer", "second_officer"}
    do("county_officer", "check", parcel)
    assert waiting() == {"second_officer"}, "who checked may not approve, and finds nothing to do"
    do("second_officer", "approve", parcel)
    assert waiting() == {"other_registrar"}
    do("other_registrar", "receive", parcel)
    assert waiting() == set()


def test_an_optional_step_makes_no_work(send: Send) -> None:
    parcel = send()
    do("county_officer", "approve", parcel)
    assert "registrar" not in waiting(), "the sender may ask, and need not"


def test_what_was_handed_over_stands_on_the_taker_s_list_with_the_giver_s_name(send: Send) -> None:
    send()
    taker = delegated("director", "county_officer")
    (lent,) = mine(taker)
    assert lent.line.giver == "county_officer 某"
    (own,) = mine(reach("county_officer"))
    assert own.line.giver == ""


def test_the_list_is_parted_by_limit(send: Send, clock: Any) -> None:
    for day in ((2024, 10, 8), (2024, 10, 9), (2024, 10, 10), (2024, 10, 11)):
        clock.move_to(noon(*day))
        send()
    with in_reach(reach("county_officer")):
        found = work_list(reach("county_officer"), "mine", Asked())
    # Each must be accepted within two working days: earlier than its step's own limit.
    assert {name: count for name, count in found.counts.items() if count} == {
        "late": 1, "today": 1, "week": 1, "later": 1,
    }  # fmt: skip
    clock.move_to(noon(2024, 10, 15))
    with in_reach(reach("county_officer")):
        found = work_list(reach("county_officer"), "mine", Asked())
        late = work_list(reach("county_officer"), "mine", Asked(part="late"))
    assert (found.counts["late"], found.counts["today"], len(late.lines)) == (4, 0, 4)
    assert late.lines[0].limit.text == "逾期 4 个工作日"
    limits = [str(line.item.until) for line in found.lines]
    assert limits == sorted(limits)


@pytest.mark.parametrize("given", [{"part": "x", "kind": "no.such", "page": "-3"}, {"page": "9" * 30, "unit": "x"}])
def test_odd_requests_mean_the_whole_list(sending: Any, given: dict[str, str]) -> None:
    assert Asked.read(given) == Asked()


def crowd(count: int) -> None:
    """Open matters as the steps leave them, in bulk."""
    matters = Matter.unguarded.bulk_create(
        Matter(
            procedure="tests.parcel", state="sent", title=f"寄送{number}", unit_id=parcels.FIRST, steps_done=1,
            opened_on=date(2024, 10, 8), state_since=date(2024, 10, 8), finish_due_on=date(2024, 10, 22),
        )
        for number in range(count)
    )  # fmt: skip
    places = {"sender": parcels.FIRST, "receiver": parcels.SECOND, "county": parcels.COUNTY}
    Party.objects.bulk_create(
        Party(matter=matter, place=place, unit_id=unit) for matter in matters for place, unit in places.items()
    )
    Todo.objects.bulk_create(
        Todo(
            matter=matter, place="county", unit_id=parcels.COUNTY, since_on=date(2024, 10, 8),
            due_on=date(2024, 10, 9 + number % 10),
        )
        for number, matter in enumerate(matters)
    )  # fmt: skip


def asked(run: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as found, in_reach(reach("county_officer")):
        run()
    return len(found)


@pytest.mark.parametrize(
    "run",
    [
        lambda: work_list(reach("county_officer"), "mine", Asked()),
        lambda: under_way.under_way(under_way.open_matters()[:50]),
        lambda: board.build(reach("county_officer"), Asked()),
        lambda: waiting_counts(reach("county_officer"), date(2024, 10, 14)),
    ],
    ids=["todo", "under way", "board", "count"],
)
def test_lists_ask_the_same_number_of_questions_however_many_matters_there_are(
    sending: Any, run: Callable[[], Any]
) -> None:
    crowd(3)
    few = asked(run)
    crowd(200)
    assert asked(run) == few
    assert few <= 12


def test_the_board_counts_what_is_late_by_procedure_and_unit(send: Send, clock: Any) -> None:
    first, second, third = send(), send(), send()
    do("county_officer", "approve", first)
    do("other_registrar", "receive", first)
    clock.move_to(noon(2024, 10, 18))
    do("county_officer", "approve", second)
    with in_reach(reach("county_officer")):
        made = board.build(reach("county_officer"), Asked())
        (parts,) = board.sums(Matter.objects.all(), date(2024, 10, 18))
    assert parts == {"procedure": "tests.parcel", "open": 2, "late": 1, "finished": 1, "in_time": 1}
    (row,) = made.late.rows
    shown = [cell.text for cell in row.cells]
    assert shown[:4] == ["寄送课桌", "测试县局（局学籍管理）", "核准", "逾期 2 个工作日"]
    assert third.matter.title == "寄送课桌"
    units = [[cell.text for cell in row.cells] for row in made.units.rows]
    assert units == [["测试县局", "1", "1"], ["第二小学", "1", "0"]]


def test_the_board_of_a_school_has_only_its_own_matters(send: Send, clock: Any) -> None:
    send()
    clock.move_to(noon(2024, 10, 18))
    for part, expected in {"registrar": 1, "other_registrar": 1, "third_registrar": 0, "auditor": 1}.items():
        with in_reach(reach(part)):
            assert board.build(reach(part), Asked()).late.total == expected, part


def test_what_a_person_started_is_theirs_until_their_unit_is_released(send: Send) -> None:
    parcel = send()
    with in_reach(reach("registrar")):
        assert [matter.pk for matter in under_way.started_by(reach("registrar"))] == [parcel.matter_id]
        assert StepRecord.objects.get(matter=parcel.matter).user_id == 1
    do("county_officer", "approve", parcel)
    do("other_registrar", "receive", parcel)
    with in_reach(reach("registrar")):
        assert list(under_way.started_by(reach("registrar"))) == []
