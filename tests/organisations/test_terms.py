from datetime import date

import pytest
import time_machine

from tests.factories.organisations import TermFactory
from xianxue.organisations.choices import Season
from xianxue.organisations.selectors import current_term, reference_day, term_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def terms() -> None:
    TermFactory()
    TermFactory(
        season=Season.SPRING, starts_on=date(2025, 2, 16), ends_on=date(2025, 7, 4), count_day=date(2025, 3, 31)
    )


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        ("2024-10-08", date(2024, 10, 8)),  # in a term
        ("2025-02-01", date(2025, 2, 1)),  # in the holidays, a term to come
        ("2024-08-01", date(2024, 8, 1)),  # before the first term
        ("2026-11-23", date(2025, 7, 4)),  # long after the last
    ],
)
@pytest.mark.usefixtures("terms")
def test_rosters_are_shown_as_of_today_or_of_the_last_day_of_the_last_term(today: str, expected: date) -> None:
    with time_machine.travel(f"{today}T09:00+08:00", tick=False):
        assert reference_day() == expected


def test_without_terms_the_reference_day_is_today_in_china() -> None:
    with time_machine.travel("2026-11-22T23:30+00:00", tick=False):
        assert reference_day() == date(2026, 11, 23)


@pytest.mark.usefixtures("terms")
def test_holidays_belong_to_the_term_before() -> None:
    assert str(term_of(date(2025, 1, 25))) == "2024 年秋季学期"
    assert str(term_of(date(2025, 2, 16))) == "2025 年春季学期"
    assert term_of(date(2024, 8, 31)) is None


@pytest.mark.usefixtures("terms")
def test_the_current_term_is_that_of_the_reference_day() -> None:
    with time_machine.travel("2026-11-23T09:00+08:00", tick=False):
        assert str(current_term()) == "2025 年春季学期"
