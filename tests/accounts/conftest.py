"""A provider that lies as a test asks for, configured as the county's own."""

from collections.abc import Iterator

import pytest

from tests.accounts.providers import CrookedProvider, crooked_provider


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    from xianxue.accounts.services.provider import wire  # noqa: PLC0415 - app ready

    wire.forget()
    yield
    wire.forget()


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[CrookedProvider]:
    from tests.accounts.trips import configure  # noqa: PLC0415 - app ready

    with crooked_provider() as found:
        configure(monkeypatch, found.issuer)
        found.claims["preferred_username"] = "zhang"
        yield found
