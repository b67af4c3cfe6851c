"""`xianxue worker`: the background workers; they resume what a killed worker left behind, then wait for tasks.

The process that is started works in the lane of short tasks and keeps a second one running for the long ones.
"""

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
from xianxue.config.operations.keeping import Kept
from xianxue.insight.refresh import keep_fresh
from xianxue.kernel.api.tasks import keep_sending
from xianxue.kernel.schedule import Lane, keeper
from xianxue.kernel.schedule.recovery import take_up_dead_tasks
from xianxue.kernel.schedule.workers import Alive, arrive
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
        parser.add_argument("--long", action="store_true", help="只办长任务（短任务的进程会自动启动它）")

    def handle(self, *, with_parent: bool, long: bool, **_options: Any) -> None:
        """Run until interrupted."""
        refuse_broken_restore()
        refuse_foreign_keys()
        if with_parent:
            threading.Thread(target=leave_with_parent, daemon=True).start()
        lane = Lane.LONG if long else Lane.SHORT
        alive = arrive(get_random_string(32), lane)
        take_up_dead_tasks()
        recover_jobs()
        keeper.start(alive)
        beside = None
        if long:
            # Figures take the processor for seconds: not from those who wait for something short.
            threading.Thread(target=keep_fresh, daemon=True).start()
        else:
            threading.Thread(target=keep_sending, daemon=True).start()
            beside = Kept("--long")
            beside.start()
        try:
            _work(alive)
        finally:
            if beside:
                beside.stop()
            with suppress(DatabaseError):
                alive.leave()


def _work(alive: Alive) -> None:
    """Do the tasks of the lane until a signal ends it."""
    worker = Worker(
        queue_names=[alive.lane.value],
        interval=0.5,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=alive.worker_id,
        excluded_queue_names=[],
    )
    worker.configure_signals()
    worker.run()
