"""`xianxue serve`: the web server and the background workers, until interrupted."""

import multiprocessing
import os
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

from xianxue.config.management.foreign_keys import refuse_broken_restore, refuse_foreign_keys
from xianxue.config.operations.keeping import Kept
from xianxue.config.operations.presence import hold
from xianxue.config.settings import ENV


class Command(BaseCommand):
    """Serve the application."""

    help = "启动网页服务和后台任务。"

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Address and port; defaults come from the settings."""
        parser.add_argument("--host", default=ENV.host, help="监听地址")
        parser.add_argument("--port", type=int, default=ENV.port, help="监听端口")
        parser.add_argument("--no-worker", action="store_true", help="不带后台进程（由服务管理另行启动）")

    def handle(self, *, host: str, port: int, no_worker: bool, **_options: Any) -> None:
        """Collect static files, then run until interrupted."""
        refuse_broken_restore()
        refuse_foreign_keys()
        held = hold("serve")
        if not settings.DEBUG:
            call_command("collectstatic", interactive=False, verbosity=0)
        worker = Kept()
        if not no_worker:
            worker.start()
        self.stdout.write(f"县学已启动：http://{host}:{port} （按 Ctrl+C 停止）")
        self.stdout.flush()
        # A page has one row to check: a pool of threads only takes the processor from the others who wait. Jobs keep theirs.
        os.environ.setdefault("POLARS_MAX_THREADS", "1")
        # A forked process has polars without its threads: the first frame it touches waits for ever.
        multiprocessing.set_start_method("spawn", force=True)
        server = Granian(
            "xianxue.config.wsgi:application",
            address=host,
            port=port,
            interface=Interfaces.WSGI,
            workers=ENV.workers,
            blocking_threads=2,
            log_level=LogLevels.warning,
            respawn_failed_workers=True,
            pid_file=Path(settings.VAR_DIR) / "serve.pid",
        )
        try:
            server.serve()
        finally:
            worker.stop(timeout=30)
            held.close()
