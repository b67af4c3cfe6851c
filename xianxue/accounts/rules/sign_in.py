"""When signing in is refused, for how long, and who needs a second factor."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from xianxue.kernel.access import roles_among

DAY = 24 * 60
# Between servers that share a database.
CLOCK_SLACK = timedelta(minutes=5)


def needs_second_factor(roles: Collection[str], *, since: date | None, today: date, is_demo: bool) -> bool:
    """Whether somebody with these roles cannot go on without a second factor; `since` None means always."""
    if is_demo or (since is not None and today < since):
        return False
    return any(role.second_factor for role in roles_among(roles))


def locked_until(failures: list[datetime], *, limit: int, minutes: int) -> datetime | None:
    """Until when nobody may try again, given the latest failures in rising order; None when they may."""
    if len(failures) < limit:
        return None
    return failures[limit - 1] + timedelta(minutes=minutes)


def backed_off_until(failures: list[datetime], *, limit: int, minutes: int) -> datetime | None:
    """The same where every failure after the limit doubles the wait, up to a day, counted from the last one."""
    beyond = len(failures) - limit
    if beyond < 0:
        return None
    # 2**11 × 1 minute is past a day; the bound keeps the number small after a thousand failures.
    return failures[-1] + timedelta(minutes=min(DAY, minutes * 2 ** min(beyond, 11)))


def session_over(
    *, started_at: datetime, seen_at: datetime, now: datetime, idle_minutes: int, hours: int
) -> str | None:
    """`too_long` or `idle` when a session must end; None while it may go on.

    A clock that was set back keeps no session alive: one that was last seen later than now is over.
    """
    if started_at + timedelta(hours=hours) <= now:
        return "too_long"
    if seen_at + timedelta(minutes=idle_minutes) <= now or seen_at > now + CLOCK_SLACK:
        return "idle"
    return None
