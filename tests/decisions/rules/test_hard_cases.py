"""What is easily got wrong: what was put off, what cannot be judged, who stands in, bodies of every size, facts that lack."""

import itertools
from collections.abc import Callable
from dataclasses import fields
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.decisions.rules.lawful import (
    FIRST,
    SECOND,
    TODAY,
    YUAN,
    case,
    entry,
    prepared,
    release_book,
    replace,
    sitting,
    voted,
    with_last,
    without,
)
from tests.decisions.rules.test_checks import absent, congress, failing, outcomes
from xianxue.decisions.rules import checks  # noqa: F401 - makes the 25 known
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.facts import Case, Edition, Left, Published, Sitting
from xianxue.kernel.checks.choices import Severity, Verdict
from xianxue.kernel.checks.outcomes import Outcome

SIZES = (3, 5, 6, 7, 9)


def said(code: str, it: Case, book: RuleBook) -> Outcome:
    """What one check says."""
    return outcomes(it, book)[code]


def test_what_was_only_put_off_is_judged_by_no_check_of_the_decision(book: RuleBook) -> None:
    off = sitting("administration", FIRST, outcome="postponed", vote=None, opinions=())
    it = case(
        sittings=(off,), preparations=(), is_passed=None, decided_on=None, archived_on=None, tasks=(), publications=(),
        payments=(), contracts=(),
    )  # fmt: skip
    found = outcomes(it, book)
    assert failing(it, book) == set()
    for code in ("C04", "C05", "C06", "C07", "C10", "C11", "C12", "C13", "C14", "C15", "C16", "C17", "C18", "C19"):
        assert (found[code].verdict, found[code].reason) == (Verdict.SKIPPED, "上过会，还没有作出决定。")


def test_what_was_missing_when_it_was_put_off_and_there_when_it_was_decided_is_no_fault(book: RuleBook) -> None:
    off = sitting("administration", date(2024, 4, 8), outcome="postponed", vote=None, attendees=())
    assert failing(case(sittings=(off, *case().sittings)), book) == set()


def test_a_congress_that_said_no_is_no_consent(book: RuleBook) -> None:
    heard, *others = congress(50, 20).sittings
    said_no = replace(heard, outcome="rejected", vote=voted((), yes=20, no=30, roster=60, present=50, is_passed=False))
    it = replace(congress(50, 40), sittings=(said_no, *others))
    assert said("C06", it, book).reason == "教代会没有通过，仍然作了决定。"
    assert said("C06", congress(50, 40), book).verdict == Verdict.PASSED


def test_a_congress_after_the_decision_is_too_late(book: RuleBook) -> None:
    heard = congress(50, 40).sittings[0]
    listed = entry(is_staff_interest=True, chain=("administration", "party"))
    late = replace(heard, starts_at=heard.starts_at + timedelta(days=30))
    assert "作出决定以后才提交教代会" in said("C06", case(entry=listed, sittings=(*case().sittings, late)), book).reason


@pytest.mark.parametrize(
    ("proposed", "is_found"), [(date(2025, 1, 10), False), (date(2025, 1, 11), True), (date(2025, 2, 5), True)]
)
def test_a_list_is_good_for_twelve_months_to_the_day(proposed: date, is_found: bool, book: RuleBook) -> None:
    assert ("C03" in failing(case(proposed_on=proposed, today=proposed), book)) is is_found


def test_a_list_that_was_replaced_is_stale(book: RuleBook) -> None:
    old = Edition("1", date(2024, 1, 1), date(2024, 1, 5), date(2024, 1, 5), date(2024, 3, 31))
    assert "已经失效" in said("C03", case(edition=old), book).reason


def test_an_exception_is_skipped_and_marked(book: RuleBook) -> None:
    it = replace(
        without(case(), "research"), entry=entry(preparations=frozenset({"research"})), waived=frozenset({"research"})
    )
    found = said("C04", it, book)
    assert (found.verdict, found.waived, found.reason) == (Verdict.SKIPPED, True, "已作例外处理。")
    unlisted = said("C03", case(entry=None, waived=frozenset({"listed"})), book)
    assert (unlisted.verdict, unlisted.waived) == (Verdict.SKIPPED, True)


