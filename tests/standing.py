"""The cast stands from test to test: its rows are made once, in a transaction around those of the tests.

A test that asks for the fixture `standing_cast` finds the rows and gets objects of its own; before a test that does not,
they are rolled back, so that it finds none. Making them took a short test as long as all the rest of it.
"""

import pickle
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import time_machine
from django.contrib.sessions.models import Session
from django.db import connection, transaction

from tests.cast import TODAY, Cast, make_cast
from xianxue.accounts.models import User


@dataclass
class Standing:
    """The transaction that holds the cast's rows, and the cast as it was made; both are empty while nothing stands."""

    block: Any = None
    made: bytes = b""

    def stand(self) -> None:
        """Make the rows, unless they are there. To be called outside a test's transaction."""
        if self.is_whole():
            return
        self.fall()
        block: Any = transaction.atomic()
        block._from_testcase = True  # so that what must be the outermost transaction may stand within
        block.__enter__()
        self.block = block
        with time_machine.travel(TODAY, tick=True):
            self.made = pickle.dumps(_signed_in(make_cast()))
        # What is checked at the end of a transaction is checked now, and not after each test.
        connection.check_constraints()

    def is_whole(self) -> bool:
        """Whether the transaction is still open: a test may have closed its connection."""
        return self.block is not None and connection.atomic_blocks == [self.block] and connection.is_usable()

    def fall(self) -> None:
        """Roll the rows back, if any stand."""
        block, self.block, self.made = self.block, None, b""
        if block is not None and connection.atomic_blocks[:1] == [block]:
            transaction.set_rollback(True)
            block.__exit__(None, None, None)

    def cast(self) -> Cast:
        """The people and places, as objects that nobody else has."""
        made: Cast = pickle.loads(self.made)
        return made


def _signed_in(cast: Cast) -> Cast:
    """The cast with a session for each of its people: signing in takes as long as drawing a short page."""
    cast.sessions = {part: str(cast.client(part).session.session_key) for part in cast.users}
    # Whatever day a test takes for today.
    Session.objects.update(expire_date=datetime(2999, 1, 1, tzinfo=UTC))
    # As if nobody had signed in before: a machine's account may be made of such a user alone.
    User.objects.update(last_login=None)
    for user in cast.users.values():
        user.last_login = None
    return cast
