"""The API as a Django app."""

from datetime import timedelta

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ApiConfig(AppConfig):
    """Tokens, operations of registers, webhooks."""

    name = "xianxue.kernel.api"
    label = "api"
    verbose_name = _("接口")

    def ready(self) -> None:
        """Put the pages into the menu, tidying into the schedule."""
        from xianxue.kernel import schedule  # noqa: PLC0415 - app ready
        from xianxue.kernel.api import tasks  # noqa: PLC0415 - app ready
        from xianxue.kernel.ui import menu  # noqa: PLC0415 - app ready

        menu.add("interfaces", _("接口令牌"), "api-tokens", menu.Everyone(), 180)
        schedule.register("api.tidy", _("清理接口记录"), schedule.Every(timedelta(hours=6)), tasks.tidy)
