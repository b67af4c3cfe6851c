"""Supervision as a Django app."""

from datetime import time

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SupervisionConfig(AppConfig):
    """To-do lists, the overdue board and the register of matters: reads the declarations of procedures, nobody's tables."""

    name = "xianxue.supervision"
    label = "supervision"
    verbose_name = _("督办")

    def ready(self) -> None:
        """Add the lines of the menu; have reminders written every morning; join matters with their evidence."""
        from xianxue.kernel import schedule  # noqa: PLC0415 - app ready
        from xianxue.kernel.procedures.evidence import provide_evidence  # noqa: PLC0415 - app ready
        from xianxue.kernel.procedures.reminding import remind_and_escalate  # noqa: PLC0415 - app ready
        from xianxue.kernel.ui import menu  # noqa: PLC0415 - app ready
        from xianxue.supervision import evidence  # noqa: PLC0415 - app ready
        from xianxue.supervision.access import reads_matters  # noqa: PLC0415 - app ready
        from xianxue.supervision.indicators import count_again  # noqa: PLC0415 - app ready

        menu.add("work", _("我的待办"), "todo", menu.Everyone(), 10)
        menu.add("work", _("我发起的"), "todo-started", menu.Everyone(), 12)
        menu.add("work", _("本单位在办"), "todo-units", menu.Everyone(), 14)
        menu.add("work", _("该谁办"), "attention", menu.Everyone(), 20)
        menu.add("work", _("督办"), "overdue", reads_matters, 30)
        schedule.register("procedures.remind", _("提醒和逾期上报"), schedule.At(time(6, 30)), remind_and_escalate)
        schedule.register("procedures.count", _("统计办件"), schedule.At(time(6, 40)), count_again)
        provide_evidence(evidence.pack, evidence.check_lines)
