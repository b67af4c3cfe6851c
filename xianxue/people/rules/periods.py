"""Periods of class membership: half-open, so that on the day of a change a pupil sits in the new class."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import pairwise


@dataclass(frozen=True)
class Period:
    """In a class from `started_on` until the day before `ended_on`; None means still there."""

    classroom_id: int
    started_on: date
    ended_on: date | None = None

    def holds_on(self, day: date) -> bool:
        """Whether the pupil sat in the class on the day."""
        return self.started_on <= day and (self.ended_on is None or day < self.ended_on)


def overlapping(periods: Sequence[Period]) -> bool:
    """Whether two of the periods share a day."""
    ordered = sorted(periods, key=lambda period: (period.started_on, period.ended_on or date.max))
    return any(
        earlier.ended_on is None or earlier.ended_on > later.started_on
        for earlier, later in pairwise(ordered)
        if earlier.ended_on != earlier.started_on
    )


def moved(periods: Sequence[Period], classroom_id: int | None, on: date) -> list[Period]:
    """The periods after a pupil moved to a class (or out of all classes) on a day.

    What was open ends on that day; what began on the day or later never held and is dropped, so that a
    correction made twice leaves no trace of the first. The same class again changes nothing.
    """
    current = next((period for period in periods if period.ended_on is None), None)
    if current and current.classroom_id == classroom_id:
        return list(periods)
    kept = [replace(period, ended_on=min(period.ended_on or on, on)) for period in periods if period.started_on < on]
    if classroom_id is not None:
        kept.append(Period(classroom_id, on))
    return kept
