"""When signing in is refused, and why."""

from datetime import datetime, timedelta


def locked_until(failures: list[datetime], *, limit: int, minutes: int) -> datetime | None:
    """Until when nobody may try again, given the latest failures in rising order; None when they may."""
    if len(failures) < limit:
        return None
    return failures[limit - 1] + timedelta(minutes=minutes)
