"""One chain of middleware for the clients of a process, as for the requests of a server.

Django's test client makes a chain of its own, and with it a list of all static files: a third of a short test.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.core.handlers.base import BaseHandler
from django.test.client import ClientHandler
from django.test.signals import setting_changed

MADE = ("_view_middleware", "_template_response_middleware", "_exception_middleware", "_middleware_chain")


class Chain:
    """What the first client made, until a setting changes: middleware reads settings when it is made."""

    def __init__(self) -> None:
        self.made: dict[str, Any] = {}

    def give(self, handler: ClientHandler, is_async: bool = False) -> None:
        """Put the chain into a client's handler, in place of Django's `load_middleware`."""
        if not self.made:
            maker = ClientHandler()
            BaseHandler.load_middleware(maker, is_async)
            self.made = {name: getattr(maker, name) for name in MADE}
        vars(handler).update(self.made)

    def forget(self, **_setting: Any) -> None:
        """Let the next client make it anew; called with a setting that changed."""
        self.made = {}


@contextmanager
def shared() -> Iterator[None]:
    """While this lasts, clients share their middleware."""
    chain = Chain()
    setting_changed.connect(chain.forget)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ClientHandler, "load_middleware", lambda handler, is_async=False: chain.give(handler, is_async))
        yield
    setting_changed.disconnect(chain.forget)
