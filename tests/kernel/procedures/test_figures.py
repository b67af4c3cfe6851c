"""What is counted of matters: equal to the board today, and true of a past day after everything has moved on."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from tests.factories.organisations import ClassroomFactory
from tests.kernel.procedures import parcels
from tests.kernel.procedures.conftest import noon, paper
from tests.kernel.procedures.parcels import do, reach
from xianxue.kernel import indicators
from xianxue.kernel.access import in_reach, system_actor, whole_county
from xianxue.kernel.history.models import Event
from xianxue.kernel.indicators import Period, selectors, services, year_period
from xianxue.kernel.indicators.lineage import lineage
from xianxue.kernel.procedures.extending import extend_matter
from xianxue.kernel.procedures.models import LapsedTodo, Matter, Party
from xianxue.supervision import board
from xianxue.supervision.indicators import CODES, count_again

Send = Callable[..., Any]
YEAR = year_period(2024)


def until(day: date) -> Period:
    """The year as it stood at the end of a day."""
    return replace(YEAR, day=day)


def counted(period: Period = YEAR, part: str = "") -> dict[str, int]:
    """Rows behind each figure, for the whole county or somebody's reach."""
    with in_reach(reach(part)) if part else whole_county("test"):
        return {code.removeprefix("procedures."): selectors.rows(code, period).count() for code in CODES}


def on_the_board(day: date) -> dict[str, int]:
    with whole_county("test"):
        parts = list(board.sums(Matter.objects.all(), day))
    names = {"open": "open", "late": "late", "finished": "finished", "finished_in_time": "in_time"}
    return {name: sum(part[key] for part in parts) for name, key in names.items()}


def test_today_the_figures_are_those_of_the_board(send: Send, clock: Any) -> None:
    first, second, third, _fourth = send(), send(), send(), send()
    days = []
    steps: tuple[tuple[int, Callable[[], Any]], ...] = (
        (14, lambda: do("county_officer", "approve", first)),
        (15, lambda: do("county_officer", "ask", second, note="缺照片")),
        (18, lambda: do("county_officer", "approve", third)),
        (24, lambda: do("registrar", "mend", second, papers=[paper("photo")])),
        (30, lambda: do("other_registrar", "receive", third)),
    )
    for day, step in steps:
        clock.move_to(noon(2024, 10, day))
        step()
        days.append(counted())
        assert days[-1] == on_the_board(date(2024, 10, day)), day
    assert days[-1] == {"open": 3, "late": 3, "finished": 1, "finished_in_time": 0}


def test_what_was_late_on_a_day_stays_late_on_that_day_once_it_is_done(send: Send, clock: Any) -> None:
    parcel = send()
    clock.move_to(noon(2024, 10, 18))
    before = counted(until(date(2024, 10, 18)))
    assert before == {"open": 1, "late": 1, "finished": 0, "finished_in_time": 0}
    do("county_officer", "approve", parcel)
    assert counted()["late"] == 0
    clock.move_to(noon(2024, 10, 21))
    do("other_registrar", "receive", parcel)
    assert counted() == {"open": 0, "late": 0, "finished": 1, "finished_in_time": 1}
    assert counted(until(date(2024, 10, 17)))["late"] == 1
    assert counted(until(date(2024, 10, 16)))["late"] == 0, "the second of two working days is not over"
    assert counted(until(date(2024, 10, 13))) == {"open": 0, "late": 0, "finished": 0, "finished_in_time": 0}


def test_a_late_step_that_was_put_off_was_late_until_then(send: Send, clock: Any) -> None:
    parcel = send()
    Matter.unguarded.filter(pk=parcel.matter_id).update(accepted_on=date(2024, 10, 15))
    clock.move_to(noon(2024, 10, 21))
    assert counted()["late"] == 1
    with in_reach(reach("county_officer")):
        extend_matter(
            Matter.unguarded.get(pk=parcel.matter_id), clock="step", until=date(2024, 10, 24), reason="等材料",
            by=parcels.actor("county_officer"),
        )  # fmt: skip
    assert counted()["late"] == 0
    clock.move_to(noon(2024, 10, 22))
    assert counted(until(date(2024, 10, 20)))["late"] == 1
    assert counted(until(date(2024, 10, 21)))["late"] == 0


