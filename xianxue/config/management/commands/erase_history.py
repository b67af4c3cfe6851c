"""`xianxue erase-history`: lawful erasure of what events say; the events stay."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from xianxue.kernel.access import system_actor
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.services import erase_payload


class Command(BaseCommand):
    """Erase, with reason and legal basis."""

    help = "依法删除留痕的内容：这一条本身和摘要还在，删除也留痕。不能恢复。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which events, why, and by which law or order."""
        parser.add_argument("numbers", nargs="+", type=int, help="留痕序号")
        parser.add_argument("--reason", required=True, help="理由")
        parser.add_argument("--basis", required=True, help="法律依据或决定文号")

    def handle(self, *, numbers: list[int], reason: str, basis: str, **_options: Any) -> None:
        """Say how many were erased."""
        try:
            count = erase_payload(numbers, reason=reason, basis=basis, by=system_actor("cli"))
        except Refused as refusal:
            raise CommandError(refusal.message) from refusal
        self.stdout.write(f"已删除 {count} 条留痕的内容。")
