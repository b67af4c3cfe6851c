"""Working days as plain values: what the checks count by, made once from the county's calendar."""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


def day_of(at: datetime) -> date:
    """The day in China on which a moment falls. As Django's `localdate`, at a fraction of its cost."""
    return at.astimezone(CHINA).date()


@dataclass(frozen=True, slots=True)
class Calendar:
    """The working days of a span, in order. Outside the span weekdays count: its holidays are not known."""

    days: Sequence[date] = ()

    def after(self, day: date, count: int) -> date:
        """The working day `count` working days after `day`, which does not count; before it, if negative."""
        place = (bisect_right(self.days, day) + count - 1) if count > 0 else (bisect_left(self.days, day) + count)
        covers = bool(self.days) and self.days[0] <= day <= self.days[-1]
        if count and covers and 0 <= place < len(self.days):
            return self.days[place]
        return _weekday_after(day, count)

    def covers(self, start: date, end: date) -> bool:
        """Whether the holidays of all days between are known."""
        return bool(self.days) and self.days[0] <= start and end <= self.days[-1]

    def between(self, start: date, end: date) -> int:
        """How many working days lie after `start`, up to and including `end`; 0 when `end` is not later."""
        if end <= start:
            return 0
        if self.covers(start, end):
            return bisect_right(self.days, end) - bisect_right(self.days, start)
        weeks, rest = divmod((end - start).days, 7)
        return weeks * 5 + sum((start.weekday() + day) % 7 < 5 for day in range(1, rest + 1))


def _weekday_after(day: date, count: int) -> date:
    step = timedelta(days=1 if count >= 0 else -1)
    left = abs(count)
    while left:
        day += step
        left -= day.weekday() < 5
    return day


WEEKDAYS = Calendar()
"""Monday to Friday."""
