"""The engine's writes as commands of the app whose checks they are: the log names them by that app's codes."""

from collections.abc import Callable
from typing import Any

from xianxue.kernel.checks.declaration import Subjects, Suite
from xianxue.kernel.commands import command

Body = Callable[..., Any]
_commands: dict[str, Body] = {}


def under(code: str, label: Any, body: Body) -> Body:
    """The body as the command of that code; the same for every call, whichever suite object asks."""
    if code not in _commands:
        _commands[code] = command(code, label=label)(body)
    return _commands[code]


def check_code(suite: Suite, subjects: Subjects) -> str:
    """The code of a check of some subjects."""
    return subjects.command or f"{suite.code}.check_{subjects.code}"


def night_code(suite: Suite) -> str:
    """The code of what the night writes of one unit."""
    return suite.night_command or f"{suite.code}.check_unit"


def follow_code(suite: Suite) -> str:
    """The code of what becomes of findings."""
    return f"{suite.code}.follow_findings"


def own_events(suite: Suite) -> tuple[str, ...]:
    """How the codes of events begin that change nothing that a check looks at."""
    kinds = (check_code(suite, subjects) for subjects in suite.subjects)
    return (*kinds, night_code(suite), follow_code(suite), f"{suite.procedure.code}.")
