"""Indicators: what is counted, from which rows, in which unit and period; declared once beside the models.

Reading them is in `selectors`, recomputing them in `services`.
"""

from xianxue.kernel.indicators.measures import Count, Distinct, Measure, Rows, Sum, Units
from xianxue.kernel.indicators.periods import Period, periods_of, previous, provide_periods, year_period
from xianxue.kernel.indicators.registry import Indicator, all, by_figure, find, get, indicator

__all__ = [
    "Count",
    "Distinct",
    "Indicator",
    "Measure",
    "Period",
    "Rows",
    "Sum",
    "Units",
    "all",
    "by_figure",
    "find",
    "get",
    "indicator",
    "periods_of",
    "previous",
    "provide_periods",
    "year_period",
]
