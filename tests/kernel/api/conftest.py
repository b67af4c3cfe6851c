"""The stage of the contracts, with programs on it."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import pytest
import time_machine

if TYPE_CHECKING:
    from tests.contracts.stage import Stage


@pytest.fixture
def stage(db: None) -> "Iterator[Stage]":
    from tests.cast import make_cast  # noqa: PLC0415 - app ready
    from tests.contracts.stage import Stage  # noqa: PLC0415 - app ready

    with time_machine.travel(date(2024, 10, 15), tick=True):
        yield Stage(make_cast())
