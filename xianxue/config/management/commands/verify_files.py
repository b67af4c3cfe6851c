"""`xianxue verify-files`: hash stored files again."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xianxue.kernel.files import store
from xianxue.kernel.files.selectors import rehash, unclaimed


class Command(BaseCommand):
    """Verify the files; exit code 1 when one is missing or altered."""

    help = "校验附件：重新计算摘要，指出缺失或被改的文件。"
    # Declarations are checked where pages are served; here they would be half of the time.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """All of them, unless a sample is asked for."""
        parser.add_argument("--sample", type=int, default=None, help="只抽查这么多个；不写则全部")
        parser.add_argument("--sweep", action="store_true", help="清除一天前上传失败留下的、无人引用的文件")

    def handle(self, *, sample: int | None, sweep: bool, **_options: Any) -> None:
        """Print the verdict."""
        count, faults = rehash(sample)
        left = unclaimed()
        if sweep:
            for sha256 in left:
                store.path_of(sha256).unlink(missing_ok=True)
        if left:
            self.stdout.write(f"无人引用的文件 {len(left)} 个{'，已清除' if sweep else '，可用 --sweep 清除'}。")
        for fault in faults:
            self.stderr.write(f"{fault.sha256}：{fault.text}")
        if faults:
            message = f"附件校验未通过：{count} 个中有 {len(faults)} 个不符。"
            raise CommandError(message)
        self.stdout.write(f"附件校验通过：{count} 个。")
