"""Commands that write refuse to run with keys that are not those of the records, or on half a restore."""

from pathlib import Path

from django.conf import settings
from django.core.management.base import CommandError

from xianxue.config.operations.restore import MARK
from xianxue.people.selectors import keys_problem


def refuse_foreign_keys() -> None:
    """Raise CommandError, with what to do, where the keys do not fit."""
    if problem := keys_problem():
        message = f"未启动：{problem}"
        raise CommandError(message)


def refuse_broken_restore() -> None:
    """Raise CommandError where a restore was killed half-way: what is there now is neither the old nor the new."""
    if (place := Path(settings.VAR_DIR) / MARK).exists():
        message = (
            "未启动：上一次恢复被中断，数据不完整。请再运行一次 xianxue restore … --move-aside；"
            f"原来的数据在 aside-… 里。经办妥善后仍见此提示的，删去 {place}。"
        )
        raise CommandError(message)
