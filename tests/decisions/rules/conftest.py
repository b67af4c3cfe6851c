"""The rules of the release."""

import pytest

from tests.decisions.rules.lawful import release_book
from xianxue.decisions.rules.book import RuleBook


@pytest.fixture
def book() -> RuleBook:
    """The first version."""
    return release_book()
