"""Working days: the calendar that the State Council publishes, under the county's own exceptions."""

from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

import chinese_calendar
from django.utils.translation import gettext as _

from xianxue.kernel.commands import Refused
from xianxue.organisations.models import DayOverride

# A county that has entered these has entered its calendar for the year: the holidays with a date of their own.
FIXED_HOLIDAYS = ((1, 1), (5, 1), (10, 1))
ONE_DAY = timedelta(days=1)


def is_working_day(day: date) -> bool:
    """Whether offices work on the day: weekends, public holidays, 调休, and the county's exceptions before all.

    Raises Refused for a year of which neither the published calendar nor the county says anything.
    """
    return _working(day, _overrides(day.year))


def _overrides(*years: int) -> dict[date, bool]:
    return dict(DayOverride.objects.filter(day__year__in=years).values_list("day", "is_working_day"))


def _working(day: date, overrides: Mapping[date, bool]) -> bool:
    if day in overrides:
        return overrides[day]
    if (published := _published(day)) is not None:
        return published
    if all(date(day.year, month, number) in overrides for month, number in FIXED_HOLIDAYS):
        return day.weekday() < 5
    raise Refused(
        _(
            "未能推算工作日：没有 %(year)s 年的放假安排。"
            "请县局在“日历调整”中录入 %(year)s 年的放假和调休（至少包括元旦、劳动节、国庆节）后再办。"
        )
        % {"year": day.year}
    )


@lru_cache(maxsize=5_000)
def _published(day: date) -> bool | None:
    """What the State Council's calendar says; None where it is not out. Kept: a limit three years ago asks of a thousand days."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return None


def add_working_days(day: date, count: int) -> date:
    """The working day that lies `count` working days after `day` (before it, if negative); 0 is the day itself.

    The day of the event does not count (民法典 201). Raises Refused like `is_working_day`.
    """
    step = ONE_DAY if count >= 0 else -ONE_DAY
    years: set[int] = set()
    overrides: dict[date, bool] = {}
    left = abs(count)
    while left:
        day += step
        if day.year not in years:
            years.add(day.year)
            overrides |= _overrides(day.year)
        left -= _working(day, overrides)
    return day


def working_days(start: date, end: date) -> list[date]:
    """The working days after `start`, up to and including `end`, in order. One query. Raises Refused like the others."""
    overrides = _overrides(*range(start.year, end.year + 1))
    days = (start + ONE_DAY * number for number in range(1, (end - start).days + 1))
    return [day for day in days if _working(day, overrides)]


def working_days_between(start: date, end: date) -> int:
    """How many working days lie after `start`, up to and including `end`; negative when `end` is earlier."""
    if end < start:
        return -working_days_between(end, start)
    overrides = _overrides(*range(start.year, end.year + 1))
    return sum(_working(start + ONE_DAY * number, overrides) for number in range(1, (end - start).days + 1))
