"""The suite over building projects, a project of the first school, and somebody who does a step."""

from collections.abc import Iterator
from typing import Any

import pytest


@pytest.fixture
def cast(standing_cast: Any) -> Any:
    return standing_cast


@pytest.fixture
def suite(cast: Any) -> Iterator[Any]:
    from tests.kernel.checks import spending  # noqa: PLC0415 - app ready: declares commands
    from tests.kernel.checks.desk import TODAY  # noqa: PLC0415 - app ready
    from xianxue.kernel.procedures import clock  # noqa: PLC0415 - app ready

    with spending.registered() as declared, clock.acting_on(TODAY):
        yield declared


@pytest.fixture
def desk(cast: Any, suite: Any) -> Any:
    """A thousand yuan planned for a project of the first school, a thousand and two hundred paid."""
    from tests.factories.projects import CapitalProjectFactory, ProjectFundingFactory  # noqa: PLC0415 - app ready
    from tests.kernel.checks.desk import Desk  # noqa: PLC0415 - app ready

    project = CapitalProjectFactory(unit=cast.first_primary.unit, code="2024-101")
    money = ProjectFundingFactory(project=project, planned_fen=1_000_00, paid_fen=1_200_00)
    return Desk(cast, suite, money)
