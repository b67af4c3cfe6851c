"""Steps that end a matter."""

from collections.abc import Callable
from typing import Any

from xianxue.kernel.access import Actor
from xianxue.kernel.procedures import Step


def closing(step: Step) -> Callable[..., Any]:
    """The command of a step that ends the matter without a move: the child is free for another one."""

    def body(subject: Any, *, by: Actor) -> None:
        subject.is_open = False
        subject.save(update_fields=["is_open"])

    return step.command(body)
