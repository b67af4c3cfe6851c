"""What comes before and after a meeting: every boundary on its right side and on its wrong one, every sentence of not knowing."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.decisions.rules.lawful import (
    FIRST,
    SECOND,
    YUAN,
    case,
    entry,
    moment,
    prepared,
    replace,
    with_last,
    without,
)
from tests.decisions.rules.looking import one_meeting, reason, said, verdict
from tests.decisions.rules.test_checks import congress, failing
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.facts import Assigned, Case, Contracted, Edition, Published, Spent
from xianxue.kernel.checks.choices import Severity, Verdict

END = moment(SECOND, 15, 40)
ALL = tuple(range(1, 8))


# --- before ---


def test_who_became_a_member_too_late_for_the_notice_is_not_missed(book: RuleBook) -> None:
    it = one_meeting()
    day = SECOND - timedelta(days=1)
    people = it.sittings[0].attendees

    def with_first(**facts: Any) -> Case:
        return with_last(it, attendees=(replace(people[0], **facts), *people[1:]))

    assert verdict("C08", with_first(served_at=None, read_at=None, joined_on=SECOND), book) == Verdict.PASSED
    assert verdict("C08", with_first(served_at=None, read_at=None, joined_on=day), book) == Verdict.FAILED
    assert verdict("C08", with_first(served_at=None, joined_on=day), book) == Verdict.PASSED  # read in time
    assert verdict("C08", with_first(served_at=None, read_at=moment(SECOND, 9)), book) == Verdict.FAILED


def test_what_would_be_judged_otherwise_is_among_the_facts_of_the_finding(book: RuleBook) -> None:
    none = without(case(), "legal")
    own = replace(none, preparations=(*none.preparations, prepared("legal", user_id=7)))
    (missing,), (by_proposer,) = said("C05", none, book).failures, said("C05", own, book).failures
    assert missing.key == by_proposer.key == "legal"
    assert missing.inputs != by_proposer.inputs
    unnoticed, unsent = one_meeting(noticed_at=None), one_meeting(materials_at=None)
    (first,), (second,) = said("C08", unnoticed, book).failures, said("C08", unsent, book).failures
    assert (first.inputs, second.inputs) == ({"noticed_at": None}, {"materials_at": None})


@pytest.mark.parametrize(("minutes", "is_found"), [(0, False), (1, True)])
def test_notice_and_papers_come_twenty_four_hours_before(minutes: int, is_found: bool, book: RuleBook) -> None:
    last = moment(SECOND, 15) - timedelta(hours=24) + timedelta(minutes=minutes)
    for facts in ({"noticed_at": last, "added_at": last}, {"materials_at": last}):
        assert ("C08" in failing(one_meeting(**facts), book)) is is_found
    people = one_meeting().sittings[0].attendees
    served = (replace(people[0], served_at=last, read_at=None), *people[1:])
    assert ("C08" in failing(one_meeting(attendees=served), book)) is is_found


@pytest.mark.parametrize(("seconds", "is_found"), [(0, False), (1, True)])
def test_what_stood_on_the_agenda_with_the_notice_is_no_surprise(seconds: int, is_found: bool, book: RuleBook) -> None:
    noticed = moment(SECOND - timedelta(days=4), 9)
    it = one_meeting(noticed_at=noticed, added_at=noticed + timedelta(seconds=seconds))
    assert ("C09" in failing(it, book)) is is_found
    if is_found:
        assert "没有写明理由" in reason("C09", it, book)
        assert "没有批准人" in reason("C09", with_last(it, late_reason="汛期"), book)
        assert verdict("C09", with_last(it, late_reason="汛期", late_approved_by="书记"), book) == Verdict.PASSED
    unknown = with_last(it, noticed_at=None)
    assert (verdict("C09", unknown, book), "由第 8 项追问" in reason("C09", unknown, book)) == (Verdict.SKIPPED, True)


@pytest.mark.parametrize(
    ("present", "yes", "found"), [(40, 31, set()), (39, 31, {"C06", "C12"}), (40, 30, {"C06", "C17"})]
)
def test_two_thirds_of_the_delegates_and_more_than_half_of_all(
    present: int, yes: int, found: set[str], book: RuleBook
) -> None:
    assert failing(congress(present, yes), book) == found


@pytest.mark.parametrize(("filed", "is_found"), [(date(2024, 4, 1), False), (date(2024, 4, 2), True)])
def test_a_list_counts_from_the_day_on_which_it_was_filed(filed: date, is_found: bool, book: RuleBook) -> None:
    assert ("C03" in failing(case(edition=Edition("1", date(2024, 1, 1), filed, filed, None)), book)) is is_found


@pytest.mark.parametrize(("until", "is_found"), [(date(2024, 4, 1), False), (date(2024, 3, 31), True)])
def test_a_list_is_good_on_its_last_day(until: date, is_found: bool, book: RuleBook) -> None:
    edition = Edition("1", date(2024, 1, 1), date(2024, 1, 5), date(2024, 1, 5), until)
    assert ("C03" in failing(case(edition=edition), book)) is is_found


def test_a_list_of_which_nobody_wrote_when_it_was_adopted_grows_old_from_its_filing(book: RuleBook) -> None:
    old = Edition("1", None, date(2023, 3, 1), date(2023, 3, 1), None)
    assert "2023-03-01 审议通过的，超过 12 个月" in reason("C03", case(edition=old), book)
    assert reason("C03", case(edition=None), book) == "提出议题时，事项清单还没有报县局备案。"


def test_a_proposal_has_the_category_of_its_entry(book: RuleBook) -> None:
    (found,) = said("C03", case(category="funds"), book).failures
    assert (found.key, found.reason) == ("category", "议题的类别和清单事项的类别不一致。")


def test_what_was_acted_upon_first_is_not_asked_for_what_comes_before(book: RuleBook) -> None:
    bare = case(preparations=())
    assert {"C04", "C05", "C10", "C11"} <= failing(bare, book)
    urgent = replace(bare, is_urgent=True, acted_on=FIRST)
    assert not {"C04", "C05", "C10", "C11"} & failing(urgent, book)
    assert reason("C04", urgent, book) == "紧急事项先行处置，由第 24 项检查。"
    # Said to be urgent and not acted upon, or acted upon and not urgent, it goes the ordinary way.
    assert "C04" in failing(replace(urgent, acted_on=None), book)
    assert "C04" in failing(replace(urgent, is_urgent=False), book)


def test_a_congress_of_which_something_is_not_known_is_not_judged(book: RuleBook) -> None:
    it = congress(50, 40)
    heard, *others = it.sittings
    lacking: tuple[tuple[dict[str, Any], str], ...] = (
        ({"roster_total": None}, "没有登记应到人数"),
        ({"vote": None}, "没有票数，由第 16 项追问"),
    )
    for facts, words in lacking:
        unknown = replace(it, sittings=(replace(heard, **facts), *others))
        assert (verdict("C06", unknown, book), words in reason("C06", unknown, book)) == (Verdict.SKIPPED, True)
    for name in ("quorum", "majorities"):
        kept: Any = {key: rule for key, rule in getattr(book, name).items() if "congress" not in key}
        given: dict[str, Any] = {name: kept}
        found = said("C06", it, replace(book, **given))
        assert (found.verdict, found.reason) == (Verdict.SKIPPED, "规则里没有教代会的法定人数或者表决规则。")


def test_a_congress_that_is_still_to_come_or_was_excepted_is_not_missed(book: RuleBook) -> None:
    it = congress(50, 40)
    without = replace(it, sittings=it.sittings[1:])
    assert reason("C06", without, book) == "没有教代会讨论通过的记录。"
    excepted = said("C06", replace(without, waived=frozenset({"congress"})), book)
    assert (excepted.verdict, excepted.waived) == (Verdict.SKIPPED, True)
    on_the_way = replace(without, sittings=without.sittings[:1], is_passed=None, decided_on=None)
    assert reason("C06", on_the_way, book) == "会议程序还没有走完，或者没有通过。"


def test_the_list_says_whether_the_congress_comes_last(book: RuleBook) -> None:
    it = congress(50, 40)
    heard, *others = it.sittings
    late = replace(heard, starts_at=moment(SECOND + timedelta(days=4), 15))
    after = replace(
        it, sittings=(*others, late), entry=entry(is_staff_interest=True, chain=("administration", "party"))
    )
    assert "作出决定以后才提交教代会" in reason("C06", after, book)
    in_chain = replace(after, entry=entry(is_staff_interest=True, chain=("administration", "party", "congress")))
    assert verdict("C06", in_chain, book) == Verdict.PASSED
    alone = replace(after, sittings=(late,))
    assert "作出决定以后" not in reason("C06", alone, book)
    same_hour = replace(after, sittings=(*others, replace(late, starts_at=others[-1].starts_at)))
    assert "作出决定以后" not in reason("C06", same_hour, book)


def test_notice_that_is_not_known_is_missed_and_numbers_cannot_be_asked(book: RuleBook) -> None:
    assert "没有会议通知的记录" in reason("C08", one_meeting(noticed_at=None), book)
    numbers = case(sittings=(congress(50, 40).sittings[0],))
    assert "只登记人数，没有逐人送达的记录" in reason("C08", numbers, book)
    # Let in after the notice: its papers could not come with it, and that it was let in is for C09.
    let_in = one_meeting(added_at=moment(SECOND - timedelta(days=2), 9), materials_at=None)
    assert verdict("C08", let_in, book) == Verdict.PASSED


# --- after ---


def test_an_appointment_on_no_list_is_made_public_for_the_countys_days(book: RuleBook) -> None:
    it = replace(case(), entry=None, category="appointment", publications=())
    (found,) = said("C21", it, book).failures
    assert (found.reason, found.severity) == ("应当公示 5 个工作日而没有公示。", Severity.GRAVE)
    assert verdict("C21", replace(it, category="project"), book) == Verdict.SKIPPED


@pytest.mark.parametrize(
    ("today", "expected"), [(date(2024, 5, 2), Verdict.SKIPPED), (date(2024, 5, 3), Verdict.FAILED)]
)
def test_a_decision_is_made_public_within_five_working_days(today: date, expected: Verdict, book: RuleBook) -> None:
    assert verdict("C21", replace(case(), publications=(), today=today), book) == expected


@pytest.mark.parametrize(
    ("ended", "expected"), [(date(2024, 5, 3), Verdict.PASSED), (date(2024, 5, 2), Verdict.FAILED)]
)
def test_five_working_days_are_five(ended: date, expected: Verdict, book: RuleBook) -> None:
    it = replace(
        case(), publications=(Published(date(2024, 4, 26), ended, ended),), contracts=(), payments=(), tasks=()
    )
    assert verdict("C21", it, book) == expected
    running = replace(it, publications=(Published(date(2024, 4, 26), None, ended),), today=date(2024, 4, 30))
    assert (verdict("C21", running, book), reason("C21", running, book)) == (Verdict.SKIPPED, "正在公示。")


@pytest.mark.parametrize(("days", "is_found"), [(30, False), (31, True)])
def test_what_is_done_is_archived_within_thirty_days(days: int, is_found: bool, book: RuleBook) -> None:
    done = date(2024, 6, 20)
    it = replace(case(), archived_on=None, today=done + timedelta(days=days))
    assert ("C25" in failing(it, book)) is is_found
    due = replace(case(), review_due_on=it.today - timedelta(days=1 if is_found else 0), today=it.today)
    assert ("C25" in failing(due, book)) is is_found


def task(late: int = 0, told: tuple[int, ...] = (10, 20, 30, 40, 50, 60), **facts: Any) -> Assigned:
    """A task of thirty days, done so many days after its limit, with words on these days of it."""
    start = date(2024, 5, 8)
    due = start + timedelta(days=30)
    given = {"has_owner": True, "due_on": due, "started_on": start, "done_on": due + timedelta(days=late)}
    return Assigned(**{**given, "feedback": tuple(start + timedelta(days=day) for day in told), **facts})


@pytest.mark.parametrize(
    ("late", "severity"),
    [
        (0, None),
        (1, Severity.NOTE),
        (10, Severity.NOTE),
        (11, Severity.SERIOUS),
        (30, Severity.SERIOUS),
        (31, Severity.GRAVE),
    ],
)
def test_a_late_task_is_graver_from_the_eleventh_and_the_thirty_first_day(
    late: int, severity: Severity | None, book: RuleBook
) -> None:
    found = said("C22", case(tasks=(task(late),)), book).failures
    assert [one.severity for one in found] == ([severity] if severity else [])


@pytest.mark.parametrize(("silent", "is_found"), [(30, False), (31, True)])
def test_silence_of_more_than_thirty_days_is_found(silent: int, is_found: bool, book: RuleBook) -> None:
    given = task(0, (), due_on=date(2024, 12, 31), done_on=date(2024, 5, 8) + timedelta(days=silent))
    assert ("C22" in failing(case(tasks=(given,)), book)) is is_found


def test_a_task_without_owner_or_limit_is_found_and_without_owner_is_serious(book: RuleBook) -> None:
    (ownerless,) = said("C22", case(tasks=(task(has_owner=False),)), book).failures
    (limitless,) = said("C22", case(tasks=(task(due_on=None, told=(10, 20)),)), book).failures
    assert (ownerless.severity, limitless.severity) == (Severity.SERIOUS, Severity.NOTE)
    assert ownerless.key == limitless.key == "1"
    second = case(tasks=(task(), task(has_owner=False)))
    assert [one.key for one in said("C22", second, book).failures] == ["2"]


def test_what_was_withdrawn_or_archived_without_tasks_has_nothing_to_be_done(book: RuleBook) -> None:
    bare = case(tasks=(), payments=(), contracts=(), archived_on=None)
    assert reason("C22", bare, book) == "作出决定以后 130 天没有安排责任人和期限。"
    assert reason("C22", replace(bare, archived_on=SECOND), book) == "没有要落实的任务。"
    assert reason("C22", replace(bare, decided_on=None), book) == "没有要落实的任务。"
    for code in ("C21", "C22", "C23", "C24", "C25"):
        gone = replace(bare, is_withdrawn=True, is_urgent=True, acted_on=FIRST)
        assert (verdict(code, gone, book), reason(code, gone, book)) == (Verdict.SKIPPED, "议题已撤回。")
    for code in ("C22", "C23"):
        assert reason(code, replace(case(), is_passed=False), book) == "还没有通过，没有要落实的。"
    assert reason("C23", bare, book) == "还没有付款、合同和实施记录。"


def test_a_late_task_keeps_the_days_that_were_seen(book: RuleBook) -> None:
    (found,) = said("C22", case(tasks=(task(5),)), book).failures
    assert found.inputs == {"due_on": "2024-06-07", "done_on": "2024-06-12", "has_owner": True}
    (over,) = said("C23", case(payments=(replace(case().payments[0], amount_fen=YUAN * 2 + 5),)), book).failures
    assert over.reason == "付款合计 172,800.05 元，批准 86,400.00 元，超过 10%，没有复议。"


def contract(**facts: Any) -> Contracted:
    """The contract of the lawful case, with something else."""
    return replace(case().contracts[0], **facts)


@pytest.mark.parametrize(("fen", "is_found"), [(YUAN * 11 // 10, False), (YUAN * 11 // 10 + 1, True)])
def test_contracts_together_stay_within_a_tenth_more(fen: int, is_found: bool, book: RuleBook) -> None:
    parts = (contract(amount_fen=fen - 1), contract(id=2, number="HT2", amount_fen=1))
    keys = [one.key for one in said("C23", case(contracts=parts), book).failures]
    assert keys == (["contracted"] if is_found else [])


def test_begun_on_the_day_of_the_decision_is_begun_in_time(book: RuleBook) -> None:
    it = replace(case(), publications=(), tasks=(), contracts=(contract(on=SECOND, started_on=None),))
    assert "C23" not in failing(it, book)
    before = replace(it, contracts=(contract(on=SECOND, started_on=SECOND - timedelta(days=1)),))
    assert "2024-04-24 已经实施，2024-04-25 才作出决定" in reason("C23", before, book)
    paid = replace(it, payments=(replace(case().payments[0], on=SECOND - timedelta(days=1)),))
    assert "C23" in failing(paid, book)
    urgent = replace(before, is_urgent=True, acted_on=SECOND - timedelta(days=1))
    assert "C23" not in failing(urgent, book)


@pytest.mark.parametrize(("day", "is_found"), [(date(2024, 5, 6), True), (date(2024, 5, 7), False)])
def test_nothing_begins_before_the_day_after_the_publication(day: date, is_found: bool, book: RuleBook) -> None:
    it = replace(case(), contracts=(contract(on=day, started_on=None),))
    assert ("C23" in failing(it, book)) is is_found
    # Taken down later than it had to be: over all the same on its own last day.
    longer = replace(it, publications=(Published(date(2024, 4, 26), date(2024, 6, 1), date(2024, 5, 6)),))
    assert ("C23" in failing(longer, book)) is is_found


def test_a_supplier_is_the_same_however_its_name_is_spaced_and_bracketed(book: RuleBook) -> None:
    it = case(approved_supplier="宏业（宛在）建筑", contracts=(contract(supplier="宏业(宛在) 建筑"),), payments=())
    assert "C23" not in failing(it, book)
    other = replace(it, reconsidered=((date(2024, 5, 1), None, "别家"),), contracts=(contract(supplier="别家"),))
    assert "C23" not in failing(other, book)
    assert "C23" not in failing(replace(it, approved_supplier="", contracts=(contract(supplier="谁"),)), book)


@pytest.mark.parametrize(
    ("decided", "met", "expected"),
    [
        (date(2024, 4, 15), (), Verdict.PASSED),
        (date(2024, 4, 16), (), Verdict.FAILED),
        (date(2024, 4, 10), (date(2024, 4, 10),), Verdict.PASSED),
        (date(2024, 4, 11), (date(2024, 4, 10), date(2024, 4, 11)), Verdict.FAILED),
        (date(2024, 4, 10), (date(2024, 4, 1), date(2024, 4, 10)), Verdict.PASSED),
    ],
)
def test_ratified_at_the_next_meeting_and_within_ten_working_days(
    decided: date, met: tuple[date, ...], expected: Verdict, book: RuleBook
) -> None:
    it = case(is_urgent=True, acted_on=date(2024, 4, 1), decided_on=decided, meetings_after=met)
    assert verdict("C24", it, book) == expected


def test_a_payment_of_an_earlier_decision_is_not_split_off(book: RuleBook) -> None:
    paid = (Spent(1, "FK1", date(2024, 6, 21), "repair", "宏业建筑有限公司", YUAN, 1, SECOND),) * 2
    (found,) = said("C23", case(payments=paid), book).failures
    assert found.inputs == {"amount_fen": YUAN * 2, "approved_fen": YUAN}
