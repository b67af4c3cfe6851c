"""Meetings as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

READ_ONLY = ("meetings_vote", "meetings_meeting", "meetings_amendment")


class MeetingsConfig(AppConfig):
    """Bodies that meet, their rosters, meetings with agenda, presence, opinions, votes, signatures."""

    name = "xianxue.meetings"
    label = "meetings"
    verbose_name = _("会议")

    def ready(self) -> None:
        """Closed votes and locked meetings must have their triggers; the menu shows everybody the own meetings."""
        from xianxue.kernel.history import triggers  # noqa: PLC0415 - app ready
        from xianxue.kernel.ui import menu  # noqa: PLC0415 - app ready
        from xianxue.meetings.access import SITS  # noqa: PLC0415 - app ready

        menu.add("accountability", _("我的会议"), "my-meetings", SITS, 18)
        triggers.expect(*READ_ONLY)
