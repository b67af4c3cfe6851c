"""Working days, as the app that keeps the calendar counts them."""

from collections.abc import Callable
from datetime import date

AddWorkingDays = Callable[[date, int], date]
_providers: list[AddWorkingDays] = []


def provide_calendar(add_working_days: AddWorkingDays) -> None:
    """Say how working days are added to a day; the day itself does not count. Called once, when apps are ready."""
    _providers[:] = [add_working_days]


def add_working_days(day: date, count: int) -> date:
    """The working day `count` working days after `day`. Raises Refused for a year without a calendar."""
    if not _providers:
        message = "No calendar: call procedures.calendar.provide_calendar in an app's ready()."
        raise RuntimeError(message)
    return _providers[0](day, count)
