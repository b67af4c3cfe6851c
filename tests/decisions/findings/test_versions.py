"""The ledgers by the version of each row's day: what an earlier version decided is not forgotten by a later one."""

from dataclasses import replace
from datetime import date

from tests.decisions.rules.lawful import release_book
from tests.decisions.rules.test_ledgers import LIMIT, school, spent
from xianxue.decisions.rules.facts import Contracted, School
from xianxue.decisions.rules.versions import by_version
from xianxue.kernel.checks.choices import Verdict

FIRST, SECOND = date(2024, 1, 1), date(2024, 6, 1)


def keys(code: str, it: School) -> list[str]:
    """What a check finds under two versions."""
    book = release_book()
    return [one.key for one in by_version(it, {FIRST: book, SECOND: replace(book, version="2024-2")})[code].failures]


def test_a_contract_decided_under_the_old_version_covers_payments_under_the_new_one() -> None:
    contract = Contracted(4, "H4", date(2024, 3, 1), "repair", "甲", LIMIT * 2, None, 3, date(2024, 2, 28))
    paid = spent(1, LIMIT, 120, contract="H4")
    assert paid.on >= SECOND
    assert keys("C01", school(paid, contracts=(contract,))) == []
    assert keys("C01", school(paid, contracts=(replace(contract, decided_on=None),))) == ["payment:V1", "contract:H4"]


def test_while_a_new_version_has_no_rows_the_old_one_speaks() -> None:
    book = release_book()
    books = {FIRST: book, SECOND: replace(book, version="2024-2")}
    small, large = spent(1, 100), spent(2, LIMIT)
    for code in ("C01", "C02"):
        assert by_version(school(small), books)[code].verdict == Verdict.PASSED
    assert by_version(school(large), books)["C01"].verdict == Verdict.FAILED
    assert by_version(school(), books)["C01"].verdict == Verdict.SKIPPED
    later = spent(3, 100, 120)
    assert by_version(school(later), books)["C01"].verdict == Verdict.PASSED
    assert keys("C01", school(large, later)) == ["payment:V2"]
