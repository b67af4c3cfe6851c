"""Bodies and rosters, meetings with agenda and presence, opinions, votes, signatures, corrections."""

from xianxue.meetings.models.bodies import Body, Interest, Seat
from xianxue.meetings.models.meetings import AgendaItem, Attendance, Concern, Meeting, Recusal
from xianxue.meetings.models.votes import (
    Amendment,
    Ballot,
    DeskEntry,
    Opinion,
    SecretBallot,
    SecretTurn,
    Signature,
    Vote,
)

__all__ = [
    "AgendaItem",
    "Amendment",
    "Attendance",
    "Ballot",
    "Body",
    "Concern",
    "DeskEntry",
    "Interest",
    "Meeting",
    "Opinion",
    "Recusal",
    "Seat",
    "SecretBallot",
    "SecretTurn",
    "Signature",
    "Vote",
]
