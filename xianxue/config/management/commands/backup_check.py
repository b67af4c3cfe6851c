"""`xianxue backup-check BACKUP`: restore into a scratch database and compare."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xianxue.config.operations.backup import backups
from xianxue.config.operations.refusal import Stopped
from xianxue.config.operations.restore import check


class Command(BaseCommand):
    """Check a backup by restoring it."""

    help = "演练恢复：把备份恢复到一个临时库，核对行数、校验留痕，然后删去临时库。不写备份名时取最新一份。"
    # Declarations are checked where pages are served; here they would be half of the time.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which backup."""
        parser.add_argument("backup", type=Path, nargs="?", help="备份的文件夹")

    def handle(self, *, backup: Path | None, **_options: Any) -> None:
        """Print the verdict; exit code 1 where the backup is no good."""
        found = backup or next(reversed(backups()), None)
        if found is None:
            message = "未检查：备份目录里没有备份。请先运行 xianxue backup。"
            raise CommandError(message)
        try:
            verified = check(found)
        except Stopped as stopped:
            raise CommandError(str(stopped)) from stopped
        self.stdout.write(f"备份可用：{found}，行数与清单相符，留痕 {verified} 条校验通过。")
