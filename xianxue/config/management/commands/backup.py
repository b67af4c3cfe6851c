"""`xianxue backup`: the whole installation into one folder, while it is in use."""

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xianxue.config.operations.backup import backup
from xianxue.config.operations.refusal import Stopped
from xianxue.config.settings import ENV


class Command(BaseCommand):
    """Make a backup."""

    help = "联机备份：数据库和文件写进一个新文件夹，附清单和校验和。密钥不在其中，须另行保存。"
    # Declarations are checked where pages are served; here they would be half of the time.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Where to, and how many to keep there."""
        parser.add_argument("--to", type=Path, help="备份放在哪个文件夹下；默认为设置里的备份目录")
        parser.add_argument("--keep", type=int, default=ENV.backup_keep, help="只留最近几份，0 为全留")

    def handle(self, *, to: Path | None, keep: int, **_options: Any) -> None:
        """Print where it is; exit code 1 where there is none."""
        start = perf_counter()
        try:
            made = backup(to, keep=keep)
        except Stopped as stopped:
            raise CommandError(str(stopped)) from stopped
        size, seconds = made.manifest.size / 2**20, perf_counter() - start
        rows, events = sum(made.manifest.tables.values()), made.manifest.log.get("size", 0)
        self.stdout.write(f"已备份到 {made.folder}")
        self.stdout.write(f"{size:.0f} MB，{rows} 行，留痕 {events} 条，用时 {seconds:.1f} 秒")
        self.stdout.write("清单已签名。" if made.is_signed else "清单没有签名：找不到签名密钥。")
        self.stdout.write("备份里没有密钥：没有密钥，加密的内容读不出来。请确认密钥另有妥善保存的一份。")
