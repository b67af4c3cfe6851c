"""The schedule as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ScheduleConfig(AppConfig):
    """Periodic work, and the workers that are there to do it."""

    name = "xianxue.kernel.schedule"
    label = "schedule"
    verbose_name = _("定时工作")
