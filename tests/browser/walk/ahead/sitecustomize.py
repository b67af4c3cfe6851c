"""Moves the clock of every Python that starts with this folder on its path ahead, by as many seconds as the file CLOCK_AHEAD says now.

For a county whose days pass in a test: no setting of the product, and nothing of it is replaced.
"""

import os
import threading
import time
from datetime import timedelta
from pathlib import Path

import time_machine

FILE = Path(os.environ["CLOCK_AHEAD"])
coordinates = time_machine.travel(timedelta(0), tick=True).start()


def watch() -> None:
    """Follow the file."""
    ahead = 0.0
    while True:
        wanted = float(FILE.read_text())
        if wanted != ahead:
            coordinates.shift(wanted - ahead)
            ahead = wanted
        time.sleep(0.1)


threading.Thread(target=watch, daemon=True).start()
