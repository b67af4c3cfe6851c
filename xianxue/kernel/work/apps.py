"""The registry of work as a Django app."""

from django.apps import AppConfig
from django.core import checks
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    """What waits for whom, in all systems."""

    name = "xianxue.kernel.work"
    label = "work"
    verbose_name = _("待办")

    def ready(self) -> None:
        """Load `roles.py`, whose order is that of the apps whoever imports them first, then `work.py` of every app."""
        from xianxue.kernel.work.checks import check_sources  # noqa: PLC0415 - app ready

        autodiscover_modules("roles", "work")
        checks.register(check_sources)
