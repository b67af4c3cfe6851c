"""One check, and the checks of an app by their code. No table is needed to know them."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _t

from xianxue.kernel.checks.choices import Certainty, Severity
from xianxue.kernel.checks.outcomes import Outcome

Look = Callable[[Any, Any], Outcome]
"""A check as a pure function: the facts of one subject, the book; it never asks the database."""


@dataclass(frozen=True)
class Check:
    """One check: its code, name, gravity, whether the data decide, on what basis; and how it is done.

    `looks`: code of a kind of subject → the function. `severity` is that of the first rules; a book may say another.
    `is_basis_checked`: somebody compared the basis with the text of the rule; where not, `source` says so.
    """

    code: str
    label: Any
    severity: Severity
    certainty: Certainty
    basis: Any
    looks: Mapping[str, Look] = field(default_factory=dict)
    is_basis_checked: bool = False

    @property
    def group(self) -> str:
        """Under which heading the manual and the page put it; none."""
        return ""

    @property
    def source(self) -> str:
        """The basis in words, and whether it still has to be compared with the text."""
        return str(self.basis) if self.is_basis_checked else _t("%(basis)s（条款待核）") % {"basis": self.basis}


Kind = TypeVar("Kind", bound=Check)


class Checks(Generic[Kind]):
    """The checks of one app by their code."""

    def __init__(self) -> None:
        self._checks: dict[str, Kind] = {}
        self._by_kind: dict[str, tuple[tuple[str, Look], ...]] = {}

    def __iter__(self) -> Iterator[Kind]:
        """Every check, by its code."""
        return iter(self._checks.values())

    def register(self, check: Kind) -> Kind:
        """Make a check known. Raises ValueError when its code is taken, or it looks at nothing."""
        if check.code in self._checks or not check.looks:
            raise ValueError(f"Check {check.code!r} is taken or looks at nothing.")
        self.replace([*self._checks.values(), check])
        return check

    def replace(self, checks: Collection[Kind]) -> None:
        """These and no others."""
        self._checks = {check.code: check for check in sorted(checks, key=lambda check: check.code)}
        self._by_kind = {}

    def get(self, code: str) -> Kind:
        """The check of that code. Raises KeyError."""
        return self._checks[code]

    def of(self, kind: str) -> tuple[tuple[str, Look], ...]:
        """Code and function of the checks that look at subjects of a kind, by code."""
        # Put together once: a night asks for each of a hundred thousand subjects.
        if (looks := self._by_kind.get(kind)) is None:
            looks = self._by_kind[kind] = tuple(
                (check.code, check.looks[kind]) for check in self if kind in check.looks
            )
        return looks
