"""Commands that write refuse to run with keys that are not those of the records."""

from django.core.management.base import CommandError

from xianxue.people.selectors import keys_problem


def refuse_foreign_keys() -> None:
    """Raise CommandError, with what to do, where the keys do not fit."""
    if problem := keys_problem():
        message = f"未启动：{problem}"
        raise CommandError(message)
