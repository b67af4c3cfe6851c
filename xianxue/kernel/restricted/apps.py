"""Restricted reading as a Django app."""

from datetime import time

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class RestrictedConfig(AppConfig):
    """Domains with a grant, a purpose and a record of who read."""

    name = "xianxue.kernel.restricted"
    label = "restricted"
    verbose_name = _("受限查阅")

    def ready(self) -> None:
        """Seal yesterday's records of reading into the log, every night."""
        from xianxue.kernel import schedule  # noqa: PLC0415 - app ready
        from xianxue.kernel.history import triggers  # noqa: PLC0415 - app ready
        from xianxue.kernel.restricted.tasks import seal_days_past  # noqa: PLC0415 - app ready

        triggers.expect("restricted_readrecord")
        schedule.register("restricted.seal_reads", _("封存查阅记录"), schedule.At(time(0, 20)), seal_days_past)
