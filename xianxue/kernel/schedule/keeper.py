"""The thread beside the worker that says it lives, looks at the clock, and looks after the dead."""

import logging
import threading
import time

from django.db import close_old_connections

from xianxue.kernel.schedule.recovery import take_up_dead_tasks
from xianxue.kernel.schedule.running import enqueue_due
from xianxue.kernel.schedule.workers import Alive, forget_dead

logger = logging.getLogger(__name__)
PAUSE = 10.0


def keep(alive: Alive, *, rounds: int | None = None) -> None:
    """Go round for ever (or `rounds` times, for tests); a round that fails, as without a database, is followed by the next."""
    left = rounds
    while left is None or left > 0:
        close_old_connections()
        try:
            alive.beat()
            enqueue_due()
            take_up_dead_tasks()
            forget_dead()
        except Exception:  # the next round may go well
            logger.exception("schedule not kept")
        if left is not None:
            left -= 1
        else:
            time.sleep(PAUSE)


def start(alive: Alive) -> threading.Thread:
    """Keep the schedule in a thread that ends with the process."""
    thread = threading.Thread(target=keep, args=(alive,), daemon=True, name="schedule")
    thread.start()
    return thread
