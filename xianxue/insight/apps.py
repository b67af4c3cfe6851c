"""Insight as a Django app."""

from datetime import time

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class InsightConfig(AppConfig):
    """Cockpit, figures, yearly report: reads the kernel's registries and nobody's tables."""

    name = "xianxue.insight"
    label = "insight"
    verbose_name = _("驾驶舱与年度报告")

    def ready(self) -> None:
        """Add the lines of the menu, the nightly comparison, and what the database must keep from being rewritten."""
        from xianxue.insight.access import READS_RELEASED, SEES_COUNTY  # noqa: PLC0415 - app ready
        from xianxue.insight.releases.watching import check_all  # noqa: PLC0415 - app ready
        from xianxue.kernel import schedule  # noqa: PLC0415 - app ready
        from xianxue.kernel.history import triggers  # noqa: PLC0415 - app ready
        from xianxue.kernel.ui import menu  # noqa: PLC0415 - app ready

        menu.add("cockpit_and_report", _("驾驶舱"), "cockpit", menu.Everyone(), 10)
        menu.add("cockpit_and_report", _("年度报告"), "report", SEES_COUNTY, 30)
        menu.add("cockpit_and_report", _("已发布的报告"), "releases", READS_RELEASED, 35)
        schedule.register("insight.check_releases", _("已发布的数字与记录比对"), schedule.At(time(2, 40)), check_all)
        triggers.expect("insight_release", "insight_releaserows", "insight_withdrawal")
