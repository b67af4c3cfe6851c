"""What this process keeps because making it again would give the same: found by everything that it depends on."""

from collections.abc import Callable, Hashable
from typing import Any, Generic, TypeVar

from django.conf import settings

Value = TypeVar("Value")
_all: list["Kept[Any]"] = []


class Kept(Generic[Value]):
    """Values by what they depend on, so that none can grow old: another dependence is another key.

    Trap: what is left out of a key is shown to the wrong reader. Not kept while templates are being written (DEBUG).
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.values: dict[Hashable, Value] = {}
        _all.append(self)

    def get(self, key: Hashable, make: Callable[[], Value]) -> Value:
        """The value kept under the key, made where there is none; when full, all are made again."""
        value = self.values.get(key)
        if value is None:
            value = make()
            if settings.DEBUG:
                return value
            if len(self.values) >= self.most:
                self.values.clear()
            self.values[key] = value
        return value


def forget() -> None:
    """Empty everything that is kept: for what changes within a process only in tests and at start."""
    for kept in _all:
        kept.values.clear()