def test_papers_that_were_never_sent_are_missed(book: RuleBook) -> None:
    assert "没有会议材料" in said("C08", with_last(case(), materials_at=None), book).reason


@pytest.mark.parametrize("category", ["appointment", "funds"])
def test_personnel_and_money_want_three_days_and_no_surprise(category: str, book: RuleBook) -> None:
    it = case(category=category, entry=entry(category=category))
    notice = it.sittings[-1].starts_at - timedelta(hours=71)
    two_days = with_last(it, noticed_at=notice, materials_at=notice, added_at=notice)
    assert "C08" in failing(two_days, book)
    assert "C08" not in failing(replace(two_days, category="project", entry=entry()), book)
    added = with_last(
        it, added_at=it.sittings[-1].starts_at - timedelta(hours=1), late_reason="汛期", late_approved_by="甲"
    )
    assert [one.severity for one in said("C09", added, book).failures] == [Severity.GRAVE]


def test_numbers_that_are_not_known_are_not_zero(book: RuleBook) -> None:
    party = sitting("party", SECOND, 0, counts_only=True, vote=voted((), yes=5, roster=7, present=6))
    found = outcomes(case(entry=entry(chain=("party",)), sittings=(party,)), book)
    assert (found["C12"].verdict, "没有登记应到人数" in found["C12"].reason) == (Verdict.SKIPPED, True)
    assert found["C17"].verdict == Verdict.PASSED
    assert found["C14"].reason == "会议只登记人数，没有名单。"


def test_a_body_goes_by_the_rules_of_the_one_for_which_it_stands(book: RuleBook) -> None:
    joint = sitting("other", SECOND, stands_in_for=frozenset({"party"}))
    it = case(entry=entry(chain=("party",)), sittings=(joint,))
    assert said("C12", it, book).verdict == Verdict.PASSED
    assert "C12" in failing(absent(it, {4, 5, 6, 7}), book)
    alone = replace(it, sittings=(replace(joint, stands_in_for=frozenset()),))
    assert (said("C12", alone, book).verdict, said("C12", alone, book).reason) == (
        Verdict.SKIPPED,
        "规则里没有其他会议的法定人数。",
    )


def test_a_vote_without_a_rule_is_skipped_and_not_suspected(book: RuleBook) -> None:
    without_rules = replace(book, majorities={})
    it = case(sittings=tuple(replace(one, vote=replace(one.vote, rule=None)) for one in case().sittings if one.vote))
    found = said("C17", it, without_rules)
    assert (found.verdict, "无法核对结果" in found.reason) == (Verdict.SKIPPED, True)


def test_who_left_after_the_item_has_not_left(book: RuleBook) -> None:
    end = case().sittings[-1].item_ended_at
    assert end
    others = voted((1, 2, 3, 5, 6, 7), roster=7, present=7)
    it = with_last(case(), related=frozenset({4}), recusals=(Left(4, "kin", "known", end),), vote=others)
    assert failing(it, book) == {"C14"}


def test_a_secret_vote_of_somebody_recused_is_seen_in_the_electorate(book: RuleBook) -> None:
    everybody = voted(tuple(range(1, 8)), method="secret", ballots={})
    left = Left(4, "kin", "known", case().sittings[-1].item_began_at)
    assert failing(with_last(case(), vote=everybody, recusals=(left,)), book) == {"C14", "C17"}


def test_a_guest_does_not_vote(book: RuleBook) -> None:
    ballots = {**dict.fromkeys(range(1, 7), "yes"), 99: "yes"}
    assert (
        "不是应到成员" in said("C17", with_last(case(), vote=voted(tuple(range(1, 8)), ballots=ballots)), book).reason
    )


def test_an_absent_members_written_opinion_is_no_vote(book: RuleBook) -> None:
    it = absent(case(), {7})
    counted = with_last(it, vote=voted(tuple(range(1, 8)), roster=7, present=6))
    assert failing(counted, book) == {"C17"}


