"""What the checks of a school say, each row of the ledgers by the version of its day."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.checks.ledgers import decided
from xianxue.decisions.rules.facts import School
from xianxue.decisions.rules.outcomes import CHECKS, SCHOOL, SWITCHED_OFF
from xianxue.kernel.checks.choices import Verdict
from xianxue.kernel.checks.outcomes import Outcome
from xianxue.kernel.checks.running import run_checks

LEDGER_CHECKS = frozenset({"C01", "C02"})
"""They judge what was done on a day, by the rules of that day; the other checks of a school judge how it stands today."""


def by_version(school: School, books: Mapping[date, RuleBook]) -> dict[str, Outcome]:
    """What the checks of a school say, each row of the ledgers by the version of its day.

    `books`: the day from which each version holds → the version. A split over two versions is not seen as one.
    """
    starts = sorted((day for day in books if day <= school.today), reverse=True) or sorted(books)[:1]
    newest, *older = starts
    current = _between(school, newest if older else date.min, date.max)
    outcomes = _said(current, books[newest])
    # A version that has nothing to look at yet says nothing: what an older one says stands.
    silent = {code for code in LEDGER_CHECKS if not _rows_for(code, current)}
    until = newest
    for start in older:
        part = _between(school, start if start != older[-1] else date.min, until)
        past = _said(part, books[start])
        outcomes |= {
            code: past[code] if code in silent else _joined(outcomes[code], past[code])
            for code in LEDGER_CHECKS & past.keys()
        }
        silent -= {code for code in silent if _rows_for(code, part)}
        until = start
    return outcomes


def _rows_for(code: str, school: School) -> bool:
    """Whether there are rows for a check of the ledgers to look at."""
    others = (school.contracts, school.appointments) if code == "C01" else ()
    return any((school.payments, *others))


def _between(school: School, start: date, end: date) -> School:
    def inside(rows: Any) -> list[Any]:
        return [row for row in rows if start <= row.on < end]

    # A contract of an earlier version was decided for the payments of a later one too.
    return replace(
        school,
        decided_contracts=decided(school.contracts),
        payments=inside(school.payments),
        contracts=inside(school.contracts),
        appointments=inside(school.appointments),
    )


def _joined(newer: Outcome, older: Outcome) -> Outcome:
    if older.verdict != Verdict.FAILED:
        return newer
    known = {failure.key for failure in newer.failures}
    failures = (*newer.failures, *(failure for failure in older.failures if failure.key not in known))
    return Outcome(Verdict.FAILED, "；".join(failure.reason for failure in failures), failures)


def _said(school: School, book: RuleBook) -> dict[str, Outcome]:
    return run_checks(CHECKS.of(SCHOOL), school, book, SWITCHED_OFF)
