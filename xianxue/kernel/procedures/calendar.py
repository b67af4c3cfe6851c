"""Working days, as the app that keeps the calendar counts them."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from xianxue.kernel.commands import Refused

AddWorkingDays = Callable[[date, int], date]
WorkingDays = Callable[[date, date], Sequence[date]]
_providers: list[AddWorkingDays] = []
_listers: list[WorkingDays] = []


def provide_calendar(add_working_days: AddWorkingDays, working_days: WorkingDays | None = None) -> None:
    """Say how working days are counted. Called once, when apps are ready.

    `add_working_days(day, count)`: the day itself does not count. `working_days(start, end)`: those after `start`, up to
    and including `end`, in order.
    """
    _providers[:] = [add_working_days]
    _listers[:] = [working_days] if working_days else []


def add_working_days(day: date, count: int) -> date:
    """The working day `count` working days after `day` (before it, if negative).

    Where it reaches into a year whose holidays are not known yet, weekdays count: nobody is turned away in December
    because the holidays of the coming year have not been published.
    """
    if not _providers:
        message = "No calendar: call procedures.calendar.provide_calendar in an app's ready()."
        raise RuntimeError(message)
    try:
        return _providers[0](day, count)
    except Refused:
        return _weekdays_after(day, count)


def _weekdays_after(day: date, count: int) -> date:
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= day.weekday() < 5
    return day


def is_known(day: date) -> bool:
    """Whether the holidays around the day are known; limits in other years are counted in weekdays for now."""
    try:
        _providers[0](day, -1)
    except Refused:
        return False
    return True


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and including `end`; 0 when `end` is not later.

    Weekdays, where the holidays of a year are not known.
    """
    if end <= start:
        return 0
    try:
        return len(_listers[0](start, end))
    except Refused:
        days = (start + timedelta(days=number) for number in range(1, (end - start).days + 1))
        return sum(day.weekday() < 5 for day in days)


class LateDays:
    """How many working days late a limit is on one day; one query for all the limits of a page."""

    def __init__(self, today: date, earliest: date | None) -> None:
        """`earliest`: the first of the limits that will be asked about."""
        self.today = today
        self._days: Sequence[date] | None = ()
        if earliest is not None and earliest < today:
            try:
                self._days = _listers[0](earliest, today)
            except Refused:
                # A year without a calendar: late all the same, by an unknown number of working days.
                self._days = None

    def of(self, due_on: date | None) -> int | None:
        """Working days after the limit, today included; 0 in time, None where the calendar of a year is missing."""
        if due_on is None or due_on >= self.today:
            return 0
        if self._days is None:
            return None
        return len(self._days) - bisect_right(self._days, due_on)
