"""What is asked of meetings: rosters, presence, interests."""

from xianxue.meetings.selectors.interests import KnownInterest, known_interests
from xianxue.meetings.selectors.rosters import (
    electors,
    is_entered_later,
    members,
    members_present,
    present_count,
    roster_count,
    roster_on,
)

__all__ = [
    "KnownInterest",
    "electors",
    "is_entered_later",
    "known_interests",
    "members",
    "members_present",
    "present_count",
    "roster_count",
    "roster_on",
]
