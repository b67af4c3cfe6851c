"""The county's rules of one version, read from data: fractions, amounts, days, exclusions, parameters of the checks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from xianxue.kernel.checks.book import CheckSetting
from xianxue.meetings.rules.majority import Fraction


@dataclass(frozen=True, slots=True)
class RuleBook:
    """One version of the rules.

    `quorum`, `important_quorum`: body kind → fraction of the roster that must come; `majorities`: code → fraction of
    the yes votes, with `default` for each body kind as `default:party`; `thresholds`: school type → 分 from which on,
    inclusive, a payment must have been decided; `excluded`: kinds of payments that need no decision; `checks`: by code.
    """

    version: str
    quorum: Mapping[str, Fraction]
    important_quorum: Mapping[str, Fraction]
    majorities: Mapping[str, Fraction]
    thresholds: Mapping[str, int]
    filing_threshold_fen: int
    excluded: frozenset[str]
    checks: Mapping[str, CheckSetting]

    def quorum_of(self, body_kind: str, *, is_important: bool) -> Fraction | None:
        """How many must come; None where the version has no rule for the body."""
        found = self.important_quorum.get(body_kind) if is_important else None
        return found or self.quorum.get(body_kind)

    def majority_of(self, code: str, body_kind: str) -> Fraction | None:
        """How many must agree: the entry's own rule, or the body's."""
        return self.majorities.get(code) if code else self.majorities.get(f"default:{body_kind}")

    def judged_as(self, kinds: Sequence[str], chain: Sequence[str]) -> str:
        """The kind of body by whose rules a meeting decides: `kinds` are its own and those in whose stead it stands.

        Of the stages of the chain that it takes, the last: where one meeting takes several, that one decides. Outside
        the chain its own kind, or the first in whose stead it stands and that has rules.
        """
        taken = [kind for kind in reversed(chain) if kind in kinds and kind in self.quorum]
        known = [kind for kind in kinds if kind in self.quorum]
        return next(iter((*taken, *known, *kinds)))

    def threshold_of(self, school_type: str) -> int | None:
        """The amount from which on a payment must have been decided; None where the version names none."""
        return self.thresholds.get(school_type, self.thresholds.get("default"))

    def number(self, check: str, name: str) -> int:
        """A parameter of a check. Raises KeyError when the version has none."""
        return self.checks[check].parameters[name]

    @classmethod
    def of(cls, version: str, given: Mapping[str, Any]) -> "RuleBook":
        """From a RuleSet's `rules`. Raises KeyError, ValueError when something is missing or makes no sense."""
        return cls(
            version=version,
            quorum={kind: Fraction.of(one) for kind, one in given["quorum"].items()},
            important_quorum={kind: Fraction.of(one) for kind, one in given["important_quorum"].items()},
            majorities={code: Fraction.of(one) for code, one in given["majorities"].items()},
            thresholds={kind: int(amount) for kind, amount in given["thresholds"].items()},
            filing_threshold_fen=int(given["filing_threshold_fen"]),
            excluded=frozenset(given["excluded"]),
            checks={code: CheckSetting.of(one) for code, one in given["checks"].items()},
        )
