"""The commands of meetings; those of the steps make themselves known here."""

from xianxue.meetings.services import (
    agenda,
    closing,
    convening,
    guests,
    notices,
    presence,
    signing,
    speaking,
    voting,
)

__all__ = ["agenda", "closing", "convening", "guests", "notices", "presence", "signing", "speaking", "voting"]
