"""What a check says: passed, failed because, skipped because."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import override

from xianxue.kernel.checks.choices import Certainty, Severity, Verdict


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that a check found. `key` names the thing within its subject; `inputs` is what the check saw.

    What a person judges are the inputs: a finding that was dismissed stays away while they are the same. They name
    whatever would make somebody judge otherwise (amounts, days, persons), and nothing that moves by itself (days passed).
    `severity` and `certainty` only where they differ from the check's own.
    """

    reason: str
    key: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity | None = None
    certainty: Certainty | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Passed, failed because, or skipped because. Made by `PASSED`, `failed`, `skipped`, `excepted`."""

    verdict: Verdict
    reason: str = ""
    failures: tuple[Failure, ...] = ()
    waived: bool = False


PASSED = Outcome(Verdict.PASSED)


def failed(*failures: Failure) -> Outcome:
    """Failed, with what was found; passed where nothing was."""
    if not failures:
        return PASSED
    return Outcome(Verdict.FAILED, "；".join(failure.reason for failure in failures), failures)


def skipped(reason: Any) -> Outcome:
    """Not checked, because. The reason is a sentence that the page shows."""
    return Outcome(Verdict.SKIPPED, str(reason))


class Standing:
    """A skip whose words name nothing and so are put together once: a night gives it a hundred thousand times.

    In the language of the installation: a run is kept, and compared with the next, whoever looks.
    """

    __slots__ = ("_outcome", "_reason")

    def __init__(self, reason: Any) -> None:
        """`reason`: lazy words, for the settings are not read when a check is declared."""
        self._reason = reason
        self._outcome: Outcome | None = None

    def __call__(self) -> Outcome:
        """Not checked, because."""
        if self._outcome is None:
            with override(settings.LANGUAGE_CODE):
                self._outcome = skipped(self._reason)
        return self._outcome


def excepted(reason: Any) -> Outcome:
    """Not checked, because a reasoned exception was made; whoever looks sees that it was one."""
    return Outcome(Verdict.SKIPPED, str(reason), waived=True)


def as_json(value: Any) -> Any:
    """The value as it will be read back from the database."""
    return json.loads(json.dumps(value, default=_plain, sort_keys=True))


def _plain(value: Any) -> Any:
    return sorted(value) if isinstance(value, (set, frozenset)) else str(value)


def facts_digest(inputs: Mapping[str, Any]) -> str:
    """Of what a check saw, to be compared with what somebody judged."""
    return hashlib.sha256(json.dumps(as_json(inputs), sort_keys=True).encode()).hexdigest()
