"""Insight as a Django app."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    """Cockpit, figures, yearly report: reads the kernel's registries and nobody's tables."""

    name = "xianxue.insight"
    label = "insight"
    verbose_name = _("驾驶舱与年度报告")

    def ready(self) -> None:
        """Add the lines of the menu."""
        from xianxue.insight.access import SEES_COUNTY  # noqa: PLC0415 - app ready
        from xianxue.kernel.ui import menu  # noqa: PLC0415 - app ready

        menu.add("", _("驾驶舱"), "cockpit", menu.Everyone(), 10)
        menu.add("", _("该谁办"), "attention", menu.Everyone(), 20)
        menu.add("", _("年度报告"), "report", SEES_COUNTY, 30)
