"""The county's working days as a plain value for the checks."""

from datetime import date
from functools import lru_cache

from xianxue.decisions.models import RuleSet
from xianxue.decisions.rules.days import Calendar
from xianxue.kernel.commands import Refused
from xianxue.organisations.models import DayOverride
from xianxue.organisations.selectors import working_days

KEPT = 8
Overrides = tuple[tuple[date, bool], ...]


def calendar(today: date) -> Calendar:
    """Working days from the year before the county's first rules to the end of next year, as far as they are known.

    Two queries; the days themselves are counted again only where the county has changed its own.
    """
    first = RuleSet.objects.order_by("valid_from").values_list("valid_from", flat=True).first() or today
    overrides = DayOverride.objects.order_by("day").values_list("day", "is_working_day")
    return _calendar(min(first.year, today.year) - 1, today.year, tuple(overrides))


@lru_cache(maxsize=KEPT)
def _calendar(start: int, year: int, _overrides: Overrides) -> Calendar:
    """The days go by the overrides that were read for the key; a change between the two shows with the next key."""
    return Calendar(tuple(_known(start, year + 1, year)))


def _known(start: int, end: int, year: int) -> list[date]:
    """The working days of the years around this one that follow one another without a gap."""
    try:
        return working_days(date(start - 1, 12, 31), date(end, 12, 31))
    except Refused:
        if end > year:
            return _known(start, end - 1, year)
        return _known(start + 1, end, year) if start < end else []
