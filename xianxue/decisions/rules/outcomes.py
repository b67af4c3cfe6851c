"""What a check says, and the checks themselves as a registry."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from xianxue.decisions.choices import Certainty, Phase, Severity, Verdict
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.facts import Case, School


@dataclass(frozen=True, slots=True)
class Failure:
    """One thing that a check found. `key` names the thing within its subject; `inputs` is what the check saw.

    `severity` and `certainty` only where they differ from the check's own.
    """

    reason: str
    key: str = ""
    inputs: Mapping[str, Any] = field(default_factory=dict)
    severity: Severity | None = None
    certainty: Certainty | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """Passed, failed because, or skipped because. Made by `passed`, `failed`, `skipped`."""

    verdict: Verdict
    reason: str = ""
    failures: tuple[Failure, ...] = ()
    waived: bool = False


PASSED = Outcome(Verdict.PASSED)


def failed(*failures: Failure) -> Outcome:
    """Failed, with what was found; passed where nothing was."""
    if not failures:
        return PASSED
    return Outcome(Verdict.FAILED, "；".join(found.reason for found in failures), failures)


def skipped(reason: Any) -> Outcome:
    """Not checked, because. The reason is a sentence that the page shows."""
    return Outcome(Verdict.SKIPPED, str(reason))


class Standing:
    """A skip whose words name nothing and so are put together once: a night gives it a hundred thousand times.

    In the language of the installation: a run is kept, and compared with the next, whoever looks.
    """

    __slots__ = ("_reason", "_said")

    def __init__(self, reason: Any) -> None:
        """`reason`: lazy words, for the settings are not read when a check is declared."""
        self._reason = reason
        self._said: Outcome | None = None

    def __call__(self) -> Outcome:
        """Not checked, because."""
        if self._said is None:
            with override(settings.LANGUAGE_CODE):
                self._said = skipped(self._reason)
        return self._said


def excepted(reason: Any) -> Outcome:
    """Not checked, because a reasoned exception was made; whoever looks sees that it was one."""
    return Outcome(Verdict.SKIPPED, str(reason), waived=True)


CaseCheck = Callable[[Case, RuleBook], Outcome]
SchoolCheck = Callable[[School, RuleBook], Outcome]


@dataclass(frozen=True, slots=True)
class Check:
    """One of the 25: its number, name, phase, gravity, whether the data decide, on what basis; and how it is done.

    `is_basis_checked`: somebody compared the basis with the text of the rule; where not, `source` says so.
    """

    code: str
    label: Any
    phase: Phase
    severity: Severity
    certainty: Certainty
    basis: Any
    on_case: CaseCheck | None = None
    on_school: SchoolCheck | None = None
    is_basis_checked: bool = False

    @property
    def source(self) -> str:
        """The basis in words, and whether it still has to be compared with the text."""
        return str(self.basis) if self.is_basis_checked else _("%(basis)s（条款待核）") % {"basis": self.basis}


_checks: dict[str, Check] = {}


def register(check: Check) -> Check:
    """Make a check known. Raises ValueError when its code is taken, or it looks at nothing."""
    if check.code in _checks or (check.on_case is None and check.on_school is None):
        raise ValueError(f"Check {check.code!r} is taken or looks at nothing.")
    _checks[check.code] = check
    # Put in order once, for a night asks for all of them two hundred thousand times.
    in_order = sorted(_checks.items())
    _checks.clear()
    _checks.update(in_order)
    return check


def all_checks() -> Iterator[Check]:
    """Every check, by its number."""
    return iter(_checks.values())


def get(code: str) -> Check:
    """The check of that code. Raises KeyError."""
    return _checks[code]
