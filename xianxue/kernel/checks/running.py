"""Running the checks over the facts of one subject, and what they said as plain values with a digest."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from xianxue.kernel.checks.book import Book
from xianxue.kernel.checks.choices import Certainty, Severity, Verdict
from xianxue.kernel.checks.outcomes import Failure, Outcome, as_json, skipped

logger = logging.getLogger(__name__)
Outcomes = Mapping[str, Outcome]
KEY_LENGTH, REASON_LENGTH = 80, 300
_ENCODED = json.JSONEncoder(sort_keys=True, default=str).encode


def run_checks(
    looks: Iterable[tuple[str, Callable[[Any, Any], Outcome]]], facts: Any, book: Book, switched_off: Any
) -> dict[str, Outcome]:
    """What every check says of one subject. One that raises, is off, or has no settings says so; none is silent.

    `switched_off`: the words for one that the version switched off, with `%(version)s`.
    """
    return {code: _run(code, look, facts, book, switched_off) for code, look in looks}


def _run(code: str, look: Callable[[Any, Any], Outcome], facts: Any, book: Book, switched_off: Any) -> Outcome:
    setting = book.checks.get(code)
    if setting is None:
        return skipped(_("规则版本 %(version)s 没有设置这一项。") % {"version": book.version})
    if not setting.is_on:
        return skipped(switched_off % {"version": book.version})
    try:
        return look(facts, book)
    except Exception as error:  # noqa: BLE001 - one faulty check must not silence the others; it says that it was not done
        # The kind alone: a message may quote the row.
        seen = {
            "check": code,
            "kind": type(error).__name__,
            "unit": getattr(facts, "unit", 0),
            "subject": getattr(facts, "id", 0),
        }
        logger.error("a check raised", extra=seen)  # noqa: TRY400 - the traceback may quote the row
        return skipped(_("检查出错，已记入系统日志，请联系系统管理员。"))


@dataclass(frozen=True, slots=True)
class Failed:
    """A failure as a finding keeps it."""

    check: str
    key: str
    reason: str
    severity: Severity
    certainty: Certainty
    parameters: Mapping[str, int]
    inputs: Mapping[str, Any]


def failures_of(
    outcomes: Outcomes, certainties: Callable[[str], Certainty], book: Book, name: str = ""
) -> Iterator[Failed]:
    """Every failure with its gravity; `name` is put before its key: that of the subject."""
    for code, outcome in outcomes.items():
        for failure in outcome.failures:
            yield _failed(code, failure, certainties(code), book, name)


def _failed(code: str, failure: Failure, certainty: Certainty, book: Book, name: str) -> Failed:
    setting = book.checks[code]
    return Failed(
        code,
        _key("/".join(part for part in (name, failure.key) if part)),
        failure.reason[:REASON_LENGTH],
        failure.severity or setting.severity,
        failure.certainty or certainty,
        setting.parameters,
        as_json(failure.inputs),
    )


def _key(text: str) -> str:
    """At most so many letters; a longer one ends in a digest, so that two long ones stay two."""
    if len(text) <= KEY_LENGTH:
        return text
    return f"{text[: KEY_LENGTH - 17]}…{hashlib.sha256(text.encode()).hexdigest()[:16]}"


def kept(outcomes: Outcomes) -> dict[str, Any]:
    """As a run keeps them: `"passed"`, or what was found, or why not."""
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


def digest_of(outcomes: Outcomes, book: Book) -> str:
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
