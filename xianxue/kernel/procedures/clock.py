"""Which day it is for a procedure: today, or the day on which the demonstration makes its past matters."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, time

from django.utils import timezone

_day: ContextVar[date | None] = ContextVar("xianxue_procedure_day", default=None)


def today() -> date:
    """The day in China, unless `acting_on` says another."""
    return _day.get() or timezone.localdate()


def now() -> datetime:
    """The moment; on another day its ten o'clock."""
    day = _day.get()
    return timezone.make_aware(datetime.combine(day, time(10))) if day else timezone.now()


@contextmanager
def acting_on(day: date) -> Iterator[None]:
    """Do steps as if on a past day, for the length of the block: for the demonstration, never for a page or the API.

    The log keeps the true moment of every event.
    """
    token = _day.set(day)
    try:
        yield
    finally:
        _day.reset(token)
