"""One thing that was looked at, and how it stands."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """How a thing stands; the text is shown."""

    FINE = "正常"
    NOTICE = "注意"
    FAULT = "故障"


@dataclass(frozen=True)
class Finding:
    """What was looked at, how it stands, what was seen, and what to do (empty where there is nothing to do)."""

    code: str
    label: str
    level: Level
    seen: str
    advice: str = ""


Check = Callable[[], Finding]


def fine(code: str, label: str, seen: str) -> Finding:
    """All is well."""
    return Finding(code, label, Level.FINE, seen)


def notice(code: str, label: str, seen: str, advice: str) -> Finding:
    """It works; somebody should look at it."""
    return Finding(code, label, Level.NOTICE, seen, advice)


def fault(code: str, label: str, seen: str, advice: str) -> Finding:
    """It does not work, or will lose something."""
    return Finding(code, label, Level.FAULT, seen, advice)
