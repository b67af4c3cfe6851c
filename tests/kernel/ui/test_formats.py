"""Values as they look on paper."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from xianxue.kernel.ui import formats


def test_a_date_names_its_year_only_when_it_is_another() -> None:
    day = date(2024, 9, 3)
    assert formats.china_date(day, today=date(2024, 1, 1)).replace("\N{NO-BREAK SPACE}", " ") == "9 月 3 日"
    assert formats.china_date(day, today=date(2025, 1, 1)).replace("\N{NO-BREAK SPACE}", " ") == "2024 年 9 月 3 日"
    assert formats.china_date(None) == ""


def test_a_moment_is_told_in_china_time() -> None:
    at = datetime(2024, 12, 31, 16, 30, tzinfo=UTC)
    assert formats.china_moment(at, year="always").replace("\N{NO-BREAK SPACE}", " ") == "2025 年 1 月 1 日 00:30"


@pytest.mark.parametrize(
    ("value", "places", "text"),
    [
        (1234567, None, "1,234,567"),
        (-0.5, None, "−0.5"),
        (Decimal("2.345"), 2, "2.35"),
        (Decimal("0.5"), 0, "1"),
        (0, None, "0"),
        (1e-7, 2, "0.00"),
        (12, 1, "12.0"),
    ],
)
def test_numbers_are_grouped_and_rounded_half_up(value: float, places: int | None, text: str) -> None:
    assert formats.grouped(value, places) == text


def test_money_is_read_in_yuan() -> None:
    assert formats.yuan(125050) == "1,250.50"
    assert formats.yuan(-5) == "−0.05"
    assert formats.yuan(8_640_000, places=0) == "86,400"
    assert formats.yuan(None) == ""


def test_a_mask_never_shows_a_short_text() -> None:
    assert formats.masked("369901201001012596") == "3699••••••••••2596"
    assert formats.masked("12345678") == "••••••••"
    assert formats.masked("张三丰", head=1, tail=0) == "张••"
