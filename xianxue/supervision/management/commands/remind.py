"""`xianxue remind`: the daily reminders and escalations, for installations whose worker does not run."""

from typing import Any

from django.core.management.base import BaseCommand

from xianxue.kernel.procedures.reminding import remind_and_escalate


class Command(BaseCommand):
    """Write what is due today; running it twice changes nothing."""

    help = "写入当日的到期提醒和逾期上报；同一天重复运行不会重复提醒"

    def handle(self, *_args: Any, **_options: Any) -> None:
        told = remind_and_escalate()
        self.stdout.write(f"提醒 {told.reminders} 条，上报 {told.escalations} 条。")
