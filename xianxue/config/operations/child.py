"""Our own program in another process, on another database: settings are read once for each process."""

import json
import os
import subprocess
import sys
from typing import Any

from django.conf import settings

from xianxue.config.operations.engines import engine
from xianxue.config.operations.refusal import Stopped


def run(*command: str, url: str | None = None) -> str:
    """Run a command of `xianxue`, if need be on another database; returns what it printed.

    Raises Stopped with its words where it fails.
    """
    environment = dict(os.environ)
    environment["XIANXUE_DATABASE_URL"] = url or engine().url()
    environment["XIANXUE_VAR_DIR"] = str(settings.VAR_DIR)
    program = (sys.executable, "-m", "xianxue.config.cli", *command)
    done = subprocess.run(program, env=environment, capture_output=True, text=True, check=False)  # noqa: S603 - our own program
    if done.returncode:
        raise Stopped(done.stderr.strip()[-800:] or f"xianxue {command[0]} 没有完成")
    return done.stdout


def state(*, migrate: bool, url: str | None = None) -> dict[str, Any]:
    """What `xianxue database-state` tells of the database; with `migrate`, after bringing it up to this version."""
    told = run("database-state", *(["--migrate"] if migrate else []), url=url)
    found: dict[str, Any] = json.loads(told)
    return found
