"""`xianxue write-procedures`: print the catalogue of procedures into the manual."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from xianxue.kernel.procedures.manual import as_markdown


class Command(BaseCommand):
    """Write docs/guide/procedures.md, or check that it is fresh."""

    help = "按各流程的声明生成办事流程一页（docs/guide/procedures.md）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="只核对，不改写；过期时退出码为 1")

    def handle(self, *_args: Any, **options: Any) -> None:
        page = Path(settings.PACKAGE).parent / "docs" / "guide" / "procedures.md"
        fresh = as_markdown()
        if options["check"]:
            if not page.exists() or page.read_text(encoding="utf-8") != fresh:
                raise CommandError("办事流程一页已过期。请运行 xianxue write-procedures 后一并提交。")
            return
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(fresh, encoding="utf-8")
        self.stdout.write(f"已写入 {page}")
