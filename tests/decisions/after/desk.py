"""Somebody of the cast who does steps."""

from typing import Any

from tests.cast import Cast
from xianxue.kernel.access import Actor, in_reach


class Desk:
    """Somebody of the cast who does steps."""

    def __init__(self, cast: Cast, part: str) -> None:
        self.cast, self.part = cast, part
        self.by = Actor(cast.users[part].pk, cast.users[part].name, via="page")

    def does(self, run: Any, *args: Any, **kwargs: Any) -> Any:
        """Do a step in this person's reach; returns what it returns."""
        with in_reach(self.cast.reach(self.part)):
            return run(*args, by=self.by, **kwargs)
