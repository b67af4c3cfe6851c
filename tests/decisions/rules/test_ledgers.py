"""The checks of a school's ledgers: what was not decided, what was split, who reports nothing."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.decisions.rules.lawful import entry, release_book
from xianxue.decisions.rules import checks  # noqa: F401 - makes the 25 known
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.facts import Appointed, Contracted, School, Spent
from xianxue.decisions.rules.outcomes import get
from xianxue.kernel.checks.choices import Verdict
from xianxue.kernel.checks.outcomes import Outcome

LIMIT = 500_000
DAY = date(2024, 3, 1)


def spent(number: int, amount_fen: int, days: int = 0, **given_: Any) -> Spent:
    """A payment of some days after the first of March, to one shop."""
    facts: dict[str, Any] = {"kind": "supplies", "payee": "恒信商贸行"}
    return Spent(number, f"V{number}", DAY + timedelta(days=days), amount_fen=amount_fen, **{**facts, **given_})


def school(*payments: Spent, **given_: Any) -> School:
    """A primary school."""
    facts: dict[str, Any] = {
        "unit": 5, "school_type": "211", "today": date(2024, 9, 1), "edition": None, "entries": (), "contracts": (),
        "appointments": (), "proposed_on": (),
    }  # fmt: skip
    return School(payments=payments, **{**facts, **given_})


def said(code: str, it: School, book: RuleBook) -> Outcome:
    """What one check says of a school."""
    look = get(code).on_school
    assert look is not None
    return look(it, book)


def keys(code: str, it: School, book: RuleBook) -> list[str]:
    """What it found."""
    return [found.key for found in said(code, it, book).failures]


@pytest.mark.parametrize(
    ("row", "is_found"),
    [
        (spent(1, LIMIT), True),
        (spent(1, LIMIT - 1), False),
        (spent(1, LIMIT * 9, kind="wages"), False),
        (spent(1, LIMIT, proposal=3, decided_on=DAY), False),
        (spent(1, LIMIT, proposal=3, decided_on=DAY + timedelta(days=1)), True),
        (spent(1, LIMIT, proposal=3), True),
    ],
)
def test_a_payment_from_the_limit_on_needs_a_decision_before_it(row: Spent, is_found: bool, book: RuleBook) -> None:
    assert keys("C01", school(row), book) == (["payment:V1"] if is_found else [])


def test_a_schools_own_limit_holds_where_it_is_lower(book: RuleBook) -> None:
    own = entry(category="funds", threshold_fen=200_000, payment_kinds=frozenset({"supplies"}))
    assert keys("C01", school(spent(1, 200_000), entries=(own,)), book) == ["payment:V1"]
    higher = replace(own, threshold_fen=900_000)
    assert keys("C01", school(spent(1, LIMIT), entries=(higher,)), book) == ["payment:V1"]


def test_contracts_and_appointments_need_a_decision_too(book: RuleBook) -> None:
    contract = Contracted(4, "H4", DAY, "repair", "甲", LIMIT, None)
    post = Appointed(5, "任1", "某人", "教务处副主任", DAY)
    assert keys("C01", school(contracts=(contract,), appointments=(post,)), book) == [
        "contract:H4",
        "appointment:任1:5",
    ]


def test_four_invoices_of_which_one_is_excluded(book: RuleBook) -> None:
    part = LIMIT * 3 // 10
    rows = [spent(number, part, number * 10) for number in (1, 2, 3)]
    assert keys("C02", school(*rows, spent(4, part, 40)), book) == ["split:V1"]
    assert keys("C02", school(*rows, spent(4, part, 40, kind="utilities")), book) == []


@pytest.mark.parametrize(("days", "is_found"), [(90, True), (91, False)])
def test_the_window_is_ninety_days(days: int, is_found: bool, book: RuleBook) -> None:
    rows = (spent(1, LIMIT // 2), spent(2, LIMIT // 2, days))
    assert keys("C02", school(*rows), book) == (["split:V1"] if is_found else [])


def test_other_payees_and_decided_rows_are_no_split(book: RuleBook) -> None:
    half = LIMIT // 2
    assert keys("C02", school(spent(1, half), spent(2, half, 5, payee="另一家")), book) == []
    assert keys("C02", school(spent(1, half), spent(2, half, 5, proposal=3, decided_on=DAY)), book) == []


def test_one_long_run_is_told_once_and_two_are_told_twice(book: RuleBook) -> None:
    run = [spent(number, LIMIT * 6 // 10, number * 20) for number in range(6)]
    assert keys("C02", school(*run), book) == ["split:V0"]
    later = [spent(10 + number, LIMIT * 6 // 10, 400 + number * 20) for number in range(2)]
    assert keys("C02", school(*run, *later), book) == ["split:V0", "split:V10"]


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(1, LIMIT - 1)), max_size=12))
def test_a_split_is_found_where_a_window_reaches_the_limit(rows: list[tuple[int, int]]) -> None:
    book = release_book()
    payments = [spent(number, amount, day) for number, (day, amount) in enumerate(rows)]
    # Every window begins with a row: try them all.
    reached = any(
        sum(amount for day, amount in rows if first <= day <= first + 90) >= LIMIT
        and sum(first <= day <= first + 90 for day, _amount in rows) >= 2
        for first, _amount in rows
    )
    assert bool(keys("C02", school(*payments), book)) is reached


def test_a_term_with_payments_and_without_proposals(book: RuleBook) -> None:
    terms = ((date(2024, 2, 26), date(2024, 7, 5)),)
    paid = spent(1, 100, 30)
    assert keys("C25", school(paid, terms=terms), book) == ["silent:2024-02-26"]
    assert keys("C25", school(paid, terms=terms, proposed_on=(date(2024, 2, 1),)), book) == []
    assert keys("C25", school(terms=terms), book) == []


def test_what_cannot_be_looked_at_is_said(book: RuleBook) -> None:
    assert said("C01", school(), book).verdict == Verdict.SKIPPED
    assert said("C02", school(), book).verdict == Verdict.SKIPPED
    assert said("C25", school(), book).verdict == Verdict.SKIPPED
    without = replace(book, thresholds={})
    assert said("C01", school(spent(1, LIMIT)), without).reason == "规则里没有这类学校的限额。"


def test_a_payment_is_decided_through_its_contract(book: RuleBook) -> None:
    decided = Contracted(4, "H4", DAY, "repair", "甲", LIMIT * 2, None, 3, DAY - timedelta(days=1))
    rows = (
        spent(1, LIMIT, contract="H4"),
        spent(2, LIMIT // 2, 1, contract="H4"),
        spent(3, LIMIT // 2, 2, contract="H4"),
    )
    it = school(*rows, contracts=(decided,))
    assert (keys("C01", it, book), keys("C02", it, book)) == ([], [])
    undecided = replace(decided, proposal=None, decided_on=None)
    assert keys("C01", school(*rows, contracts=(undecided,)), book) == ["contract:H4"]


def test_an_entry_without_a_limit_holds_for_every_amount(book: RuleBook) -> None:
    every = entry(threshold_fen=None, payment_kinds=frozenset({"supplies"}))
    assert keys("C01", school(spent(1, 100), spent(2, 100, kind="repair"), entries=(every,)), book) == ["payment:V1"]


def test_a_split_over_several_kinds_to_one_payee_is_one(book: RuleBook) -> None:
    half = LIMIT // 2
    rows = (spent(1, half), spent(2, half, 5, kind="repair", payee="恒信 商贸行"))
    assert keys("C02", school(*rows), book) == ["split:V1"]


def test_naming_a_proposal_that_did_not_pass_does_not_hide_a_split(book: RuleBook) -> None:
    rows = (spent(1, LIMIT // 2, proposal=3), spent(2, LIMIT // 2, 5, proposal=3))
    assert keys("C02", school(*rows), book) == ["split:V1"]


def test_a_schools_own_lower_limit_is_split_below_too(book: RuleBook) -> None:
    own = entry(category="funds", threshold_fen=200_000, payment_kinds=frozenset({"supplies"}))
    it = school(spent(1, 110_000), spent(2, 110_000, 5), spent(3, 10_000, 6, kind="repair"), entries=(own,))
    assert keys("C02", it, book) == ["split:V1:supplies"]


def test_rows_of_one_kind_count_together_where_the_county_says_so(book: RuleBook) -> None:
    it = school(spent(1, LIMIT // 2), spent(2, LIMIT // 2, 5, payee="另一家"))
    assert keys("C02", it, book) == []
    setting = book.checks["C02"]
    stricter = replace(setting, parameters={**setting.parameters, "same_kind": 1})
    assert keys("C02", it, replace(book, checks={**book.checks, "C02": stricter})) == ["split-kind:supplies:V1"]


def test_wages_alone_are_no_silent_term(book: RuleBook) -> None:
    terms = ((date(2024, 2, 26), date(2024, 7, 5)),)
    assert said("C25", school(spent(1, 100, 30, kind="wages"), terms=terms), book).reason == "没有登记支出台账。"
    early = spent(1, 100, 30)
    assert keys("C25", school(early, terms=terms, proposed_on=(date(2024, 1, 25),)), book) == ["silent:2024-02-26"]
