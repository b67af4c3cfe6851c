"""Steps that write nothing of their own but the move of the matter, and those that end it."""

from collections.abc import Callable
from typing import Any

from xianxue.kernel.access import Actor
from xianxue.kernel.procedures import Step


def passing(step: Step) -> Callable[..., Any]:
    """The command of a step that only moves the matter on."""

    def body(_subject: Any, *, by: Actor) -> None:
        """Everything that this step does is done around it."""

    return step.command(body)


def closing(step: Step) -> Callable[..., Any]:
    """The command of a step that ends the matter without a move: the child is free for another one."""

    def body(subject: Any, *, by: Actor) -> None:
        subject.is_open = False
        subject.save(update_fields=["is_open"])

    return step.command(body)
