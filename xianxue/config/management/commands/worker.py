"""`xianxue worker`: the background worker; resumes what a killed worker left behind, then waits for tasks."""

import os
import threading
import time
from argparse import ArgumentParser
from contextlib import suppress
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.utils.crypto import get_random_string
from django_tasks_db.management.commands.db_worker import Worker

from xianxue.config.management.foreign_keys import refuse_broken_restore, refuse_foreign_keys
from xianxue.insight.refresh import keep_fresh
from xianxue.kernel.api.tasks import keep_sending
from xianxue.kernel.schedule import keeper
from xianxue.kernel.schedule.recovery import take_up_dead_tasks
from xianxue.kernel.schedule.workers import arrive
from xianxue.kernel.sheets.tasks import recover_jobs


def leave_with_parent() -> None:
    """End this process when the server that started it is gone, even by kill -9."""
    parent = os.getppid()
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(0)


class Command(BaseCommand):
    """Run background tasks."""

    help = "运行后台任务（导入、计算）。serve 会自动启动它。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Used by `serve`."""
        parser.add_argument("--with-parent", action="store_true", help="父进程结束时一同结束")

    def handle(self, *, with_parent: bool, **_options: Any) -> None:
        """Run until interrupted."""
        refuse_broken_restore()
        refuse_foreign_keys()
        if with_parent:
            threading.Thread(target=leave_with_parent, daemon=True).start()
        worker_id = get_random_string(32)
        alive = arrive(worker_id)
        recover_jobs()
        take_up_dead_tasks()
        keeper.start(alive)
        threading.Thread(target=keep_fresh, daemon=True).start()
        threading.Thread(target=keep_sending, daemon=True).start()
        worker = Worker(
            queue_names=["*"],
            interval=0.5,
            batch=False,
            backend_name="default",
            startup_delay=False,
            max_tasks=None,
            worker_id=worker_id,
            excluded_queue_names=[],
        )
        worker.configure_signals()
        try:
            worker.run()
        finally:
            with suppress(DatabaseError):
                alive.leave()
