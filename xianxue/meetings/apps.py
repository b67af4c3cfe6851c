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
        """Closed votes and locked meetings must have their triggers; the menu shows everybody the own meetings.

        And a seat says whose the account is by which its holder signs.
        """
        from xianxue.kernel.access import Identities, provide_identities  # noqa: PLC0415 - app ready
        from xianxue.kernel.history import triggers  # noqa: PLC0415 - app ready
        from xianxue.kernel.ui import menu  # noqa: PLC0415 - app ready
        from xianxue.meetings.access import SITS  # noqa: PLC0415 - app ready
        from xianxue.meetings.selectors.identities import (  # noqa: PLC0415 - app ready
            accounts_of_members,
            persons_signing_by,
        )

        menu.add("decisions", _("我的会议"), "my-meetings", SITS, 11)
        triggers.expect(*READ_ONLY)
        provide_identities(Identities(persons_signing_by, accounts_of_members))
