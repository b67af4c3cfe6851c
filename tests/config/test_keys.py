"""Keys that are not those of the records stop the programs that write, before they write."""

import pytest
from django.core.management import CommandError, call_command
from pytest_django.fixtures import Settings

from tests.factories.people import IdentifierFactory
from xianxue.people.selectors import keys_problem

pytestmark = pytest.mark.django_db
COMMANDS = [("serve",), ("worker",), ("import_files", "x.xlsx")]


def test_an_empty_county_fits_any_key() -> None:
    assert keys_problem() is None


@pytest.mark.parametrize("kind", ["student_no", "id_card"])
def test_the_keys_of_the_records_fit(kind: str) -> None:
    IdentifierFactory(kind=kind)
    assert keys_problem() is None


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_another_digest_key_is_refused(command: tuple[str, ...], settings: Settings) -> None:
    IdentifierFactory()
    settings.DIGEST_KEY = b"\x07" * 32
    with pytest.raises(CommandError, match=r"^未启动：查找摘要密钥与数据库里的记录不符"):
        call_command(*command)


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
def test_another_seal_key_is_refused(command: tuple[str, ...], settings: Settings) -> None:
    IdentifierFactory()
    settings.SEAL_KEYS = {"t1": b"\x07" * 32}
    with pytest.raises(CommandError, match=r"^未启动：加密密钥与数据库里的记录不符"):
        call_command(*command)
