"""What one request has read already: kept until it ends or a command begins, and never outside a request."""

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, TypeVar

Value = TypeVar("Value")
_kept: ContextVar[dict[Hashable, Any] | None] = ContextVar("xianxue_memo", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Keep what `remembered` reads for the length of the block: one request."""
    token = _kept.set({})
    try:
        yield
    finally:
        _kept.reset(token)


@contextmanager
def forgetting() -> Iterator[None]:
    """Keep nothing within the block, and forget what was kept before it: a command reads what it has just written."""
    if (kept := _kept.get()) is not None:
        kept.clear()
    token = _kept.set(None)
    try:
        yield
    finally:
        _kept.reset(token)


def remembered(key: Hashable, read: Callable[[], Value]) -> Value:
    """What `read` answers, asked once a request. What depends on the reach has the reach's units in its key."""
    kept = _kept.get()
    if kept is None:
        return read()
    if key not in kept:
        kept[key] = read()
    found: Value = kept[key]
    return found
