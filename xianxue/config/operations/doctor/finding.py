"""One thing that was looked at, and how it stands."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from django.db import DatabaseError

from xianxue.config.operations.refusal import Stopped


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


def examine() -> list[Finding]:
    """Look at everything; a check that cannot be made says why instead of ending the others."""
    from xianxue.config.operations.doctor import database, machine, work  # noqa: PLC0415 - slow import: for one command

    checks: tuple[Check, ...] = (*machine.CHECKS, *database.CHECKS, *work.CHECKS)
    return [_made(check) for check in checks]


def _made(check: Check) -> Finding:
    try:
        return check()
    except Stopped as stopped:
        return fault(check.__name__, "检查", str(stopped), "请先处理上面的问题，再检查一次。")
    except DatabaseError as error:
        return fault(check.__name__, "检查", f"数据库没有回答（{type(error).__name__}）", "请先让数据库恢复运行。")
