"""The cast, people of it who do steps, and the bodies of the first school."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone


@pytest.fixture
def cast(standing_cast: Any) -> Iterator[Any]:
    """The cast, in a reach over everything."""
    from xianxue.kernel.access import whole_county  # noqa: PLC0415 - app ready

    with whole_county("test"):
        yield standing_cast


@pytest.fixture
def desks(cast: Any) -> Any:
    """Part → somebody who does steps."""
    from tests.decisions.after.desk import Desk  # noqa: PLC0415 - app ready

    return {part: Desk(cast, part) for part in cast.users}


@pytest.fixture
def bodies(cast: Any) -> Any:
    """Kind → a body of the first school: five in the party organisation, three in the administration."""
    from tests.decisions.before.room import body_of  # noqa: PLC0415 - app ready

    return {kind: body_of(cast, kind, size) for kind, size in (("party", 5), ("administration", 3))}


@pytest.fixture
def soon() -> datetime:
    """Two weeks from now, so that nothing asked for beforehand is late."""
    return timezone.now() + timedelta(days=14)
