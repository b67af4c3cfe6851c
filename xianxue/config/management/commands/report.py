"""`xianxue report --year Y --out F.docx`: the yearly report as an official paper."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xianxue.insight import figures
from xianxue.kernel.access import whole_county


class Command(BaseCommand):
    """Write the yearly report."""

    help = "写出年度报告：.docx 为公文格式，.html 为可粘贴到公众号的文章。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which year, and where to."""
        parser.add_argument("--year", type=int, required=True, help="年份")
        parser.add_argument("--out", type=Path, required=True, help="文件名，以 .docx 或 .html 结尾")

    def handle(self, *, year: int, out: Path, **_options: Any) -> None:
        """Write the file; refuses another ending."""
        if out.suffix not in {".docx", ".html"}:
            message = f"未写出报告：不认识“{out.suffix}”。文件名请以 .docx 或 .html 结尾。"
            raise CommandError(message)
        with whole_county("xianxue report"):
            figures.write_report(year, out)
        self.stdout.write(f"已写出 {out}")
