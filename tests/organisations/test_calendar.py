from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.factories.organisations import DayOverrideFactory
from xianxue.kernel.commands import Refused
from xianxue.organisations.selectors import add_working_days, is_working_day, working_days_between

pytestmark = pytest.mark.django_db
UNKNOWN = 2099


@pytest.mark.parametrize(
    ("day", "working"),
    [
        (date(2024, 10, 1), False),  # National Day
        (date(2024, 9, 29), True),  # a Sunday worked for it
        (date(2024, 10, 12), True),  # a Saturday worked for it
        (date(2024, 10, 13), False),  # an ordinary Sunday
        (date(2024, 10, 14), True),
        (date(2024, 2, 18), True),  # a Sunday worked for Spring Festival
    ],
)
def test_published_holidays_and_exchanged_days_are_known(day: date, working: bool) -> None:
    assert is_working_day(day) is working


def test_the_county_s_exception_comes_before_the_published_calendar() -> None:
    DayOverrideFactory(day=date(2024, 10, 14), is_working_day=False)
    DayOverrideFactory(day=date(2024, 10, 13), is_working_day=True)
    assert not is_working_day(date(2024, 10, 14))
    assert is_working_day(date(2024, 10, 13))


def test_days_are_counted_from_the_day_after_and_over_exchanged_days() -> None:
    # 27 September 2024 is a Friday; the 28th is free, Sunday the 29th and Monday the 30th are worked, then a week is free.
    assert add_working_days(date(2024, 9, 27), 1) == date(2024, 9, 29)
    assert add_working_days(date(2024, 9, 27), 3) == date(2024, 10, 8)
    assert add_working_days(date(2024, 10, 8), -3) == date(2024, 9, 27)
    assert working_days_between(date(2024, 9, 27), date(2024, 10, 8)) == 3
    assert working_days_between(date(2024, 10, 8), date(2024, 9, 27)) == -3
    assert add_working_days(date(2024, 10, 5), 0) == date(2024, 10, 5)


def test_a_year_of_which_nothing_is_known_is_refused_and_says_what_to_do() -> None:
    with pytest.raises(Refused, match=f"没有 {UNKNOWN} 年的放假安排") as refused:
        is_working_day(date(UNKNOWN, 3, 2))
    assert refused.value.message.endswith("后再办。")


def test_one_exception_does_not_make_a_year_known() -> None:
    DayOverrideFactory(day=date(UNKNOWN, 3, 2), is_working_day=False)
    assert not is_working_day(date(UNKNOWN, 3, 2))
    with pytest.raises(Refused):
        is_working_day(date(UNKNOWN, 3, 3))


def test_a_year_whose_fixed_holidays_the_county_entered_is_known() -> None:
    for month in (1, 5, 10):
        DayOverrideFactory(day=date(UNKNOWN, month, 1), is_working_day=False)
    assert not is_working_day(date(UNKNOWN, 10, 1))
    assert is_working_day(date(UNKNOWN, 3, 3)) is (date(UNKNOWN, 3, 3).weekday() < 5)


@given(st.dates(date(2023, 1, 2), date(2024, 11, 30)), st.integers(0, 15))
def test_adding_and_counting_agree(day: date, count: int) -> None:
    end = add_working_days(day, count)
    assert working_days_between(day, end) == count
    assert count == 0 or is_working_day(end)


def test_a_long_way_asks_the_database_once_a_year(django_assert_num_queries: pytest.FixtureRequest) -> None:
    with django_assert_num_queries(2):  # type: ignore[operator]  # a fixture of pytest-django
        assert add_working_days(date(2023, 12, 1), 40) - date(2023, 12, 1) > timedelta(days=50)
