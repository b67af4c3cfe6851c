"""Checks as a Django app: finds every app's declarations and says when everything is checked."""

from functools import partial

from django.apps import AppConfig
from django.core import checks
from django.utils.module_loading import autodiscover_modules
from django.utils.translation import gettext_lazy as _


class ChecksConfig(AppConfig):
    """Rules that say passed, failed or skipped, and what becomes of what they find."""

    name = "xianxue.kernel.checks"
    label = "checks"
    verbose_name = _("规则检查")

    def ready(self) -> None:
        """Load `checks.py` of every app; make the commands known under which the log shows their events; set the hours."""
        from xianxue.kernel import schedule  # noqa: PLC0415 - app ready
        from xianxue.kernel.checks.declaration import all_suites  # noqa: PLC0415 - app ready
        from xianxue.kernel.checks.night import check_everything, make_commands  # noqa: PLC0415 - app ready
        from xianxue.kernel.checks.system_checks import check_suites  # noqa: PLC0415 - app ready

        autodiscover_modules("checks")
        for suite in all_suites():
            make_commands(suite)
            # When nobody writes, and before the reminders of the morning.
            schedule.register(
                f"{suite.code}.check", suite.label, schedule.At(suite.at), partial(check_everything, suite)
            )
        checks.register(check_suites)
