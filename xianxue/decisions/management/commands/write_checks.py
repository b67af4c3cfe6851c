"""`xianxue write-checks`: print the 25 checks into the manual."""

import tomllib
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.manual import as_markdown
from xianxue.decisions.services.rule_data import FILE


def page() -> str:
    """The page by the rules of the release: the same in every county."""
    given = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return as_markdown(RuleBook.of(given["version"], given))


class Command(BaseCommand):
    """Write docs/guide/decision-checks.md, or check that it is fresh."""

    help = "按决策检查的声明生成说明页（docs/guide/decision-checks.md）"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--check", action="store_true", help="只核对，不改写；过期时退出码为 1")

    def handle(self, *_args: Any, **options: Any) -> None:
        path = Path(settings.PACKAGE).parent / "docs" / "guide" / "decision-checks.md"
        if options["check"]:
            if not path.exists() or path.read_text(encoding="utf-8") != page():
                raise CommandError("决策检查一页已过期。请运行 xianxue write-checks 后一并提交。")
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(), encoding="utf-8")
        self.stdout.write(f"已写入 {path}")
