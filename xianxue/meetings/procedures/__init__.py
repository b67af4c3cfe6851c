"""The procedure of a meeting: data only."""

from xianxue.meetings.procedures.meeting import MeetingRecord

__all__ = ["MeetingRecord"]
