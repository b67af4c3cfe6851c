"""A school's list against the county's model: as strict or stricter, never weaker."""

from dataclasses import replace
from typing import Any

import pytest

from xianxue.decisions.rules.facts import Entry
from xianxue.decisions.rules.lists import as_strict, departures
from xianxue.meetings.rules.majority import Base, Fraction

HALF = Fraction(1, 2, True, Base.ROSTER)
MAJORITIES = {
    "default:party": HALF,
    "default:administration": HALF,
    "two_thirds": Fraction(2, 3, False, Base.ROSTER),
    "half_present": Fraction(1, 2, True, Base.PRESENT),
}
LIMIT = 500_000
MODEL = Entry(
    code="F01", name="大额采购", category="funds", chain=("administration", "party"),
    preparations=frozenset({"research", "integrity"}), majority="", is_important=True, is_staff_interest=True,
    threshold_fen=400_000, payment_kinds=frozenset({"equipment"}), filing_days=3, publication_days=5,
)  # fmt: skip


def found(own: list[Entry], model: Entry = MODEL, limit: int | None = LIMIT) -> list[tuple[str, bool]]:
    return [(one.text, one.is_firm) for one in departures(own, [model], MAJORITIES, limit)]


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"name": "大额采购（含食堂）", "preparations": frozenset({"research", "integrity", "legal"})},
        {"chain": ("administration", "congress", "party"), "majority": "two_thirds"},
        {"threshold_fen": 100_000, "filing_days": 5, "publication_days": 7},
        {"threshold_fen": None, "payment_kinds": frozenset({"equipment", "digital"})},
    ],
)
def test_the_same_and_more_is_right(more: dict[str, Any]) -> None:
    assert found([replace(MODEL, **more)]) == []


@pytest.mark.parametrize(
    ("less", "text"),
    [
        ({"threshold_fen": 400_001}, "限额不能高于范本的 4,000.00 元"),
        ({"chain": ("party",)}, "会议顺序应包括 校长办公会议 → 党组织会议，由最后一个会议决定"),
        ({"chain": ("party", "administration")}, "会议顺序应包括 校长办公会议 → 党组织会议，由最后一个会议决定"),
        (
            {"chain": ("administration", "party", "congress")},
            "会议顺序应包括 校长办公会议 → 党组织会议，由最后一个会议决定",
        ),
        ({"majority": "half_present"}, "表决规则低于范本"),
        ({"category": "project"}, "类别应为“大额资金使用”"),
        ({"is_important": False}, "应为重要事项"),
        ({"is_staff_interest": False}, "应为涉及教职工切身利益的事项"),
        ({"payment_kinds": frozenset()}, "少了对应的支出类别"),
        ({"filing_days": 2}, "会前报备不能少于 3 个工作日"),
        ({"filing_days": None}, "会前报备不能少于 3 个工作日"),
        ({"publication_days": 4}, "公示不能少于 5 个工作日"),
    ],
)
def test_less_is_firm(less: dict[str, Any], text: str) -> None:
    assert found([replace(MODEL, **less)]) == [(text, True)]


def test_a_preparation_that_is_left_out_needs_a_reason_only() -> None:
    assert found([replace(MODEL, preparations=frozenset({"research"}))]) == [("少了前置程序：廉洁性审查", False)]


def test_an_amount_where_the_model_has_none() -> None:
    every = replace(MODEL, threshold_fen=None)
    assert found([MODEL], every) == [("范本不论金额都要上会，不能另设限额", True)]
    assert found([every], every) == []


def test_an_entry_of_the_model_that_is_missing() -> None:
    assert found([]) == [("范本里的事项没有列入", True)]


def test_what_a_school_adds_must_make_sense() -> None:
    own = replace(MODEL, code="X01", chain=(), majority="unknown", threshold_fen=LIMIT + 1)
    texts = ["没有写会议顺序", "县局规则里没有这种表决规则", "限额不能高于县局规定的 5,000.00 元"]
    assert found([MODEL, own]) == [(text, True) for text in texts]
    assert found([MODEL, replace(own, chain=("party",), majority="", threshold_fen=LIMIT)]) == []
    assert found([MODEL, replace(MODEL, code="X02", chain=("party", "party"))]) == [("同一种会议写了两次", True)]


def test_without_a_limit_of_the_county_only_the_model_counts() -> None:
    high = replace(MODEL, threshold_fen=900_000)
    assert found([high], high, None) == []
    assert found([high], high, 500_000) == [("限额不能高于县局规定的 5,000.00 元", True)]


def test_a_stricter_model_asks_for_its_own_majority() -> None:
    model = replace(MODEL, majority="two_thirds")
    assert found([replace(model, majority="")], model) == [("表决规则低于范本", True)]


@pytest.mark.parametrize("rule", MAJORITIES.values())
@pytest.mark.parametrize(
    "other", [*MAJORITIES.values(), Fraction(1, 2, False, Base.ROSTER), Fraction(1, 1, False, Base.VALID)]
)
def test_as_strict_means_that_nothing_passes_one_and_fails_the_other(rule: Fraction, other: Fraction) -> None:
    """By trying every size of a body up to twelve, everybody who came having voted validly or not."""
    if not as_strict(rule, other):
        return
    for roster in range(1, 13):
        for present in range(1, roster + 1):
            for yes in range(present + 1):
                of = {Base.ROSTER: roster, Base.PRESENT: present, Base.VALID: present}
                if rule.reached(yes, of[rule.base]):
                    assert other.reached(yes, of[other.base])


def test_which_are_as_strict() -> None:
    half_or_more = Fraction(1, 2, False, Base.ROSTER)
    assert as_strict(HALF, half_or_more)
    assert not as_strict(half_or_more, HALF)
    assert as_strict(HALF, HALF)
    assert as_strict(MAJORITIES["two_thirds"], HALF)
    assert as_strict(HALF, MAJORITIES["half_present"])
    assert not as_strict(MAJORITIES["half_present"], HALF)
