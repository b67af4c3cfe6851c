"""`xianxue after-restore`: the trace of a restore in the history; `restore` runs it, nobody else needs to."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from xianxue.config.operations.events import restored
from xianxue.kernel.access import system_actor, whole_county


class Command(BaseCommand):
    """Record a restore."""

    help = "（由 restore 调用）在留痕里记下恢复，并结束所有登录。"
    # Declarations are checked where pages are served; here they would be half of the time.
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Of which backup."""
        parser.add_argument("made_at")
        parser.add_argument("size", type=int)

    def handle(self, *, made_at: str, size: int, **_options: Any) -> None:
        """Write one event."""
        with whole_county("xianxue restore"):
            restored(made_at=made_at, size=size, by=system_actor("cli"))
