"""The cast, in a reach over everything."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def cast(standing_cast: Any) -> Iterator[Any]:
    from xianxue.kernel.access import whole_county  # noqa: PLC0415 - app ready

    with whole_county("test"):
        yield standing_cast
