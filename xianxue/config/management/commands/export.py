"""`xianxue export REGISTER`: write a register as a workbook, in the headings of its template."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xianxue.kernel import resources
from xianxue.kernel.access import system_actor, whole_county
from xianxue.kernel.resources import export


class Command(BaseCommand):
    """Export a register."""

    help = "把一本登记册导出为工作簿；证件号等以掩码写出。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which, and where to."""
        parser.add_argument("register", help="登记册代码，如 pupils")
        parser.add_argument("--out", type=Path, help="写到哪个文件，默认为当前目录下的“名称.xlsx”")

    def handle(self, *, register: str, out: Path | None, **_options: Any) -> None:
        """Write the file; names the registers there are when the name is unknown."""
        known = {found.code: found for found in resources.all_registers()}
        if register not in known:
            message = f"没有名为“{register}”的登记册。可用：{'、'.join(sorted(known))}。"
            raise CommandError(message)
        path = out or Path(f"{known[register].label}.xlsx")
        with whole_county("xianxue export"):
            path.write_bytes(export.export_register(known[register], by=system_actor("cli")))
        self.stdout.write(f"已写出 {path}")
