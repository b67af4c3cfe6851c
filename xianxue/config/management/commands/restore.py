"""`xianxue restore BACKUP`: put a backup in the place of this installation, checked before and after."""

from argparse import ArgumentParser
from pathlib import Path
from time import perf_counter
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xianxue.config.operations.refusal import Stopped
from xianxue.config.operations.restore import restore


class Command(BaseCommand):
    """Restore a backup."""

    help = "从备份恢复：先核对校验和与密钥，再恢复、升级、校验留痕和行数。现有数据只移到一边，不删除。"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which backup, and whether something may be moved out of the way."""
        parser.add_argument("backup", type=Path, help="备份的文件夹")
        parser.add_argument("--move-aside", action="store_true", help="这里已有数据时，把它移到一边（不删除）")

    def handle(self, *, backup: Path, move_aside: bool, **_options: Any) -> None:
        """Print what was done; exit code 1 where nothing was."""
        start = perf_counter()
        try:
            done = restore(backup, move_aside=move_aside)
        except Stopped as stopped:
            raise CommandError(str(stopped)) from stopped
        rows = sum(done.manifest.tables.values())
        self.stdout.write(f"已恢复到 {done.manifest.made_at} 的备份（版本 {done.manifest.version}）。")
        seconds = perf_counter() - start
        self.stdout.write(f"{rows} 行与清单相符，留痕 {done.verified} 条校验通过，用时 {seconds:.1f} 秒。")
        for place in done.aside:
            self.stdout.write(f"原来的移到了 {place}")
        for warning in done.warnings:
            self.stdout.write(f"注意：{warning}")
        if done.lost_events:
            self.stdout.write(
                f"注意：原来的库在这份备份之后还有 {done.lost_events} 条留痕，现在不在了；"
                "此前签发、已交到外面的检查点会指出这一点。请告知有关人员补录。"
            )
        self.stdout.write("所有人须重新登录。备份之后停用的账号、撤销的令牌可能又有效了，请安全管理员逐一核对。")
