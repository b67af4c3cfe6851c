"""`xianxue template NAME`: write an empty workbook of a sheet."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xianxue.kernel import sheets
from xianxue.kernel.access import whole_county
from xianxue.kernel.sheets.template import template_workbook


class Command(BaseCommand):
    """Write a template."""

    help = "写出一份空白模板。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, and where to."""
        parser.add_argument("name", help="模板名，如 pupils")
        parser.add_argument("--out", type=Path, help="写到哪个文件，默认为当前目录下的“名称.xlsx”")

    def handle(self, *, name: str, out: Path | None, **_options: Any) -> None:
        """Write the file; names the sheets there are when the name is unknown."""
        known = {sheet.code: sheet for sheet in sheets.all()}
        if name not in known:
            message = f"没有名为“{name}”的模板。可用：{'、'.join(sorted(known))}。"
            raise CommandError(message)
        path = out or Path(f"{known[name].label}.xlsx")
        with whole_county("xianxue template"):
            path.write_bytes(template_workbook(known[name]))
        self.stdout.write(f"已写出 {path}")
