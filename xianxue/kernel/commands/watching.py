"""Who wants to know that commands are done or refused: the count of them, for a monitoring system."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

from xianxue.kernel.commands.refusal import Refused

Outcome = Literal["done", "refused", "failed"]
Watcher = Callable[[str, Outcome], None]
_watchers: list[Watcher] = []


def watch(watcher: Watcher) -> None:
    """Call `watcher` with the code and the outcome of every command, after its transaction; it must not raise."""
    _watchers.append(watcher)


@contextmanager
def told(code: str) -> Iterator[None]:
    """Tell all watchers how the block ended."""
    outcome: Outcome = "failed"
    try:
        yield
        outcome = "done"
    except Refused:
        outcome = "refused"
        raise
    finally:
        for watcher in _watchers:
            watcher(code, outcome)
