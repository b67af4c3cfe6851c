from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from xianxue.people.rules import Period, moved, overlapping

FIRST = date(2024, 9, 1)
moves = st.lists(
    st.tuples(st.one_of(st.none(), st.integers(1, 4)), st.integers(0, 400)).map(
        lambda pair: (pair[0], FIRST + timedelta(days=pair[1]))
    ),
    max_size=12,
)


def periods_after(changes: list[tuple[int | None, date]]) -> list[Period]:
    periods: list[Period] = []
    for classroom, day in changes:
        periods = moved(periods, classroom, day)
    return periods


@given(moves)
def test_periods_of_one_pupil_never_share_a_day(changes: list[tuple[int | None, date]]) -> None:
    assert not overlapping(periods_after(changes))


@given(moves)
def test_at_most_one_period_is_open_and_it_is_the_last(changes: list[tuple[int | None, date]]) -> None:
    periods = periods_after(changes)
    assert [period for period in periods if period.ended_on is None] in ([], periods[-1:])


@given(moves, st.integers(1, 4), st.integers(0, 400))
def test_after_a_move_the_pupil_sits_in_the_new_class_from_that_day(
    changes: list[tuple[int | None, date]], classroom: int, after: int
) -> None:
    day = FIRST + timedelta(days=after)
    before = periods_after(changes)
    periods = moved(before, classroom, day)
    later = max([day, *(period.started_on for period in periods)])
    assert [period.classroom_id for period in periods if period.holds_on(later)] == [classroom]


@given(moves, st.integers(1, 4), st.integers(0, 400))
def test_the_same_move_twice_changes_nothing(
    changes: list[tuple[int | None, date]], classroom: int, after: int
) -> None:
    day = FIRST + timedelta(days=after)
    once = moved(periods_after(changes), classroom, day)
    assert moved(once, classroom, day) == once


def test_on_the_day_of_a_change_the_pupil_is_in_the_new_class() -> None:
    day = date(2025, 3, 1)
    old, new = moved([Period(1, FIRST)], 2, day)
    assert (old.holds_on(day - timedelta(days=1)), old.holds_on(day), new.holds_on(day)) == (True, False, True)


def test_a_correction_on_the_day_of_entry_leaves_no_trace_of_the_mistake() -> None:
    assert moved([Period(1, FIRST)], 2, FIRST) == [Period(2, FIRST)]
