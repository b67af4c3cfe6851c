"""The decorator that makes a function a command."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast

from django.db import IntegrityError, transaction

from xianxue.kernel.access import Actor, forgetting
from xianxue.kernel.commands.constraints import broken
from xianxue.kernel.commands.lock import lock_the_log
from xianxue.kernel.commands.refusal import Refused
from xianxue.kernel.commands.watching import told

Body = TypeVar("Body", bound=Callable[..., Any])


@dataclass(frozen=True)
class CommandInfo:
    """What is known of a command: `code` as stored in the history, `label` as shown."""

    code: str
    label: str


@dataclass
class Running:
    """The command in progress: who acts, and whether it has left its trace."""

    info: CommandInfo
    by: Actor
    recorded: int = 0


class Unrecorded(Exception):
    """A command ended without an event: a bug. Its transaction was rolled back."""


commands: dict[str, CommandInfo] = {}
_running: ContextVar[Running | None] = ContextVar("xianxue_command", default=None)


def running() -> Running:
    """The command in progress. Raises RuntimeError outside one: history is written by commands only."""
    current = _running.get()
    if current is None:
        message = "History is written inside a command only. Decorate the function with @command."
        raise RuntimeError(message)
    return current


def nothing_changed() -> None:
    """Say that the command rightly leaves no event, because nothing had to change."""
    running().recorded += 1


def command(code: str, *, label: Any) -> Callable[[Body], Body]:
    """Make a function a command: one transaction, the log locked first, at least one event.

    The function takes the actor as keyword `by`. A Refused, or any other exception, rolls everything back. A constraint
    that has words of its own and would be broken is a Refused with these words.
    A command may call another: both share the transaction, each records under its own code.
    """
    if code in commands:
        message = f"Two commands are called {code}."
        raise ValueError(message)
    info = commands[code] = CommandInfo(code, label)

    def decorate(body: Body) -> Body:
        @wraps(body)
        def run(*args: Any, by: Actor, **kwargs: Any) -> Any:
            with forgetting(), told(code), _constraints_in_words(), transaction.atomic():
                lock_the_log()
                this = Running(info, by)
                token = _running.set(this)
                try:
                    result = body(*args, by=by, **kwargs)
                finally:
                    _running.reset(token)
                if not this.recorded:
                    message = f"{code} wrote no history."
                    raise Unrecorded(message)
            return result

        return cast("Body", run)

    return decorate


@contextmanager
def _constraints_in_words() -> Iterator[None]:
    """Around the transaction: what the database refused is told when everything has been rolled back."""
    try:
        yield
    except IntegrityError as error:
        if (refusal := broken(error)) is None:
            raise
        raise Refused(refusal.message, field=refusal.field) from error
