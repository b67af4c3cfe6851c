"""The rules and code lists of the release: a test that empties the database takes them from whoever comes after it."""

import pytest


@pytest.fixture(autouse=True)
def release_data(request: pytest.FixtureRequest) -> None:
    """Bring them back where they are gone; nothing for tests that ask no database."""
    if not {"db", "transactional_db"} & set(request.fixturenames):
        return
    request.getfixturevalue("transactional_db" if "transactional_db" in request.fixturenames else "db")
    from xianxue.decisions.models import RuleSet  # noqa: PLC0415 - app ready
    from xianxue.decisions.services.rule_data import load_first_rules  # noqa: PLC0415 - app ready
    from xianxue.organisations.services import load_code_lists  # noqa: PLC0415 - app ready

    if not RuleSet.objects.exists():
        load_first_rules()
        load_code_lists()