def test_a_record_is_not_judged_while_it_may_still_be_written(book: RuleBook) -> None:
    bare = with_last(case(today=SECOND), locked_at=None, has_summary=False, has_resolution=False, signed=frozenset())
    assert "C20" not in failing(bare, book)
    assert "C20" in failing(replace(bare, today=SECOND + timedelta(days=30)), book)


def test_each_member_is_heard(book: RuleBook) -> None:
    fewer = tuple(one for one in case().sittings[-1].opinions if one.person != 5)
    assert "1 人的意见" in said("C20", with_last(case(), opinions=fewer), book).reason


def test_an_appointment_is_public_for_the_countys_days_at_least(book: RuleBook) -> None:
    short = (Published(date(2024, 4, 26), date(2024, 4, 30), date(2024, 4, 30)),)
    it = case(category="appointment", entry=entry(category="appointment", publication_days=2), publications=short)
    (found,) = said("C21", it, book).failures
    assert found.severity == Severity.GRAVE
    assert "C21" not in failing(replace(it, category="project", entry=entry(publication_days=2)), book)


def test_a_decision_that_nobody_was_given_is_found_after_a_time(book: RuleBook) -> None:
    it = case(tasks=(), archived_on=None, payments=(), contracts=(), decided_on=SECOND)
    at = [said("C22", replace(it, today=SECOND + timedelta(days=days)), book) for days in (30, 31, 41, 61)]
    assert [[one.severity for one in found.failures] for found in at] == [
        [], [Severity.NOTE], [Severity.SERIOUS], [Severity.GRAVE],
    ]  # fmt: skip


