"""The cast, and people of it who do steps."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def cast(standing_cast: Any) -> Iterator[Any]:
    """The cast, in a reach over everything."""
    from xianxue.kernel.access import whole_county  # noqa: PLC0415 - app ready

    with whole_county("test"):
        yield standing_cast


@pytest.fixture
def recorder(cast: Any) -> Any:
    """The first school's recorder."""
    from tests.decisions.after.desk import Desk  # noqa: PLC0415 - app ready

    return Desk(cast, "recorder")


@pytest.fixture
def secretary(cast: Any) -> Any:
    """Its secretary."""
    from tests.decisions.after.desk import Desk  # noqa: PLC0415 - app ready

    return Desk(cast, "secretary")
