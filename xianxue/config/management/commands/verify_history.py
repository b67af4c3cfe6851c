"""`xianxue verify-history`: recompute the whole chain of events."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xianxue.kernel.history.selectors import verify

SHOWN = 20


class Command(BaseCommand):
    """Verify the log; exit code 1 when something is wrong."""

    help = "校验留痕：逐条重新计算摘要，指出被改动、缺失或乱序的记录。"

    def handle(self, **_options: Any) -> None:
        """Print the verdict."""
        verdict = verify()
        if not verdict.is_sound:
            for seq, fault in verdict.faults[:SHOWN]:
                self.stderr.write(f"第 {seq} 条：{fault}")
            message = f"留痕校验未通过：{verdict.events} 条中有 {len(verdict.faults)} 处不符。"
            raise CommandError(message)
        self.stdout.write(f"留痕校验通过：{verdict.events} 条，末条摘要 {verdict.head}")
