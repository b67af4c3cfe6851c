"""Bring the code lists up to those of this release."""

from django.core.management.base import BaseCommand
from django.db import transaction

from xianxue.organisations.services import load_code_lists


class Command(BaseCommand):
    """Load the code lists that came with this release; the same again changes nothing."""

    help = "装入本版本附带的代码表；重复执行不会改变任何内容。"

    def handle(self, *_args: object, **_options: object) -> None:
        """Load, and say what was written."""
        with transaction.atomic():
            loaded = load_code_lists()
        self.stdout.write(f"已写入 {len(loaded.written)} 个代码表，{loaded.unchanged} 个没有变化。")
