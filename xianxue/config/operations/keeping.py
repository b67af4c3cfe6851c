"""Processes of ours that are kept running beside another one: the worker beside the server, the long lane beside the short."""

import logging
import os
import subprocess
import sys
import threading

log = logging.getLogger(__name__)
PAUSE = 1
"""Seconds between the end of a process and the start of the next."""


class Kept(threading.Thread):
    """Keeps one `xianxue worker` running; one that was killed is started again and resumes its jobs."""

    def __init__(self, *options: str) -> None:
        super().__init__(daemon=True, name="worker-keeper")
        self.command = (sys.executable, "-m", "xianxue.config.cli", "worker", "--with-parent", *options)
        # A copy: the process's own environment changes while the worker is being started, and the start would fail.
        self.environment = dict(os.environ)
        self.stopping = threading.Event()
        self.process: subprocess.Popen[bytes] | None = None

    def run(self) -> None:
        """Start, wait, start again; a second apart at least, so that a broken worker does not spin."""
        while not self.stopping.is_set():
            try:
                self.process = subprocess.Popen(self.command, env=self.environment)  # noqa: S603 - our own module, no user input
                self.process.wait()
            except OSError:
                # No memory for a process, say: jobs wait, and pages are served all the same.
                log.exception("the worker could not be started; trying again")
            self.stopping.wait(PAUSE)

    def stop(self, timeout: float | None = None) -> None:
        """End the worker after the task in hand. Raises TimeoutExpired where that takes longer than `timeout` seconds."""
        self.stopping.set()
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(timeout=timeout)
