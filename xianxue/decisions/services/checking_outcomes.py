"""Running the checks over the facts, and what they said as plain values with a digest."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from xianxue.decisions.choices import Certainty, Severity, Verdict
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.checks.ledgers import decided
from xianxue.decisions.rules.facts import Case, School
from xianxue.decisions.rules.outcomes import Check, Failure, Outcome, all_checks, get, skipped

logger = logging.getLogger(__name__)
Outcomes = Mapping[str, Outcome]
LEDGER_CHECKS = frozenset({"C01", "C02"})
"""They judge what was done on a day, by the rules of that day; the other checks of a school judge how it stands today."""
KEY_LENGTH, REASON_LENGTH = 80, 300
_ENCODED = json.JSONEncoder(sort_keys=True, default=str).encode


def run_checks(case: Case, book: RuleBook) -> dict[str, Outcome]:
    """What every check of a proposal says. One that raises, is off, or has no settings says so; none is silent."""
    if case.is_withdrawn:
        gone = skipped(_("议题已经撤回。"))
        return {check.code: gone for check in all_checks() if check.on_case}
    return {check.code: _run(check, check.on_case, case, book) for check in all_checks() if check.on_case}


def run_school_checks(school: School, book: RuleBook) -> dict[str, Outcome]:
    """What every check of a school's ledgers and lists says."""
    return {check.code: _run(check, check.on_school, school, book) for check in all_checks() if check.on_school}


def _run(check: Check, look: Callable[[Any, RuleBook], Outcome], facts: Any, book: RuleBook) -> Outcome:
    setting = book.checks.get(check.code)
    if setting is None:
        return skipped(_("规则版本 %(version)s 没有设置这一项。") % {"version": book.version})
    if not setting.is_on:
        return skipped(_("县局在规则版本 %(version)s 中停用了这一项。") % {"version": book.version})
    try:
        return look(facts, book)
    except Exception as error:  # noqa: BLE001 - one faulty check must not silence the others; it says that it was not done
        # The kind alone: a message may quote the row.
        told = {
            "check": check.code,
            "kind": type(error).__name__,
            "unit": facts.unit,
            "subject": getattr(facts, "id", 0),
        }
        logger.error("a check raised", extra=told)  # noqa: TRY400 - the traceback may quote the row
        return skipped(_("检查出错，已记入系统日志，请联系系统管理员。"))


def by_version(school: School, books: Mapping[date, RuleBook]) -> dict[str, Outcome]:
    """What the checks of a school say, each row of the ledgers by the version of its day.

    `books`: the day from which each version holds → the version. A split over two versions is not seen as one.
    """
    starts = sorted((day for day in books if day <= school.today), reverse=True) or sorted(books)[:1]
    newest, *older = starts
    current = _between(school, newest if older else date.min, date.max)
    outcomes = run_school_checks(current, books[newest])
    # A version that has nothing to look at yet says nothing: what an older one says stands.
    silent = {code for code in LEDGER_CHECKS if not _rows_for(code, current)}
    until = newest
    for start in older:
        part = _between(school, start if start != older[-1] else date.min, until)
        past = run_school_checks(part, books[start])
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


@dataclass(frozen=True, slots=True)
class Found:
    """A failure as a finding keeps it."""

    check: str
    key: str
    reason: str
    severity: Severity
    certainty: Certainty
    parameters: Mapping[str, int]
    inputs: Mapping[str, Any]


def found(outcomes: Outcomes, book: RuleBook, subject: str = "") -> Iterator[Found]:
    """Every failure with its gravity; `subject` is put before its key: a proposal's number."""
    for code, outcome in outcomes.items():
        for failure in outcome.failures:
            yield _found(get(code), failure, book, subject)


def _found(check: Check, failure: Failure, book: RuleBook, subject: str) -> Found:
    setting = book.checks[check.code]
    return Found(
        check.code,
        _key("/".join(part for part in (subject, failure.key) if part)),
        failure.reason[:REASON_LENGTH],
        failure.severity or setting.severity,
        failure.certainty or check.certainty,
        setting.parameters,
        as_json(failure.inputs),
    )


def _key(text: str) -> str:
    """At most so many letters; a longer one ends in a digest, so that two long ones stay two."""
    if len(text) <= KEY_LENGTH:
        return text
    return f"{text[: KEY_LENGTH - 17]}…{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def as_json(value: Any) -> Any:
    """The value as it will be read back from the database."""
    return json.loads(json.dumps(value, default=_plain, sort_keys=True))


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, (set, frozenset)) else str(value)


def kept(outcomes: Outcomes) -> dict[str, Any]:
    """As a check run keeps them: `"passed"`, or what was found, or why not."""
    return {code: _kept(outcome) for code, outcome in outcomes.items()}


def _kept(outcome: Outcome) -> Any:
    if outcome.verdict == Verdict.PASSED and not outcome.reason:
        return "waived" if outcome.waived else "passed"
    plain: dict[str, Any] = {"verdict": str(outcome.verdict), "reason": outcome.reason}
    if outcome.waived:
        plain["waived"] = True
    if outcome.failures:
        plain["failures"] = [
            {"key": failure.key, "reason": failure.reason, "inputs": as_json(failure.inputs)}
            for failure in outcome.failures
        ]
    return plain


def digest_of(outcomes: Outcomes, book: RuleBook) -> str:
    """Of what was said, by which version; the same again writes nothing.

    Not of the words of a failure: they may count days, and a run a night would be kept of what did not change.
    """
    said = {
        code: [
            str(outcome.verdict),
            "" if outcome.failures else outcome.reason,
            outcome.waived,
            [
                [failure.key, failure.severity, failure.certainty, as_json(failure.inputs)]
                for failure in outcome.failures
            ],
        ]
        for code, outcome in outcomes.items()
        if outcome.verdict != Verdict.PASSED or outcome.waived
    }
    text = _ENCODED([book.version, sorted(outcomes), said])
    return hashlib.sha256(text.encode()).hexdigest()
