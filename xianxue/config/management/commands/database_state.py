"""`xianxue database-state`: migrations, rows by table and the verified log, as JSON; for restore, checks and upgrades."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand

from xianxue.config.operations.engines import engine
from xianxue.config.operations.state import pending_migrations, unknown_migrations
from xianxue.kernel.history.verification import verify
from xianxue.people.selectors import keys_problem


class Command(BaseCommand):
    """Print what the database holds."""

    help = "以 JSON 打印数据库的状态：版本、各表行数、留痕校验。--migrate 先升级到本版本。"
    requires_system_checks = ()

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Whether to bring the tables up to this version first."""
        parser.add_argument("--migrate", action="store_true", help="先把表升级到本版本")

    def handle(self, *, migrate: bool, **_options: Any) -> None:
        """Standard output holds the JSON alone."""
        if migrate:
            call_command("migrate", interactive=False, verbosity=0)
        found = engine().state()
        pending = pending_migrations()
        told = {**asdict(found), "pending": pending, "unknown": unknown_migrations(found.migrations)}
        if not pending:
            verdict = verify()
            told |= {
                "verified": verdict.events,
                "faults": [str(fault) for fault in verdict.faults[:20]],
                "keys": keys_problem(),
            }
        self.stdout.write(json.dumps(told, ensure_ascii=False))
