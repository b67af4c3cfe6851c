"""Votes, meetings and their records: every boundary on its right side and on its wrong one, every sentence of not knowing."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.decisions.rules.lawful import (
    FIRST,
    MORE_THAN_HALF,
    SECOND,
    case,
    entry,
    moment,
    replace,
    sitting,
    voted,
    with_last,
)
from tests.decisions.rules.looking import one_meeting, reason, said, verdict
from tests.decisions.rules.test_checks import absent, congress, failing
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.facts import Case, Left, Sitting
from xianxue.kernel.checks.choices import Certainty, Verdict
from xianxue.meetings.rules.majority import Base, Count, Fraction

END = moment(SECOND, 15, 40)
ALL = tuple(range(1, 8))


# --- fractions ---


@pytest.mark.parametrize(("num", "den", "strict"), [(0, 2, False), (3, 2, False), (2, 2, True), (-1, 2, False)])
def test_a_fraction_that_nobody_can_reach_is_refused(num: int, den: int, strict: bool) -> None:
    with pytest.raises(ValueError, match="not a fraction"):
        Fraction(num, den, strict=strict, base=Base.ROSTER)
    assert Fraction(2, 2, strict=False, base=Base.ROSTER).needed(7) == 7


def test_nobody_of_nobody_is_no_majority_and_a_fraction_survives_being_kept() -> None:
    assert not Fraction(1, 2, strict=False, base=Base.VALID).reached(0, 0)
    assert Fraction.of(MORE_THAN_HALF.as_dict()) == MORE_THAN_HALF
    assert MORE_THAN_HALF.as_dict() == {"num": 1, "den": 2, "strict": True, "base": "roster"}
    assert Count(3, 2, 1, 4, roster=12, present=11).cast == 10


# --- votes ---


def test_who_came_and_left_before_the_vote_is_not_there_at_the_vote(book: RuleBook) -> None:
    vote = voted((1, 2, 3), closed_at=moment(SECOND, 15, 38), roster=7, present=3)
    gone = moment(SECOND, 15, 30)
    it = one_meeting(vote=vote)
    people = it.sittings[0].attendees
    left = tuple(replace(one, left_at=gone if one.person > 3 else None) for one in people)
    assert (it.sittings[0].present, with_last(it, attendees=left).sittings[0].at_vote) == (7, 3)
    assert "实到 3 人，至少要到 4 人" in reason("C12", with_last(it, attendees=left), book)
    late = tuple(replace(one, arrived_at=moment(SECOND, 15, 39) if one.person > 3 else None) for one in people)
    assert verdict("C12", with_last(it, attendees=late), book) == Verdict.FAILED
    after = tuple(replace(one, left_at=moment(SECOND, 15, 39) if one.person > 3 else None) for one in people)
    assert verdict("C12", with_last(it, attendees=after), book) == Verdict.PASSED


def test_a_majority_of_those_present_is_of_those_at_the_vote(book: RuleBook) -> None:
    half = Fraction(1, 2, strict=True, base=Base.PRESENT)
    ballots = {1: "yes", 2: "yes", 3: "yes", 4: "no", 5: "no"}
    vote = voted(
        (1, 2, 3, 4, 5), rule=half, closed_at=moment(SECOND, 15, 38), roster=7, present=5, yes=3, no=2, ballots=ballots
    )
    it = one_meeting(vote=vote)
    left = tuple(
        replace(one, left_at=moment(SECOND, 15, 30) if one.person > 5 else None) for one in it.sittings[0].attendees
    )
    assert verdict("C17", with_last(it, attendees=left), book) == Verdict.PASSED


def test_a_vote_that_kept_no_rule_goes_by_the_entrys_or_the_bodys(book: RuleBook) -> None:
    four = voted(ALL, rule=None, yes=4, no=3, ballots={one: "yes" if one < 5 else "no" for one in ALL})
    it = one_meeting(vote=four)
    assert verdict("C17", it, book) == Verdict.PASSED
    two_thirds = replace(it, entry=entry(chain=("party",), majority="two_thirds"))
    assert "没有达到规定票数而记为通过" in reason("C17", two_thirds, book)
    # What the vote kept comes first: it is the rule by which it was counted.
    kept = with_last(two_thirds, vote=replace(four, rule=MORE_THAN_HALF))
    assert verdict("C17", kept, book) == Verdict.PASSED
    joint = with_last(replace(it, entry=None), body_kind="other", stands_in_for=frozenset({"party"}))
    assert verdict("C17", joint, book) == Verdict.PASSED
    assert (verdict("C17", with_last(joint, stands_in_for=frozenset()), book)) == Verdict.SKIPPED


def test_where_nobody_voted_there_is_nothing_to_count(book: RuleBook) -> None:
    it = one_meeting(vote=None)
    assert (verdict("C17", it, book), reason("C17", it, book)) == (Verdict.SKIPPED, "没有表决记录。")
    two = case(sittings=(sitting("administration", FIRST, vote=None), sitting("party", SECOND)))
    assert verdict("C17", two, book) == Verdict.PASSED
    rejected = with_last(replace(it, is_passed=False), outcome="rejected")
    assert verdict("C16", rejected, book) == Verdict.PASSED


def test_the_result_of_the_vote_and_of_the_item_are_one(book: RuleBook) -> None:
    it = one_meeting(vote=voted(ALL, is_passed=False))
    assert "表决结果和议题结果不一致" in reason("C17", it, book)
    assert verdict("C17", one_meeting(vote=voted(ALL, is_passed=None)), book) == Verdict.PASSED


def test_a_finding_of_the_count_keeps_what_it_saw(book: RuleBook) -> None:
    vote = voted(ALL, yes=3, no=3, abstain=1, ballots={})
    (found,) = said("C17", one_meeting(vote=vote), book).failures
    assert found.inputs == {
        "yes": 3, "no": 3, "abstain": 1, "roster": 7, "present": 7,
        "rule": {"num": 1, "den": 2, "strict": True, "base": "roster"},
    }  # fmt: skip


@pytest.mark.parametrize(("cast", "is_found"), [(6, False), (7, True)])
def test_without_an_electorate_those_present_less_the_recused_may_vote(
    cast: int, is_found: bool, book: RuleBook
) -> None:
    left = (Left(4, "kin", "known", moment(SECOND, 15, 20)),)
    vote = voted(ALL, electorate=(), ballots={}, yes=cast)
    assert ("多于有表决权的 6 人" in reason("C17", one_meeting(vote=vote, recusals=left), book)) is is_found


def test_invalid_ballots_count_as_cast_and_not_as_yes(book: RuleBook) -> None:
    secret = voted(ALL, method="secret", ballots={}, yes=4, no=0, invalid=3)
    assert verdict("C17", one_meeting(vote=secret), book) == Verdict.PASSED
    assert "8 票多于" in reason("C17", one_meeting(vote=replace(secret, invalid=4)), book)


def test_who_has_an_interest_and_was_absent_need_not_leave(book: RuleBook) -> None:
    it = absent(one_meeting(), {7})
    assert "C14" not in failing(with_last(it, related=frozenset({7})), book)


def test_each_who_should_have_left_is_a_finding_of_its_own(book: RuleBook) -> None:
    vote = voted((1, 2, 3, 6, 7), roster=7, present=7)
    it = one_meeting(
        related=frozenset({4}), recusals=(Left(5, "self", "declared", None),), vote=vote, item_ended_at=None
    )
    found = said("C14", it, book).failures
    meeting = it.sittings[0].meeting
    assert [(one.key, one.inputs) for one in found] == [
        (f"{meeting}:4", {"person": 4, "is_related": True}), (f"{meeting}:5", {"person": 5, "is_related": False}),
    ]  # fmt: skip
    left = with_last(it, related=frozenset(), recusals=(Left(5, "self", "declared", END),))
    assert verdict("C14", left, book) == Verdict.PASSED


# --- the meeting ---


def test_a_chain_that_is_through_asks_for_nothing_more(book: RuleBook) -> None:
    again = sitting("administration", SECOND + timedelta(days=1))
    assert verdict("C13", case(sittings=(*case().sittings, again)), book) == Verdict.PASSED
    no_chain = case(entry=entry(chain=()))
    assert reason("C13", no_chain, book) == "清单没有规定会议顺序。"


def test_a_body_that_said_no_has_not_passed_it_on(book: RuleBook) -> None:
    first = sitting("administration", FIRST, outcome="rejected")
    assert "应当先经校长办公会议" in reason("C13", case(sittings=(first, sitting("party", SECOND))), book)


def test_a_body_that_is_not_in_the_chain_disturbs_nothing(book: RuleBook) -> None:
    other = sitting("other", FIRST - timedelta(days=2))
    assert verdict("C13", case(sittings=(other, *case().sittings)), book) == Verdict.PASSED
    (found,) = said("C13", case(sittings=(other,), decided_on=FIRST), book).failures
    assert (found.key, found.reason) == ("chain", "没有经过校长办公会议、党组织会议就作了决定。")


def test_an_appointment_on_no_list_is_important_all_the_same(book: RuleBook) -> None:
    it = absent(one_meeting(), {5, 6, 7})
    assert verdict("C12", replace(it, entry=None), book) == Verdict.PASSED
    assert verdict("C12", replace(it, entry=None, category="appointment"), book) == Verdict.FAILED


def test_the_first_word_of_the_chief_is_what_counts(book: RuleBook) -> None:
    opinions = one_meeting().sittings[0].opinions
    chief = opinions[-1]
    twice = (replace(chief, order=1), *(replace(one, order=one.order + 1) for one in opinions))
    assert "主要负责人第 1 个发言，其后还有 6 名成员发言" in reason("C15", one_meeting(opinions=twice), book)
    guest = replace(opinions[0], order=9, role="attending", person=50)
    assert verdict("C15", one_meeting(opinions=(*opinions, guest)), book) == Verdict.PASSED
    without = one_meeting(opinions=opinions[:-1])
    assert (verdict("C15", without, book), reason("C15", without, book)) == (
        Verdict.SKIPPED, "没有主要负责人表态的记录。",
    )  # fmt: skip


def nobody(it: Sitting) -> Sitting:
    """The same, to which nobody came."""
    return replace(it, attendees=tuple(replace(one, presence="") for one in it.attendees))


@pytest.mark.parametrize(
    ("minutes", "items", "is_found"),
    [(3, 1, False), (2, 1, True), (6, 2, False), (5, 2, True), (3, 0, False), (2, 0, True)],
)
def test_three_minutes_an_item_are_a_meeting(minutes: int, items: int, is_found: bool, book: RuleBook) -> None:
    it = one_meeting(ended_at=moment(SECOND, 15, minutes), item_count=items)
    assert ("C18" in failing(it, book)) is is_found
    if is_found:
        (found,) = said("C18", it, book).failures
        assert found.certainty == Certainty.SUSPECTED


def test_a_meeting_to_which_nobody_came_is_none(book: RuleBook) -> None:
    it = replace(one_meeting(), sittings=(nobody(one_meeting().sittings[0]),))
    assert "没有任何人到会的登记" in reason("C18", it, book)
    alone = absent(one_meeting(), {2, 3, 4, 5, 6, 7})
    assert "没有任何人到会的登记" not in reason("C18", alone, book)


@pytest.mark.parametrize("lacking", ["began_at", "ended_at"])
def test_a_meeting_without_times_is_not_measured(lacking: str, book: RuleBook) -> None:
    it = one_meeting(**{lacking: None})
    assert (verdict("C18", it, book), "没有起止时间" in reason("C18", it, book)) == (Verdict.SKIPPED, True)
    assert "起止时间" in reason("C20", it, book)


def test_oversight_is_asked_of_meetings_that_have_it(book: RuleBook) -> None:
    it = one_meeting(attendees=tuple(replace(one, is_discipline=False) for one in one_meeting().sittings[0].attendees))
    assert (verdict("C19", it, book), reason("C19", it, book)) == (
        Verdict.SKIPPED, "这些会议没有纪检委员，也没有派员监督。",
    )  # fmt: skip
    gone = absent(one_meeting(), {3})
    assert "纪检委员缺席，也没有人代为监督" in reason("C19", gone, book)
    people = gone.sittings[0].attendees
    inspector = replace(people[0], person=60, role="inspector", is_chief=False, presence="present")
    spoken = replace(gone.sittings[0].opinions[0], order=9, person=60, role="inspector")
    opinions = (*gone.sittings[0].opinions, spoken)
    watched = with_last(gone, attendees=(*people, inspector), opinions=opinions)
    assert verdict("C19", watched, book) == Verdict.PASSED
    silent = with_last(watched, opinions=(*opinions[:-1], replace(spoken, has_text=False)))
    assert "没有记录纪检委员的意见" in reason("C19", silent, book)


def test_a_discipline_member_who_must_leave_the_room_is_not_asked_for_an_opinion(book: RuleBook) -> None:
    it = one_meeting()
    said = tuple(one for one in it.sittings[0].opinions if one.person != 3)
    out = with_last(it, recusals=(Left(3, "kin", "declared", moment(SECOND, 15)),), opinions=said)
    assert [one.person for one in it.sittings[0].attendees if one.is_discipline] == [3]
    assert verdict("C19", out, book) == Verdict.SKIPPED
    assert "的纪检委员对这一事项回避，没有其他人监督。" in reason("C19", out, book)


# --- the record ---


@pytest.mark.parametrize(("entered", "is_found"), [(date(2024, 4, 29), False), (date(2024, 4, 30), True)])
def test_a_record_is_entered_within_three_working_days(entered: date, is_found: bool, book: RuleBook) -> None:
    # Monday the 29th is the second working day after Thursday the 25th; Tuesday the third, Wednesday the fourth.
    it = one_meeting(entered_at=moment(entered + timedelta(days=1), 10))
    assert ("个工作日才录入记录" in reason("C20", it, book)) is is_found
    assert verdict("C20", one_meeting(entered_at=None), book) == Verdict.PASSED


@pytest.mark.parametrize(
    ("today", "expected"), [(date(2024, 4, 30), Verdict.SKIPPED), (date(2024, 5, 1), Verdict.FAILED)]
)
def test_a_record_is_due_after_three_working_days(today: date, expected: Verdict, book: RuleBook) -> None:
    it = replace(one_meeting(locked_at=None, signed=frozenset()), today=today)
    assert verdict("C20", it, book) == expected
    fine = replace(one_meeting(locked_at=None), today=today)
    told = "的记录还在整理、签名的期限以内。" in reason("C20", fine, book)
    assert (verdict("C20", fine, book) == Verdict.PASSED, told) == (
        expected == Verdict.FAILED,
        expected == Verdict.SKIPPED,
    )


LACKING: dict[str, Callable[[], Case]] = {
    "讨论情况": lambda: one_meeting(has_summary=False),
    "决定内容": lambda: one_meeting(has_resolution=False),
    "主持人": lambda: one_meeting(has_chair=False),
    "缺席原因": lambda: with_last(
        absent(one_meeting(), {7}),
        attendees=tuple(replace(one, absence_reason="") for one in absent(one_meeting(), {7}).sittings[0].attendees),
    ),
    "1 人的签名": lambda: one_meeting(signed=frozenset(range(1, 7))),
}


@pytest.mark.parametrize("what", LACKING)
def test_a_record_says_what_it_lacks(what: str, book: RuleBook) -> None:
    assert reason("C20", LACKING[what](), book).endswith(f"记录缺{what}。")


def test_what_was_rejected_has_no_resolution(book: RuleBook) -> None:
    it = replace(one_meeting(has_resolution=False, outcome="rejected"), is_passed=False)
    assert verdict("C20", it, book) == Verdict.PASSED


def test_a_body_that_only_counts_has_neither_signatures_nor_opinions(book: RuleBook) -> None:
    heard = congress(50, 40)
    bare = replace(heard.sittings[0], signed=frozenset(), opinions=(), attendees=one_meeting().sittings[0].attendees)
    assert verdict("C20", replace(heard, sittings=(bare,)), book) == Verdict.PASSED
