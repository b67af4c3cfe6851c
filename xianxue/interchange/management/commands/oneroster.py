"""`xianxue oneroster export|check|import FILE`: rosters in the OneRoster 1.2 CSV format."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xianxue.interchange import rules, selectors, services
from xianxue.kernel.access import system_actor, whole_county
from xianxue.kernel.commands import Refused

SHOWN = 50


class Command(BaseCommand):
    """Export, check, import."""

    help = "OneRoster 1.2 CSV：导出名册、检查文件、导入学生（默认只检查，加 --write 才写入）。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """What to do with which file."""
        parser.add_argument("act", choices=("export", "check", "import"), help="导出、检查或导入")
        parser.add_argument("file", type=Path, help=".zip 文件")
        parser.add_argument("--demographics", action="store_true", help="导出时带出生日期和性别")
        parser.add_argument("--write", action="store_true", help="导入时写入；不加只检查")

    def handle(self, *, act: str, file: Path, demographics: bool, write: bool, **_options: Any) -> None:
        """Do it, and say what came of it."""
        if act == "export":
            with whole_county("oneroster export"):
                file.write_bytes(selectors.bundle(with_demographics=demographics))
            self.stdout.write(f"已写出 {file}")
            return
        try:
            files = rules.unpacked(file.read_bytes())
        except (Refused, OSError) as error:
            raise CommandError(str(error)) from error
        if act == "check":
            self._tell(rules.read(files).findings)
            return
        with whole_county("oneroster import"):
            report = services.take_in(files, by=system_actor("cli"), dry_run=not write)
        self._tell(report.findings)
        for reason, count in report.unmapped.items():
            self.stdout.write(f"未对应 {count} 人：{reason}")
        for job in report.jobs:
            self.stdout.write(
                f"学生 {report.mapped} 人：新增 {job['new']}，更改 {job['changed']}，有问题 {job['wrong']}"
            )
            for problem in job["problems"]:
                self.stdout.write(f"  {problem['code']} × {problem['count']}：{problem['message']}")

    def _tell(self, findings: list[rules.Finding]) -> None:
        for item in findings[:SHOWN]:
            self.stdout.write(f"{item.file}.csv 第 {item.line} 行 {item.field}：{item.message}")
        if findings:
            message = f"有 {len(findings)} 处不合 OneRoster 的规则，没有写入。"
            raise CommandError(message)
        self.stdout.write("文件符合 OneRoster 的规则。")
