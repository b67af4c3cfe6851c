"""The whole examination: every check of machine, database and work, one after the other."""

from django.db import DatabaseError

from xianxue.config.operations.doctor import database, machine, work
from xianxue.config.operations.doctor.finding import Check, Finding, fault
from xianxue.config.operations.refusal import Stopped

CHECKS: tuple[Check, ...] = (*machine.CHECKS, *database.CHECKS, *work.CHECKS)


def examine() -> list[Finding]:
    """Look at everything; a check that cannot be made says why instead of ending the others."""
    return [_made(check) for check in CHECKS]


def _made(check: Check) -> Finding:
    try:
        return check()
    except Stopped as stopped:
        return fault(check.__name__, "检查", str(stopped), "请先处理上面的问题，再检查一次。")
    except DatabaseError as error:
        return fault(check.__name__, "检查", f"数据库没有回答（{type(error).__name__}）", "请先让数据库恢复运行。")
