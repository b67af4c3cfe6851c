"""`xianxue import FILE…`: send workbooks through the same door as the page."""

import json as json_module
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xianxue.config.management.foreign_keys import refuse_foreign_keys
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
        refuse_foreign_keys()
        with whole_county("xianxue import"):
            try:
                report = imports.run(files, by=system_actor("cli"), dry_run=dry_run)
            except Refused as refusal:
                raise CommandError(refusal.message) from refusal
        if json:
            self.stdout.write(json_module.dumps(report, ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(line for job in report["jobs"] for line in _lines(job)))
        if any(job["refused"] or job["errors"] for job in report["jobs"]):
            raise SystemExit(1)


def _lines(job: dict[str, Any]) -> list[str]:
    if job["refused"]:
        return [f"{job['file']}：{job['refused']}"]
    counts = (
        f"共 {job['rows']} 行，新增 {job['new']}，变更 {job['changed']}（{job['cells']} 格），"
        f"相同 {job['same']}，有错 {job['wrong']}，已写入 {job['written']}。"
    )
    problems = [f"  {item['code']} {item['message']}（{item['count']} 行）" for item in job["problems"]]
    return [f"{job['file']}：{counts}", *problems]
