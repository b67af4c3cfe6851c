"""`xianxue doctor`: how each part of the installation stands, and what to do."""

import json as json_module
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand

from xianxue.config.operations.doctor.examining import examine
from xianxue.config.operations.doctor.finding import Level
from xianxue.kernel.access import whole_county


class Command(BaseCommand):
    """Examine the installation."""

    help = "检查安装：设置、密钥、数据库、磁盘、后台进程、备份等，逐项说明正常、注意或故障，以及怎么办。"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """For people or for programs."""
        parser.add_argument("--json", action="store_true", help="以 JSON 打印")

    def handle(self, *, json: bool, **_options: Any) -> None:
        """Exit code 1 where something is a fault; what needs notice alone is 0."""
        with whole_county("xianxue doctor"):
            found = examine()
        if json:
            self.stdout.write(json_module.dumps([asdict(item) for item in found], ensure_ascii=False, indent=2))
        else:
            for item in found:
                self.stdout.write(f"[{item.level}] {item.label}：{item.seen}")
                if item.advice:
                    self.stdout.write(f"       → {item.advice}")
        if any(item.level == Level.FAULT for item in found):
            raise SystemExit(1)
