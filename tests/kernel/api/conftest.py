"""The stage of the contracts, with programs on it."""

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

import pytest
import time_machine

if TYPE_CHECKING:
    from tests.cast import Cast
    from tests.contracts.stage import Stage


@pytest.fixture
def stage(standing_cast: "Cast") -> "Iterator[Stage]":
    from tests.contracts.stage import Stage  # noqa: PLC0415 - app ready

    with time_machine.travel(date(2024, 10, 15), tick=True):
        yield Stage(standing_cast)
