"""Fractions of people, in whole numbers: how many must come, how many must agree.

“以上” includes the number, “超过” excludes it (民法典第一千二百五十九条): 半数以上 of six is three, 超过半数 of six is four.
Nothing here divides, so nothing rounds.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Base(StrEnum):
    """Of whom a fraction is taken."""

    ROSTER = "roster"
    """应到: all members on that day."""
    PRESENT = "present"
    """实到: members who came."""
    VALID = "valid"
    """有效票: ballots that say yes, no or abstain."""


@dataclass(frozen=True, slots=True)
class Fraction:
    """`num`/`den` of `base`; `strict`: more than (超过), otherwise at least (以上). Raises ValueError for an odd fraction."""

    num: int
    den: int
    strict: bool
    base: Base

    def __post_init__(self) -> None:
        if not 0 < self.num <= self.den or (self.strict and self.num == self.den):
            raise ValueError(f"{self.num}/{self.den} is not a fraction that can be reached.")

    def needed(self, of: int) -> int:
        """How many of `of` reach it: the least whole number."""
        whole = self.num * of
        return whole // self.den + 1 if self.strict else -(-whole // self.den)

    def reached(self, count: int, of: int) -> bool:
        """Whether `count` of `of` reach it. Nobody of nobody does not."""
        if of <= 0:
            return False
        return count * self.den > self.num * of if self.strict else count * self.den >= self.num * of

    def as_dict(self) -> dict[str, Any]:
        """For a snapshot."""
        return {"num": self.num, "den": self.den, "strict": self.strict, "base": str(self.base)}

    @classmethod
    def of(cls, given: Mapping[str, Any]) -> "Fraction":
        """From data. Raises KeyError, ValueError."""
        return cls(int(given["num"]), int(given["den"]), bool(given["strict"]), Base(given["base"]))


@dataclass(frozen=True, slots=True)
class Count:
    """A vote as counted: ballots by what they say, and the people behind them."""

    yes: int
    no: int
    abstain: int
    invalid: int
    roster: int
    present: int

    @property
    def valid(self) -> int:
        """Ballots that say something."""
        return self.yes + self.no + self.abstain

    @property
    def cast(self) -> int:
        """Ballots handed in."""
        return self.valid + self.invalid


def passes(count: Count, rule: Fraction) -> bool:
    """Whether the yes votes reach the rule."""
    of = {Base.ROSTER: count.roster, Base.PRESENT: count.present, Base.VALID: count.valid}[rule.base]
    return rule.reached(count.yes, of)
