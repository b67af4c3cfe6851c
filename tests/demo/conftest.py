"""The counties that the tests of the demonstration look at; inventing a whole one takes some seconds."""

from pathlib import Path

import pytest

from xianxue.demo.county import build
from xianxue.demo.inventing import County, invent
from xianxue.demo.manifest import Manifest
from xianxue.demo.plan import load

SMALL = 0.01


@pytest.fixture(scope="session")
def whole() -> County:
    """The first county at full size, in memory."""
    return invent(load("wanzai"))


@pytest.fixture(scope="session")
def second() -> County:
    """The other county at full size, in memory."""
    return invent(load("second"))


@pytest.fixture(scope="session")
def small() -> County:
    """The first county at a hundredth."""
    return invent(load("wanzai", scale=SMALL))


@pytest.fixture(scope="session")
def sent(tmp_path_factory: pytest.TempPathFactory) -> Manifest:
    """The workbooks of the small county."""
    folder: Path = tmp_path_factory.mktemp("county")
    return build("wanzai", folder, scale=SMALL, say=lambda _line: None)
