"""The clock of a publication: working days, of which those with an open objection do not count."""

from collections.abc import Callable, Sequence
from datetime import date

from xianxue.decisions.choices import Category

Stop = tuple[date, date | None]
"""From the day an objection came until it was settled, both included; None while it is open."""


def days_asked(category: str, entry_days: int | None, county_days: int, *, is_listed: bool) -> int:
    """Working days for which a decision must be public; 0 where it need not be.

    For 任免 never fewer than the county's; one that stands on no list has the county's.
    """
    if not is_listed:
        return county_days if category == Category.APPOINTMENT else 0
    days = entry_days or 0
    return max(days, county_days) if days and category == Category.APPOINTMENT else days


def last_day(
    start: date, count: int, stops: Sequence[Stop], *, today: date, next_working_day: Callable[[date], date]
) -> date:
    """The day on which a publication of `count` working days ends; the day it started on does not count.

    An objection that is still open stops the clock until `today`: the day moves on as long as it is open.
    """
    day = start
    while count > 0:
        day = next_working_day(day)
        count -= not any(first <= day <= (last or max(first, today)) for first, last in stops)
    return day


def counted(start: date, end: date, stops: Sequence[Stop], *, next_working_day: Callable[[date], date]) -> int:
    """How many working days of a publication counted, up to and including `end`."""
    found, day = 0, next_working_day(start)
    while day <= end:
        found += not any(first <= day <= (last or max(first, end)) for first, last in stops)
        day = next_working_day(day)
    return found
