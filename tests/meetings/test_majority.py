"""Fractions of people against exact fractions: whatever the numbers, nothing rounds."""

import fractions

from hypothesis import given
from hypothesis import strategies as st

from xianxue.meetings.rules.majority import Base, Count, Fraction, passes

PARTS = st.tuples(st.integers(1, 12), st.integers(1, 12)).filter(lambda parts: parts[0] < parts[1])


@given(PARTS, st.booleans(), st.integers(0, 500), st.integers(1, 500))
def test_reached_as_exact_fractions_say(parts: tuple[int, int], strict: bool, count: int, of: int) -> None:
    share, wanted = fractions.Fraction(count, of), fractions.Fraction(*parts)
    rule = Fraction(*parts, strict=strict, base=Base.ROSTER)
    assert rule.reached(count, of) is (share > wanted if strict else share >= wanted)


@given(PARTS, st.booleans(), st.integers(1, 500))
def test_needed_is_the_least_that_reaches(parts: tuple[int, int], strict: bool, of: int) -> None:
    rule = Fraction(*parts, strict=strict, base=Base.ROSTER)
    needed = rule.needed(of)
    assert rule.reached(needed, of)
    assert not rule.reached(needed - 1, of)


@given(st.integers(0, 9), st.integers(0, 9), st.integers(0, 9), st.integers(0, 9))
def test_of_whom_the_fraction_is_taken(yes: int, no: int, abstain: int, away: int) -> None:
    cast = yes + no + abstain
    count = Count(yes, no, abstain, 0, roster=cast + away, present=cast)
    for base, of in ((Base.ROSTER, cast + away), (Base.PRESENT, cast), (Base.VALID, cast)):
        assert passes(count, Fraction(1, 2, strict=True, base=base)) is (2 * yes > of)