def test_a_smaller_amount_that_was_approved_later_holds_from_then_on(book: RuleBook) -> None:
    it = case(reconsidered=((date(2024, 6, 1), YUAN // 2, ""),))
    assert "C23" in failing(it, book)
    paid_before = replace(it, payments=(replace(it.payments[0], on=date(2024, 5, 20)),))
    assert "C23" not in failing(paid_before, book)


def test_a_refused_ratification_is_told_as_one(book: RuleBook) -> None:
    it = case(is_urgent=True, acted_on=date(2024, 4, 1), is_passed=False)
    assert "会议没有同意追认" in said("C24", it, book).reason


@pytest.mark.parametrize("size", SIZES)
def test_two_thirds_of_a_body_for_what_is_important(size: int, book: RuleBook) -> None:
    least = -(-2 * size // 3)
    it = case(entry=entry(chain=("party",), is_important=True), sittings=(sitting("party", SECOND, size),))
    for came in range(1, size + 1):
        assert ("C12" in failing(absent(it, set(range(came + 1, size + 1))), book)) is (came < least)


@pytest.mark.parametrize("size", SIZES)
def test_more_than_half_of_a_body_must_agree(size: int, book: RuleBook) -> None:
    keys = tuple(range(1, size + 1))
    for yes in range(size + 1):
        ballots = {key: "yes" if key <= yes else "no" for key in keys}
        for outcome, is_right in (("passed", yes * 2 > size), ("rejected", yes * 2 <= size)):
            vote = voted(keys, yes=yes, no=size - yes, ballots=ballots, is_passed=outcome == "passed")
            party = sitting("party", SECOND, size, outcome=outcome, vote=vote)
            it = case(entry=entry(chain=("party",)), sittings=(party,), is_passed=outcome == "passed")
            assert ("C17" not in failing(it, book)) is is_right


CASE_FIELDS = [one.name for one in fields(Case) if one.name not in {"id", "unit", "today", "proposed_on", "calendar"}]
SITTING_FIELDS = [one.name for one in fields(Sitting) if one.name not in {"meeting", "starts_at", "added_at"}]


def blank(value: Any) -> Any:
    """The same kind of value with nothing in it."""
    if isinstance(value, (bool, str, tuple, frozenset)):
        return type(value)()
    return 0 if isinstance(value, int) else None


OPTIONAL = {one.name for one in (*fields(Case), *fields(Sitting)) if str(one.type).endswith("| None")}


def emptied(it: Any, names: set[str]) -> Any:
    """The same with nothing in these fields."""
    return replace(it, **{name: None if name in OPTIONAL else blank(getattr(it, name)) for name in names})


CASES: tuple[Callable[[], Case], ...] = (
    case,
    lambda: congress(50, 40),
    lambda: case(is_urgent=True, acted_on=FIRST, meetings_after=(SECOND,)),
    lambda: case(category="appointment", archived_on=None, review_due_on=TODAY),
    lambda: case(preparations=(prepared("legal"),), is_confidential=True),
)


@given(st.sampled_from(CASES), st.sets(st.sampled_from(CASE_FIELDS)), st.sets(st.sampled_from(SITTING_FIELDS)))
def test_no_check_raises_whatever_is_lacking_and_none_skips_in_silence(
    make: Callable[[], Case], case_fields: set[str], sitting_fields: set[str]
) -> None:
    it = make()
    it = replace(it, sittings=tuple(emptied(one, sitting_fields) for one in it.sittings))
    for code, found in outcomes(emptied(it, case_fields), release_book()).items():
        assert found.verdict == Verdict.PASSED or found.reason, code
        assert len({one.key for one in found.failures}) == len(found.failures), code


@pytest.mark.parametrize(
    ("today", "met", "verdict"),
    [
        (date(2024, 4, 15), (), Verdict.SKIPPED),
        (date(2024, 4, 16), (), Verdict.FAILED),
        (date(2024, 4, 9), (date(2024, 4, 9),), Verdict.SKIPPED),
        (date(2024, 4, 10), (date(2024, 4, 9),), Verdict.FAILED),
    ],
)
def test_an_urgent_matter_waits_for_the_next_meeting_or_ten_working_days(
    today: date, met: tuple[date, ...], verdict: Verdict, book: RuleBook
) -> None:
    it = case(
        is_urgent=True, acted_on=date(2024, 4, 1), is_passed=None, decided_on=None, meetings_after=met, today=today
    )
    assert said("C24", it, book).verdict == verdict


CHAIN = ("administration", "party", "congress")


@pytest.mark.parametrize("order", list(itertools.permutations(CHAIN)))
def test_a_chain_of_three_is_in_order_in_one_order_alone(order: tuple[str, ...], book: RuleBook) -> None:
    days = (FIRST, FIRST + timedelta(days=1), SECOND)
    held = tuple(sitting(kind, day) for kind, day in zip(order, days, strict=True))
    it = case(entry=entry(chain=CHAIN), sittings=held)
    assert ("C13" in failing(it, book)) is (order != CHAIN)


@pytest.mark.parametrize("count", range(3))
def test_a_chain_of_three_that_stopped_early_is_no_decision(count: int, book: RuleBook) -> None:
    days = (FIRST, SECOND)
    held = tuple(sitting(kind, day) for kind, day in zip(CHAIN[:count], days, strict=False))
    it = case(entry=entry(chain=CHAIN), sittings=held)
    assert ("C13" in failing(it, book)) is bool(count)
    if not count:
        assert said("C18", it, book).reason == "有决定而没有会议记录。"


@pytest.mark.parametrize(
    ("kinds", "chain", "ruled"),
    [
        (("other", "administration", "party"), ("administration", "party"), "party"),
        (("party", "congress"), ("congress",), "congress"),
        (("party", "congress"), ("congress", "party"), "party"),
        (("party", "administration"), (), "party"),
        (("other", "party"), (), "party"),
        (("other",), ("party",), "other"),
        (("party",), ("administration",), "party"),
    ],
)
def test_by_whose_rules_a_body_decides(
    kinds: tuple[str, ...], chain: tuple[str, ...], ruled: str, book: RuleBook
) -> None:
    assert book.judged_as(kinds, chain) == ruled


def test_an_appointment_that_no_list_names_is_important_all_the_same(book: RuleBook) -> None:
    unlisted = case(entry=None, edition=None, category="appointment", sittings=(sitting("party", SECOND),))
    assert "C12" not in failing(absent(unlisted, {6, 7}), book)
    assert "C12" in failing(absent(unlisted, {5, 6, 7}), book)
