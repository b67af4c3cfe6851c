"""`xianxue import FILE…`: send workbooks through the same door as the page."""

import json as json_module
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xianxue.kernel.access import system_actor, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.sheets import imports


class Command(BaseCommand):
    """Check workbooks, and write what is right."""

    help = "检查并导入工作簿。--dry-run 只检查不写入。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which files, and how far to go."""
        parser.add_argument("files", nargs="+", type=Path, help="工作簿或 CSV")
        parser.add_argument("--dry-run", action="store_true", help="只检查，不写入")
        parser.add_argument("--json", action="store_true", help="以 JSON 打印结果")

    def handle(self, *, files: list[Path], dry_run: bool, json: bool, **_options: Any) -> None:
        """Print what happened to each file; exit code 1 when a file was refused or has errors."""
        with whole_county("xianxue import"):
            try:
                report = imports.run(files, by=system_actor("cli"), dry_run=dry_run)
            except Refused as refusal:
                raise CommandError(refusal.message) from refusal
        self._print(report, as_json=json)
        if any(job.get("errors") or job.get("refused") for job in report["jobs"]):
            raise SystemExit(1)

    def _print(self, report: dict[str, Any], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json_module.dumps(report, ensure_ascii=False, indent=2))
            return
        for job in report["jobs"]:
            self.stdout.write(f"{job['file']}：{job['summary']}")
