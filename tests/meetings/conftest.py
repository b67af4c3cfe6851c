"""What the tests of meetings share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest


@pytest.fixture
def cast(standing_cast: Any) -> Iterator[Any]:
    """The cast, in a reach over everything."""
    from xianxue.kernel.access import whole_county  # noqa: PLC0415 - app ready

    with whole_county("test"):
        yield standing_cast


@pytest.fixture
def ruled(monkeypatch: pytest.MonkeyPatch) -> Callable[[Any], None]:
    """Decide every item by these rules."""
    from xianxue.meetings.rules import provided  # noqa: PLC0415 - app ready

    def by(rules: Any) -> None:
        monkeypatch.setattr(provided, "_rules", [lambda _item: rules])
        monkeypatch.setattr(provided, "_blocks", [])
        monkeypatch.setattr(provided, "_when_done", [])
        monkeypatch.setattr(provided, "_when_dropped", [])
        monkeypatch.setattr(provided, "_when_changed", [])

    return by


@pytest.fixture
def seven(cast: Any, ruled: Callable[[Any], None]) -> Any:
    """A body of seven, more than half of whom must agree."""
    from tests.meetings.scene import RULES, scene_of  # noqa: PLC0415 - app ready

    ruled(RULES)
    return scene_of(cast, 7)
