"""`xianxue export-history`: the whole log, without what it says, for auditors with the stand-alone verifier."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xianxue.kernel.access import system_actor
from xianxue.kernel.evidence.exports import write_log
from xianxue.kernel.history.services import checkpoint_now


class Command(BaseCommand):
    """Write the log to a file."""

    help = "导出全部留痕（不含内容）、全部检查点和核验工具，交审计核验：python verify.py 文件。"
    # Declarations are checked where pages are served; here they would be half of the time.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to."""
        parser.add_argument("path", help="要写的文件，如 留痕.zip；已有同名文件时不写")

    def handle(self, *, path: str, **_options: Any) -> None:
        """Sign a checkpoint, then write."""
        target = Path(path)
        if target.exists():
            message = f"未导出：“{path}”已经存在。请换一个文件名。"
            raise CommandError(message)
        checkpoint_now("导出留痕", by=system_actor("cli"))
        self.stdout.write(f"已导出 {write_log(target)} 条留痕：{target}")