def test_a_late_to_do_that_another_party_took_away_was_late_until_then(send: Send, clock: Any) -> None:
    parcel = send()
    Matter.unguarded.filter(pk=parcel.matter_id).update(accepted_on=date(2024, 10, 14))
    clock.move_to(noon(2024, 10, 21))
    assert counted()["late"] == 1
    do("registrar", "withdraw", parcel)
    assert counted()["late"] == 0
    assert [counted(until(date(2024, 10, day)))["late"] for day in (17, 18, 20, 21)] == [0, 1, 1, 0]
    (lapsed,) = LapsedTodo.objects.all()
    assert (lapsed.place, lapsed.unit_id, lapsed.due_on) == ("county", parcels.COUNTY, date(2024, 10, 17))
    assert lapsed.ended_on == date(2024, 10, 21)


def test_a_to_do_in_time_or_done_by_its_own_party_leaves_no_such_line(send: Send, clock: Any) -> None:
    first, second = send(), send()
    do("registrar", "withdraw", first)
    clock.move_to(noon(2024, 10, 21))
    do("county_officer", "approve", second)
    assert not LapsedTodo.objects.exists()


def test_while_the_clock_stands_still_the_finishing_limit_makes_nothing_late(send: Send, clock: Any) -> None:
    parcel = send()
    Matter.unguarded.filter(pk=parcel.matter_id).update(accepted_on=date(2024, 10, 14))
    do("county_officer", "ask", parcel, note="缺照片")
    matter = Matter.unguarded.get(pk=parcel.matter_id)
    matter.todos.update(due_on=None)
    clock.move_to(noon(2024, 11, 20))
    assert counted() == on_the_board(date(2024, 11, 20)) == {
        "open": 1, "late": 0, "finished": 0, "finished_in_time": 0,
    }  # fmt: skip


def test_by_unit_and_by_procedure_and_down_to_the_rows(send: Send, clock: Any) -> None:
    send(), send()
    clock.move_to(noon(2024, 10, 18))
    services.compute(2024, by=system_actor("test"), codes=CODES)
    with whole_county("test"):
        assert {unit: value.number for unit, value in selectors.by_unit("procedures.late", YEAR).items()} == {
            parcels.FIRST: 2
        }
        assert [(label, value.number) for label, value in selectors.slices("procedures.open", YEAR)] == [("寄送", 2)]
        assert selectors.value("procedures.finished", YEAR).number == 0
        rate = selectors.value("procedures.finished_in_time", YEAR)
        tables = [source.table for source in lineage(indicators.get("procedures.late").build(YEAR))]
    assert (rate.status, rate.number) == ("no_records", None), "nothing finished makes no rate"
    assert tables[0] == "procedures_matter"
    assert {"procedures_todo", "procedures_steprecord", "organisations_classroom"} <= set(tables)


def test_a_matter_of_a_class_counts_for_its_school(sending: Any) -> None:
    room = ClassroomFactory()
    matter = Matter.unguarded.create(
        procedure="tests.parcel", state="sent", title="寄送", unit_id=room.pk, opened_on=date(2024, 10, 14),
        state_since=date(2024, 10, 14),
    )  # fmt: skip
    Party.objects.create(matter=matter, place="sender", unit_id=room.pk)
    services.compute(2024, by=system_actor("test"), codes=CODES)
    with whole_county("test"):
        assert list(selectors.by_unit("procedures.open", YEAR)) == [room.school_id]
        assert list(selectors.rows("procedures.open", YEAR, unit=room.school_id)) == [matter]


@pytest.mark.parametrize(
    ("part", "rows"),
    [("county_officer", 1), ("registrar", 1), ("third_registrar", 0), ("class_teacher", 0), ("director", 0)],
)
def test_rows_are_for_those_who_may_read_the_procedure(send: Send, part: str, rows: int) -> None:
    send()
    assert counted(part=part)["open"] == rows


def test_a_new_day_makes_a_matter_late_without_any_event(send: Send, clock: Any) -> None:
    send()
    count_again()
    with whole_county("test"):
        assert selectors.value("procedures.late", YEAR).number == 0
    events = Event.objects.exclude(action="indicators.compute").count()
    clock.move_to(noon(2024, 10, 18))
    count_again()
    with whole_county("test"):
        assert selectors.value("procedures.late", YEAR).number == 1
    assert Event.objects.exclude(action="indicators.compute").count() == events
