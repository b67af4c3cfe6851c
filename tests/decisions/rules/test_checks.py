"""The 25 checks: the lawful case fails none; each broken thing is found by its check, and by no other than those named."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from tests.decisions.rules.lawful import (
    FIRST,
    SECOND,
    YUAN,
    case,
    entry,
    members,
    moment,
    prepared,
    replace,
    sitting,
    voted,
    with_last,
    without,
)
from xianxue.decisions.rules import checks  # noqa: F401 - makes the 25 known
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.facts import Assigned, Case, Edition, Left, Published, Spent
from xianxue.decisions.rules.outcomes import all_checks, get
from xianxue.kernel.checks.choices import Severity, Verdict
from xianxue.kernel.checks.outcomes import Outcome

Break = Callable[[Case], Case]


def outcomes(given: Case, book: RuleBook) -> dict[str, Outcome]:
    """What every check says of one case."""
    return {check.code: check.on_case(given, book) for check in all_checks() if check.on_case}


def failing(given: Case, book: RuleBook) -> set[str]:
    """The checks that fail."""
    return {code for code, outcome in outcomes(given, book).items() if outcome.verdict == Verdict.FAILED}


def absent(given: Case, people: set[int]) -> Case:
    """The same, without these members at its last meeting."""
    last = given.sittings[-1]
    stay = tuple(one.person for one in last.attendees if one.person not in people)
    return with_last(
        given,
        attendees=tuple(
            replace(one, presence="absent", absence_reason="因公外出") if one.person in people else one
            for one in last.attendees
        ),
        opinions=tuple(said for said in last.opinions if said.person not in people),
        vote=voted(stay, roster=len(last.attendees)),
        signed=frozenset(stay),
    )


def congress(present: int, yes: int) -> Case:
    """A matter of staff interest that went through a congress of 60 delegates first."""
    heard = sitting(
        "congress", date(2024, 4, 18), 0, counts_only=True, roster_total=60, present_total=present,
        vote=voted((), yes=yes, roster=60, present=present),
    )  # fmt: skip
    listed = entry(is_staff_interest=True, chain=("congress", "administration", "party"))
    return case(entry=listed, sittings=(heard, *case().sittings))


def test_nothing_is_wrong_with_the_lawful_case(book: RuleBook) -> None:
    found = outcomes(case(), book)
    assert failing(case(), book) == set()
    assert {code: str(one.reason) for code, one in found.items() if one.verdict == Verdict.SKIPPED} == {
        "C06": "不涉及教职工切身利益。",
        "C07": "清单没有要求任免程序。",
        "C24": "不是先行处置的紧急事项。",
    }
    assert len(list(all_checks())) == 25


BROKEN: dict[str, tuple[Break, set[str]]] = {
    "not on the list": (lambda it: replace(it, entry=None), {"C03"}),
    "list never filed": (lambda it: replace(it, edition=Edition("1", date(2024, 1, 1), None, None, None)), {"C03"}),
    "list filed afterwards": (
        lambda it: replace(it, edition=Edition("1", date(2024, 1, 1), date(2024, 4, 2), None, None)),
        {"C03"},
    ),
    "list too old": (
        lambda it: replace(it, edition=Edition("1", date(2023, 3, 1), date(2023, 3, 9), None, None)),
        {"C03"},
    ),
    "no study": (lambda it: without(it, "research"), {"C04"}),
    "one alternative": (
        lambda it: replace(
            without(it, "alternatives"),
            preparations=(*without(it, "alternatives").preparations, prepared("alternatives", count=1)),
        ),
        {"C04"},
    ),
    "study recorded after the meeting": (
        lambda it: replace(
            without(it, "research"), preparations=(*without(it, "research").preparations, prepared("research", SECOND))
        ),
        {"C04"},
    ),
    "no legal review": (lambda it: without(it, "legal"), {"C05"}),
    "reviewed by the proposer": (
        lambda it: replace(
            without(it, "legal"), preparations=(*without(it, "legal").preparations, prepared("legal", user_id=7))
        ),
        {"C05"},
    ),
    "review refused": (
        lambda it: replace(
            it, preparations=(*it.preparations, prepared("integrity", date(2024, 4, 11), result="refused"))
        ),
        {"C05"},
    ),
    "congress of 39 of 60": (lambda _it: congress(39, 39), {"C06", "C12"}),
    "congress passes by half": (lambda _it: congress(50, 30), {"C06", "C17"}),
    "no recommendation": (
        lambda it: replace(it, entry=entry(preparations=frozenset({"recommendation"}))),
        {"C07"},
    ),
    "notice three hours before": (
        lambda it: with_last(
            it, noticed_at=moment(SECOND, 12), materials_at=moment(SECOND, 12), added_at=moment(SECOND, 11)
        ),
        {"C08"},
    ),
    "a member not served": (
        lambda it: with_last(
            it,
            attendees=(
                replace(it.sittings[-1].attendees[0], served_at=None, read_at=None),
                *it.sittings[-1].attendees[1:],
            ),
        ),
        {"C08"},
    ),
    "added after the notice": (lambda it: with_last(it, added_at=moment(SECOND - timedelta(days=2), 9)), {"C09"}),
    "no talk": (lambda it: without(it, "communication"), {"C10"}),
    "talk in dispute": (
        lambda it: replace(
            it, preparations=(*it.preparations, prepared("communication", date(2024, 4, 11), result="disputed"))
        ),
        {"C10"},
    ),
    "not filed": (lambda it: without(it, "filing"), {"C11"}),
    "filed two working days before": (
        lambda it: replace(
            without(it, "filing"),
            preparations=(*without(it, "filing").preparations, prepared("filing", date(2024, 4, 18))),
        ),
        {"C11"},
    ),
    "three of seven came": (lambda it: absent(it, {4, 5, 6, 7}), {"C12", "C17"}),
    "important, four of seven came": (
        lambda it: absent(replace(it, entry=entry(is_important=True)), {5, 6, 7}),
        {"C12"},
    ),
    "party before administration": (
        lambda it: replace(it, sittings=(sitting("party", FIRST), sitting("administration", SECOND))),
        {"C13"},
    ),
    "administration alone": (lambda it: replace(it, sittings=it.sittings[:1], decided_on=FIRST), {"C13"}),
    "interest and a vote": (lambda it: with_last(it, related=frozenset({4})), {"C14"}),
    "recused and stayed": (
        lambda it: with_last(
            it,
            recusals=(Left(4, "self", "declared", None),),
            vote=voted((1, 2, 3, 5, 6, 7), roster=7, present=7),
        ),
        {"C14"},
    ),
    "chief first": (
        lambda it: with_last(
            it,
            opinions=tuple(
                replace(said, order=1 if said.is_chief else said.order + 1) for said in it.sittings[-1].opinions
            ),
        ),
        {"C15"},
    ),
    "passed without a vote": (lambda it: with_last(it, vote=None), {"C16"}),
    "one vote for two": (lambda it: with_last(it, shares_vote=True), {"C16"}),
    "three of seven agree": (
        lambda it: with_last(
            it,
            vote=voted(
                tuple(range(1, 8)),
                yes=3,
                no=4,
                ballots={1: "yes", 2: "yes", 3: "yes", 4: "no", 5: "no", 6: "no", 7: "no"},
            ),
        ),
        {"C17"},
    ),
    "more votes than voters": (lambda it: with_last(it, vote=voted(tuple(range(1, 8)), yes=8, ballots={})), {"C17"}),
    "told otherwise than cast": (lambda it: with_last(it, vote=voted(tuple(range(1, 8)), yes=6)), {"C17"}),
    "rejected though enough agreed": (
        lambda it: with_last(replace(it, is_passed=False), outcome="rejected"),
        {"C17"},
    ),
    "two minutes": (lambda it: with_last(it, ended_at=moment(SECOND, 15, 2)), {"C18"}),
    "a decision without any meeting": (lambda it: replace(it, sittings=()), {"C18"}),
    "discipline absent": (lambda it: absent(it, {3}), {"C19"}),
    "discipline silent": (
        lambda it: with_last(it, opinions=tuple(said for said in it.sittings[-1].opinions if said.person != 3)),
        {"C19"},
    ),
    "entered five working days later": (lambda it: with_last(it, entered_at=moment(date(2024, 5, 6), 10)), {"C20"}),
    "changed after the lock": (lambda it: with_last(it, changed_after_lock=True), {"C20"}),
    "one unsigned": (lambda it: with_last(it, signed=frozenset({1, 2, 3, 4, 5, 6})), {"C20"}),
    "no chair": (lambda it: with_last(it, has_chair=False), {"C20"}),
    "not made public": (lambda it: replace(it, publications=()), {"C21"}),
    "public for two days": (
        lambda it: replace(it, publications=(Published(date(2024, 4, 26), date(2024, 4, 30), date(2024, 4, 30)),)),
        {"C21"},
    ),
    "stopped by an objection for two of six": (
        lambda it: replace(
            it,
            publications=(
                Published(
                    date(2024, 4, 26), date(2024, 5, 3), date(2024, 5, 3), ((date(2024, 4, 29), date(2024, 4, 30)),)
                ),
            ),
        ),
        {"C21"},
    ),
    "nobody in charge": (
        lambda it: replace(it, tasks=(replace(it.tasks[0], has_owner=False),)),
        {"C22"},
    ),
    "silent for 31 days": (
        lambda it: replace(
            it,
            tasks=(
                Assigned(
                    True, date(2024, 6, 30), date(2024, 5, 8), date(2024, 6, 20), (date(2024, 6, 8), date(2024, 6, 10))
                ),
            ),
        ),
        {"C22"},
    ),
    "paid a tenth and a fen too much": (
        lambda it: replace(it, payments=(replace(it.payments[0], amount_fen=YUAN * 11 // 10 + 1),)),
        {"C23"},
    ),
    "another supplier": (lambda it: replace(it, contracts=(replace(it.contracts[0], supplier="别家"),)), {"C23"}),
    "begun before the decision": (
        lambda it: replace(it, contracts=(replace(it.contracts[0], on=date(2024, 4, 20)),)),
        {"C23"},
    ),
    "begun while public": (
        lambda it: replace(it, contracts=(replace(it.contracts[0], on=date(2024, 5, 6), started_on=None),)),
        {"C23"},
    ),
    "urgent, decided too late": (lambda it: replace(it, is_urgent=True, acted_on=date(2024, 4, 1)), {"C24"}),
    "urgent, the next meeting did not": (
        lambda it: replace(it, is_urgent=True, acted_on=date(2024, 4, 19), meetings_after=(FIRST,)),
        {"C24"},
    ),
    "not archived": (lambda it: replace(it, archived_on=None), {"C25"}),
    "not looked back upon": (lambda it: replace(it, review_due_on=date(2024, 8, 1)), {"C25"}),
}


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_found_and_nothing_else(what: str, book: RuleBook) -> None:
    spoil, expected = BROKEN[what]
    assert failing(spoil(case()), book) == expected


def test_a_broken_case_stands_for_every_check_of_a_proposal() -> None:
    found = {code for _spoil, codes in BROKEN.values() for code in codes}
    assert found == {check.code for check in all_checks() if check.on_case}


ALLOWED: dict[str, Break] = {
    "paid a tenth more": lambda it: replace(it, payments=(replace(it.payments[0], amount_fen=YUAN * 11 // 10),)),
    "more was approved later": lambda it: replace(
        it,
        payments=(replace(it.payments[0], amount_fen=YUAN * 2),),
        reconsidered=((date(2024, 6, 1), YUAN * 2, ""),),
    ),
    "recused and left": lambda it: with_last(
        it, related=frozenset({4}), recusals=(Left(4, "kin", "known", moment(SECOND, 15, 20)),),
        vote=voted((1, 2, 3, 5, 6, 7), roster=7, present=7),
    ),
    "one absent, with reason": lambda it: absent(it, {7}),
    "let in late with reason and approval": lambda it: with_last(
        it, added_at=moment(SECOND - timedelta(days=2), 9), late_reason="汛期险情", late_approved_by="书记"
    ),
    "not public, on a basis": lambda it: replace(
        it, publications=(), is_confidential=True, has_confidential_basis=True
    ),
    "one body for both": lambda it: replace(
        it, sittings=(sitting("party", FIRST, stands_in_for=frozenset({"administration"})),), decided_on=FIRST
    ),
    "put off, then passed": lambda it: replace(
        it, sittings=(it.sittings[0], sitting("party", date(2024, 4, 24), outcome="postponed", vote=None), it.sittings[1])
    ),
    "withdrawn": lambda it: replace(it, is_withdrawn=True, sittings=(), preparations=(), entry=None),
    "waived": lambda it: replace(without(it, "research"), waived=frozenset({"research"})),
}  # fmt: skip


@pytest.mark.parametrize("what", ALLOWED)
def test_what_is_allowed_is_not_found(what: str, book: RuleBook) -> None:
    assert failing(ALLOWED[what](case()), book) == set()


def test_nothing_is_said_of_a_proposal_that_was_not_tabled_yet(book: RuleBook) -> None:
    new = case(
        sittings=(), preparations=(), is_passed=None, decided_on=None, archived_on=None, tasks=(), publications=(),
        payments=(), contracts=(),
    )  # fmt: skip
    verdicts = {code: one.verdict for code, one in outcomes(new, book).items()}
    assert verdicts.pop("C03") == Verdict.PASSED
    assert set(verdicts.values()) == {Verdict.SKIPPED}


@pytest.mark.parametrize(
    ("size", "came", "fine"),
    [
        (3, 2, True),
        (3, 1, False),
        (5, 3, True),
        (5, 2, False),
        (6, 3, True),
        (6, 2, False),
        (7, 4, True),
        (7, 3, False),
        (9, 5, True),
        (9, 4, False),
    ],
)
def test_half_of_a_body_is_enough_to_meet(size: int, came: int, fine: bool, book: RuleBook) -> None:
    party = sitting("party", SECOND, size)
    given = absent(replace(case(), sittings=(party,)), set(range(came + 1, size + 1)))
    assert (get("C12").on_case(given, book).verdict == Verdict.PASSED) is fine  # type: ignore[misc]  # has one


@pytest.mark.parametrize(("days", "severity"), [(5, Severity.NOTE), (11, Severity.SERIOUS), (31, Severity.GRAVE)])
def test_the_longer_a_task_is_late_the_graver(days: int, severity: Severity, book: RuleBook) -> None:
    start, due = date(2024, 5, 8), date(2024, 6, 1)
    done = due + timedelta(days=days)
    told = tuple(start + timedelta(days=step) for step in range(10, 60, 10))
    given = case(tasks=(Assigned(True, due, start, done, told),))
    (found,) = get("C22").on_case(given, book).failures  # type: ignore[misc]  # has one
    assert found.severity == severity


def test_members_are_told_apart_by_key_and_not_by_name(book: RuleBook) -> None:
    same = tuple(replace(one, name="王芳") for one in members())
    given = with_last(
        case(), attendees=same, related=frozenset({4}), recusals=(Left(4, "kin", "known", moment(SECOND, 15, 20)),)
    )
    (found,) = get("C14").on_case(given, book).failures  # type: ignore[misc]  # has one
    assert found.inputs["person"] == 4


def test_a_payment_of_the_decision_is_not_a_deviation_twice(book: RuleBook) -> None:
    given = case(payments=(Spent(1, "FK1", date(2024, 6, 21), "repair", "别家", YUAN * 2, 1, SECOND),))
    keys = {found.key for found in get("C23").on_case(given, book).failures}  # type: ignore[misc]  # has one
    assert keys == {"paid", "supplier:别家"}
