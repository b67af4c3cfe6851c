"""`xianxue figures --year Y`: every figure of the catalogue, with its state."""

import json as json_module
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from xianxue.insight import figures
from xianxue.kernel.access import whole_county


class Command(BaseCommand):
    """Print the figures of a year."""

    help = "打印一年的各项数字：数值、单位、背后的行数；没有记录的写“尚无记录”。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which year, and for whom to print."""
        parser.add_argument("--year", type=int, required=True, help="年份")
        parser.add_argument("--json", action="store_true", help="以 JSON 打印")

    def handle(self, *, year: int, json: bool, **_options: Any) -> None:
        """Compute from the records as they are now, then print."""
        with whole_county("xianxue figures"):
            rows = figures.figures_json(year)
        if json:
            self.stdout.write(_json(rows))
            return
        for row in rows:
            value = "尚无记录" if row["status"] == "no_records" else f"{row['value']} {row['unit']}"
            self.stdout.write(f"{row['id']:36} {value}")


def _json(rows: list[dict[str, Any]]) -> str:
    return json_module.dumps(rows, ensure_ascii=False, indent=2)
