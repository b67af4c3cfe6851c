"""Where the declaration of a step meets what stands around its command, without knowing the tables that this writes to."""

from collections.abc import Callable
from typing import Any

Wrapper = Callable[[Any, Callable[..., Any]], Callable[..., Any]]
_wrappers: list[Wrapper] = []


def provide_performer(wrapper: Wrapper) -> None:
    """Say what makes a command of a step and its body. Called once, when the models are loaded."""
    _wrappers[:] = [wrapper]


def performed(step: Any, body: Callable[..., Any]) -> Callable[..., Any]:
    """The body as the step's command. Raises RuntimeError before the models are loaded."""
    if not _wrappers:
        message = f"{step.procedure.code}.{step.code}: a step's command is declared in services.py, not before the models are loaded."
        raise RuntimeError(message)
    return _wrappers[0](step, body)
