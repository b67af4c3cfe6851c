"""Commands: the only code that writes, each in one transaction with its history."""

from xianxue.kernel.commands.command import CommandInfo, command, commands, nothing_changed, running
from xianxue.kernel.commands.refusal import Refused, refuse_if
from xianxue.kernel.commands.watching import watch

__all__ = ["CommandInfo", "Refused", "command", "commands", "nothing_changed", "refuse_if", "running", "watch"]
