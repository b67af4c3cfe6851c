"""Commands: the only code that writes, each in one transaction with its history."""

from xianxue.kernel.commands.command import CommandInfo, command, commands, nothing_changed, running
from xianxue.kernel.commands.constraints import Broken, broken, has_words, unique_fields, words_of
from xianxue.kernel.commands.refusal import Refused, refuse_if
from xianxue.kernel.commands.watching import watch

__all__ = [
    "Broken",
    "CommandInfo",
    "Refused",
    "broken",
    "command",
    "commands",
    "has_words",
    "nothing_changed",
    "refuse_if",
    "running",
    "unique_fields",
    "watch",
    "words_of",
]
