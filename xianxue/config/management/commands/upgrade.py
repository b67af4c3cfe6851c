"""`xianxue upgrade`: back up, bring the tables up to this version, and check; with a way back."""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from xianxue.config.operations.refusal import Stopped
from xianxue.config.operations.upgrade import upgrade
from xianxue.config.settings import ENV


class Command(BaseCommand):
    """Upgrade the database."""

    help = "升级：先备份，再把表升级到本版本、装入代码表，最后校验。出错时说明怎样退回。"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether the programs may go on meanwhile."""
        parser.add_argument("--while-running", action="store_true", help="不要求先停下服务；只在更新记录说可以时使用")

    def handle(self, *, while_running: bool, **_options: Any) -> None:
        """Print each step; exit code 1 where it failed, with what to do."""
        try:
            done = upgrade(keep=ENV.backup_keep, while_running=while_running, say=self._say)
        except Stopped as stopped:
            raise CommandError(str(stopped)) from stopped
        call_command("load_code_lists", verbosity=0)
        self._say(f"升级完成：{done.steps} 步，留痕 {done.verified} 条校验通过。现在可以启动服务。")

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
