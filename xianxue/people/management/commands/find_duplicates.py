"""Look for records that may be one person."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from xianxue.kernel.access import system_actor
from xianxue.people.services.duplicates import find_duplicates


class Command(BaseCommand):
    """Compare whoever changed since the last search, or everybody."""

    help = "查找疑似重复的人员；默认只比对上次之后有变动的人员。"

    def add_arguments(self, parser: CommandParser) -> None:
        """`--full` compares everybody."""
        parser.add_argument("--full", action="store_true", help="全量比对")

    def handle(self, *_args: object, **options: Any) -> None:
        """Search, and say what was found."""
        scan = find_duplicates(full=options["full"], by=system_actor("cli"))
        self.stdout.write(
            f"已比对 {scan.persons} 人、{scan.compared} 对，用时 {scan.milliseconds / 1000:.1f} 秒；"
            f"新增 {scan.opened} 对，撤下 {scan.closed} 对，略过 {scan.skipped} 个过大的组。"
        )
