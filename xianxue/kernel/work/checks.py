"""Checks of declared sources, run when the application starts."""

from collections.abc import Iterator
from typing import Any

from django.core.checks import CheckMessage, Error

from xianxue.kernel.access.grants import NobodyGrant
from xianxue.kernel.ui.systems import systems
from xianxue.kernel.work.declaration import WorkSource, all_sources


def check_sources(**_kwargs: Any) -> list[CheckMessage]:
    """Wrong declarations, each with how it is mended."""
    return [message for item in all_sources() for message in _wrong(item)]


def _wrong(item: WorkSource) -> Iterator[CheckMessage]:
    named = type(item).__name__
    for kind in item.kinds():
        if kind.system not in systems():
            yield Error(f"{named}: no system is called {kind.system!r}.", hint=", ".join(systems()), id="work.E001")
    asks_itself = type(item).of_actor is not WorkSource.of_actor
    if not asks_itself and not item.user and isinstance(item.acts, NobodyGrant):
        yield Error(f"{named} waits for nobody.", hint="Give it `acts`, or `user`.", id="work.E002")
