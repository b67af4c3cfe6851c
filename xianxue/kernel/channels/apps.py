"""Channels as a Django app."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ChannelsConfig(AppConfig):
    """Where a person wants to be told that there are new notices."""

    name = "xianxue.kernel.channels"
    label = "channels"
    verbose_name = _("提醒渠道")

    def ready(self) -> None:
        """Have news told every few minutes."""
        from xianxue.kernel import schedule  # noqa: PLC0415 - app ready
        from xianxue.kernel.channels.telling import tell_everybody  # noqa: PLC0415 - app ready

        schedule.register(
            "channels.tell", _("把新提醒发到各人的渠道"), schedule.Every(timedelta(minutes=5)), tell_everybody
        )
