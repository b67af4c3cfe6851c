"""How long a backup of the county takes while it is in use, and how long until it is restored and checked.

`python -m bench.backup [--postgres]`; targets: backup 30 s, restore 60 s.
"""

import argparse
import os
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

from bench.county import FOLDER, ready


def run(*command: str) -> tuple[float, str]:
    """Seconds and words of a command of `xianxue`."""
    start = time.perf_counter()
    program = [sys.executable, "-m", "xianxue.config.cli", *command]
    done = subprocess.run(program, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return time.perf_counter() - start, done.stdout


class Writer(threading.Thread):
    """Somebody who writes all the while; keeps the longest that one write had to wait."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.stopping = threading.Event()
        self.longest, self.number = 0.0, 0

    def run(self) -> None:
        """One event after the other, through a command."""
        from django.db import connection  # noqa: PLC0415 - app ready

        from xianxue.kernel.access import Actor, system_actor  # noqa: PLC0415 - app ready
        from xianxue.kernel.commands import command  # noqa: PLC0415 - app ready
        from xianxue.kernel.history.records import Subject, record  # noqa: PLC0415 - app ready

        @command("bench.write", label="测速")
        def write(*, by: Actor) -> None:
            record(Subject("bench.row", 1))

        while not self.stopping.wait(0.05):
            start = time.perf_counter()
            write(by=system_actor("cli"))
            self.longest = max(self.longest, time.perf_counter() - start)
            self.number += 1
        connection.close()


def floor(target: Path) -> float:
    """Seconds of the engine's own tool with nothing around it: SQLite's online copy, or pg_dump."""
    url, start = os.environ["XIANXUE_DATABASE_URL"], time.perf_counter()
    if url.startswith("postgres"):
        subprocess.run(["pg_dump", "--format=custom", f"--file={target}", url], check=True)
    else:
        source = Path(os.environ["XIANXUE_VAR_DIR"]) / "xianxue.sqlite3"
        with closing(sqlite3.connect(source)) as database, closing(sqlite3.connect(target)) as copy:
            database.backup(copy)
    took = time.perf_counter() - start
    target.unlink()
    return took


def main() -> None:
    """Back up under writing, restore over it, and print what it took."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true")
    postgres = parser.parse_args().postgres
    with ready(postgres=postgres):
        place = FOLDER / "backups"
        shutil.rmtree(place, ignore_errors=True)
        os.environ["XIANXUE_BACKUP_DIR"] = str(place)
        writer = Writer()
        writer.start()
        took, words = run("backup")
        writer.stopping.set()
        writer.join()
        print(words)
        print(f"backup: {took:.1f} s with start-up (target 30 s)")
        print(f"{writer.number} writes meanwhile, the longest {writer.longest:.2f} s")
        print(f"floor: the database's own copy alone: {floor(place / 'floor'):.1f} s")
        (folder,) = place.glob("xianxue-*")
        restored, words = run("restore", "--move-aside", str(folder))
        print(words)
        print(f"restore, migrate, verify: {restored:.1f} s with start-up (target 60 s)")
        scheme = urlsplit(os.environ["XIANXUE_DATABASE_URL"]).scheme or "sqlite"
        print(f"{scheme}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        for aside in Path(os.environ["XIANXUE_VAR_DIR"]).glob("aside-*"):
            shutil.rmtree(aside)


if __name__ == "__main__":
    main()
