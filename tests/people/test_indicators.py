"""Rosters are not compared with years whose leavers nobody wrote down; ledgers are."""

import pytest

from xianxue.kernel import indicators
from xianxue.kernel.indicators import selectors
from xianxue.kernel.indicators.periods import year_period

YEAR = year_period(2024)


@pytest.mark.parametrize("code", [item.code for item in indicators.all() if item.code.startswith("people.")])
def test_a_roster_is_not_compared_with_an_earlier_one(code: str) -> None:
    assert selectors.earlier_period(indicators.get(code), YEAR) is None


def test_a_ledger_is_compared_with_the_year_before() -> None:
    assert selectors.earlier_period(indicators.get("aid.grants"), YEAR) == year_period(2023)
