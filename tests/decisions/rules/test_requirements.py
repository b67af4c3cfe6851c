"""What must be there before a meeting: met, missing with whose move it is and until when, waived, not applicable with why."""

from datetime import date, timedelta

from tests.decisions.rules.lawful import FIRST, case, entry, moment, prepared, replace, sitting, without
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.facts import Case
from xianxue.decisions.rules.requirements import Met, Requirement, requirements

AT = moment(FIRST, 15)


def stands(it: Case, book: RuleBook, code: str) -> Requirement:
    """One requirement before the first meeting."""
    (found,) = [one for one in requirements(it, book, AT) if one.code == code]
    return found


def test_the_lawful_case_lacks_nothing(book: RuleBook) -> None:
    found = requirements(case(), book, AT)
    assert {one.code: str(one.state) for one in found} == {
        "listed": "met", "research": "met", "alternatives": "met", "consultation": "met", "legal": "met",
        "integrity": "met", "communication": "met", "filing": "met", "congress": "not_applicable", "order": "met",
        "notice": "met",
    }  # fmt: skip
    assert not any(one.holds for one in found)


def test_what_is_missing_says_who_and_until_when(book: RuleBook) -> None:
    found = stands(without(case(), "integrity"), book, "integrity")
    assert (found.state, found.who, found.until) == (Met.MISSING, "纪检委员", date(2024, 4, 19))
    assert found.text == "缺：没有廉洁性审查的记录。"


def test_filing_is_due_working_days_before_the_meeting(book: RuleBook) -> None:
    found = stands(without(case(), "filing"), book, "filing")
    assert (found.state, found.until) == (Met.MISSING, date(2024, 4, 17))


def test_a_large_amount_is_filed_though_the_list_does_not_ask(book: RuleBook) -> None:
    small = replace(case(entry=entry(filing_days=None)), amount_fen=book.filing_threshold_fen - 1)
    assert stands(small, book, "filing").state == Met.NOT_APPLICABLE
    large = without(replace(small, amount_fen=book.filing_threshold_fen), "filing")
    assert stands(large, book, "filing").state == Met.MISSING


def test_what_was_recorded_after_the_meeting_does_not_count(book: RuleBook) -> None:
    bare = without(case(), "legal")
    late = replace(bare, preparations=(*bare.preparations, prepared("legal", FIRST + timedelta(days=1))))
    assert stands(late, book, "legal").state == Met.MISSING


def test_before_a_day_is_fixed_everything_recorded_counts(book: RuleBook) -> None:
    found = {one.code: one for one in requirements(without(case(), "legal"), book, None)}
    assert found["legal"].state == Met.MISSING
    assert found["legal"].until is None
    assert found["research"].state == Met.MET


def test_an_exception_is_told_as_one(book: RuleBook) -> None:
    found = stands(replace(without(case(), "research"), waived=frozenset({"research"})), book, "research")
    assert (found.state, found.holds) == (Met.WAIVED, False)
    assert found.text == "已作例外处理：缺：没有调研论证的记录。"


def test_the_congress_comes_before_the_party(book: RuleBook) -> None:
    listed = entry(is_staff_interest=True, chain=("administration", "congress", "party"))
    first = stands(case(entry=listed, sittings=()), book, "congress")
    assert first.state == Met.NOT_APPLICABLE
    not_heard = case(entry=entry(is_staff_interest=True, chain=("administration", "party")), sittings=())
    assert stands(not_heard, book, "congress").state == Met.MISSING


def test_who_is_at_once_proposer_and_reviewer_has_not_reviewed(book: RuleBook) -> None:
    bare = without(case(), "legal")
    own = replace(bare, preparations=(*bare.preparations, prepared("legal", user_id=7)))
    assert stands(own, book, "legal").text == "缺：审查人就是提出人。请由没有参与提出的人审查。"
    namesake = replace(bare, preparations=(*bare.preparations, prepared("legal", user_id=8, name="同名的人")))
    assert stands(namesake, book, "legal").state == Met.MET


def test_filing_again_later_does_not_undo_filing_in_time(book: RuleBook) -> None:
    again = replace(case(), preparations=(*case().preparations, prepared("filing", FIRST - timedelta(days=3))))
    assert stands(again, book, "filing").state == Met.MET


def test_the_amount_that_asks_for_filing_is_told(book: RuleBook) -> None:
    large = replace(without(case(entry=entry(filing_days=None)), "filing"), amount_fen=8_640_000)
    assert stands(large, book, "filing").text == "缺：金额 86,400 元达到报备限额 50,000 元，须会前 3 个工作日报县局。"
    listed = without(case(), "filing")
    assert stands(listed, book, "filing").text == "缺：清单要求报备，须会前 3 个工作日报县局。"


def test_what_stands_on_no_agenda_yet_says_which_meeting_comes_next(book: RuleBook) -> None:
    found = stands(case(sittings=(), is_passed=None), book, "order")
    assert found.state == Met.NOT_APPLICABLE
    assert found.text == "不适用：还没有列入会议。下一步上校长办公会议（校长办公会议 → 党组织会议）。"
    second = stands(case(sittings=(sitting("administration", FIRST - timedelta(days=5)),)), book, "order")
    assert "下一步上党组织会议" in second.text


def test_a_meeting_out_of_turn_lacks_the_one_before_it(book: RuleBook) -> None:
    found = stands(case(sittings=(sitting("party", FIRST, outcome=""),), is_passed=None), book, "order")
    assert (found.state, found.text) == (Met.MISSING, "缺：应当先经校长办公会议。")


def test_notice_is_due_hours_before_the_meeting_and_holds_nothing_before_the_agenda(book: RuleBook) -> None:
    new = case(sittings=(), is_passed=None, today=FIRST - timedelta(days=2))
    assert stands(new, book, "notice").text == "不适用：列入会议以后才发通知。须在 4 月 21 日 15:00 以前送达。"
    assert (
        "须在 4 月 19 日 15:00 以前"
        in stands(replace(new, category="funds", today=FIRST - timedelta(days=3)), book, "notice").text
    )
    late = stands(replace(new, today=FIRST), book, "notice")
    assert (late.state, "属于临时动议" in late.text) == (Met.NOT_APPLICABLE, True)
    unsent = replace(new, sittings=(sitting("administration", FIRST, outcome="", noticed_at=None),))
    assert stands(unsent, book, "notice").state == Met.NOT_APPLICABLE
    found = stands(replace(unsent, today=FIRST), book, "notice")
    assert (found.state, found.until) == (Met.MISSING, FIRST - timedelta(days=1))
    (undated,) = [one for one in requirements(new, book, None) if one.code == "notice"]
    assert undated.text == "不适用：会议时间还没有定。定了以后，须在会前 24 小时送达。"


def test_what_is_not_public_needs_a_basis(book: RuleBook) -> None:
    inside = case(is_confidential=True)
    assert stands(inside, book, "confidential").state == Met.MISSING
    assert not [one for one in requirements(replace(inside, has_confidential_basis=True), book, AT) if one.holds]


def test_a_body_that_stands_in_for_the_congress_counts(book: RuleBook) -> None:
    heard = sitting("other", FIRST - timedelta(days=5), stands_in_for=frozenset({"congress"}))
    listed = entry(is_staff_interest=True, chain=("administration", "party"))
    assert stands(case(entry=listed, sittings=(heard,)), book, "congress").state == Met.MET
