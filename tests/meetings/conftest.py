"""What the tests of meetings share."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest


@pytest.fixture
def cast(db: None) -> Iterator[Any]:
    """The cast, in a reach over everything."""
    from tests.cast import make_cast  # noqa: PLC0415 - app ready
    from xianxue.kernel.access import whole_county  # noqa: PLC0415 - app ready

    made = make_cast()
    with whole_county("test"):
        yield made


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
