"""Carrying out: tasks of somebody until a day, money against what was approved, change by reconsideration alone, archive."""

from datetime import date, timedelta

import pytest
from django.utils import timezone

from tests.cast import Cast
from tests.decisions.after import rows
from tests.decisions.after.desk import Desk
from tests.factories.ledgers import ContractFactory, PaymentFactory
from xianxue.decisions.models import Feedback, Finding, Proposal, Publication, Task
from xianxue.decisions.rules.outcomes import get
from xianxue.decisions.selectors.cases import case_of
from xianxue.decisions.selectors.execution import Spending, chain_of, in_force, open_ends, spending
from xianxue.decisions.selectors.rule_sets import book_of
from xianxue.decisions.selectors.urgent import ratification
from xianxue.decisions.services import archiving, execution
from xianxue.decisions.services.urgent import act_first
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import events_of

TODAY = date(2024, 12, 2)
TASK = {"what": "签订合同", "owner_name": "钱主任", "due_on": date(2027, 6, 30)}


@pytest.fixture
def proposal(cast: Cast) -> Proposal:
    """One that need not be made public."""
    return rows.proposal(cast, entry=rows.entry(cast, publication_days=None))


def state(proposal: Proposal) -> str:
    proposal.matter.refresh_from_db()
    return proposal.matter.state


def test_a_task_has_an_owner_and_a_limit(recorder: Desk, proposal: Proposal) -> None:
    with pytest.raises(Refused, match="没有责任人") as refused:
        recorder.does(execution.assign, proposal, **{**TASK, "owner_name": " "})
    assert refused.value.field == "owner_name"
    with pytest.raises(Refused, match="早于决定日期"):
        recorder.does(execution.assign, proposal, **{**TASK, "due_on": date(2024, 10, 7)})
    recorder.does(execution.assign, proposal, **TASK)
    made = Task.objects.get()
    assert (made.what, made.owner_name, made.due_on, made.done_on) == ("签订合同", "钱主任", date(2027, 6, 30), None)
    assert proposal.matter.todos.get().due_on is None or proposal.matter.todos.get().due_on == date(2027, 6, 30)


def test_progress_is_kept_and_the_last_word_closes_the_task(recorder: Desk, proposal: Proposal) -> None:
    recorder.does(execution.assign, proposal, **TASK)
    task = Task.objects.get()
    recorder.does(execution.report, proposal, task=task, text="已询价", percent=40, started_on=date(2024, 10, 20))
    recorder.does(execution.report, proposal, task=task, text="已验收", is_done=True)
    task.refresh_from_db()
    assert (task.started_on, task.done_on) == (date(2024, 10, 20), timezone.localdate())
    assert list(Feedback.objects.order_by("pk").values_list("percent", flat=True)) == [40, 100]
    assert events_of("decisions.task", task.pk)[0].changes == {"done_on": [None, timezone.localdate().isoformat()]}
    with pytest.raises(Refused, match="已经办结"):
        recorder.does(execution.report, proposal, task=task, text="再说一次")


def test_nobody_finishes_while_a_task_is_open_and_the_recorder_does_not_finish_at_all(
    recorder: Desk, secretary: Desk, proposal: Proposal
) -> None:
    recorder.does(execution.assign, proposal, **TASK)
    with pytest.raises(Refused, match="还有 1 项任务没有完成：签订合同"):
        secretary.does(execution.finish, proposal)
    recorder.does(execution.report, proposal, task=Task.objects.get(), text="已完成", is_done=True)
    with pytest.raises(Refused):
        recorder.does(execution.finish, proposal)
    assert state(proposal) == "executing"
    secretary.does(execution.finish, proposal)
    assert state(proposal) == "done"


def test_money_of_a_decision_is_approved_contracted_and_paid(cast: Cast, proposal: Proposal) -> None:
    unit = cast.first_primary.unit
    ContractFactory(unit=unit, proposal=proposal, amount_fen=12_000_00, supplier="试验家具厂")
    PaymentFactory(unit=unit, proposal=proposal, amount_fen=6_000_00, payee="试验 家具厂")
    PaymentFactory(unit=unit, proposal=proposal, amount_fen=8_000_00, payee="别家商行")
    PaymentFactory(unit=unit, amount_fen=99_000_00)
    found = spending(proposal)
    assert found == Spending(12_600_00, "试验家具厂", 12_000_00, 14_000_00, 1, 2, ("别家商行",))
    assert (found.left, found.over) == (-1_400_00, 1_400_00)


def test_a_decision_without_an_amount_has_nothing_left_and_nothing_over(cast: Cast) -> None:
    found = spending(rows.proposal(cast, approved_fen=None, approved_supplier=""))
    assert (found.approved, found.left, found.over, found.other_suppliers) == (None, None, 0, ())


def test_a_decision_is_changed_by_another_decision_alone(cast: Cast, recorder: Desk, proposal: Proposal) -> None:
    recorder.does(execution.assign, proposal, **TASK)
    with pytest.raises(Refused, match="请另提一个议题，在“复议的原决定”中选择本议题（2024-001）"):
        recorder.does(execution.change, proposal, note="供应商停产")
    later = rows.proposal(cast, reconsiders=proposal, is_passed=None, decided_on=None)
    with pytest.raises(Refused, match="个人不得改变集体决定"):
        recorder.does(execution.change, proposal, note="供应商停产")
    later.is_passed, later.decided_on = True, date(2024, 11, 5)
    later.approved_fen, later.approved_supplier = 15_000_00, "另一家具厂"
    later.save()
    recorder.does(execution.change, proposal, note="按复议执行")
    event = events_of("decisions.proposal", proposal.pk)[0]
    assert event.changes["approved_fen"] == ["1260000", "1500000"]
    assert event.facts == {"reconsidered_by": "2024-002"}
    assert (in_force(proposal), spending(proposal).approved) == (later, 15_000_00)


def test_ledger_rows_of_a_decision_and_of_its_reconsideration_are_counted_together(cast: Cast) -> None:
    first = rows.proposal(cast)
    second = rows.proposal(cast, reconsiders=first, approved_fen=20_000_00)
    third = rows.proposal(cast, reconsiders=second, approved_fen=18_000_00)
    for one in (first, third):
        PaymentFactory(unit=cast.first_primary.unit, proposal=one, amount_fen=1_000_00)
    assert chain_of(second) == [first.pk, second.pk, third.pk]
    for one in (first, second, third):
        assert (spending(one).paid, spending(one).approved) == (2_000_00, 18_000_00)


def test_two_decisions_that_reconsider_each_other_end_the_search(cast: Cast) -> None:
    first = rows.proposal(cast)
    second = rows.proposal(cast, reconsiders=first)
    Proposal.objects.filter(pk=first.pk).update(reconsiders=second)
    first.refresh_from_db()
    assert in_force(first) == second
    assert [len(case_of(one, TODAY).reconsidered) for one in (first, second)] == [1, 1]


def overspent(proposal: Proposal) -> set[str]:
    """What the check of amounts finds, by kind of row."""
    case = case_of(proposal, TODAY)
    found = get("C23").on_case(case, book_of(proposal.rule_set))  # type: ignore[misc]  # has one
    return {one.key for one in found.failures} & {"paid", "contracted"}


def test_the_check_follows_a_decision_through_all_that_took_its_place(cast: Cast) -> None:
    first = rows.proposal(cast, approved_fen=10_000_00)
    second = rows.proposal(cast, reconsiders=first, approved_fen=12_000_00)
    third = rows.proposal(cast, reconsiders=second, approved_fen=15_000_00)
    facts = {"unit": cast.first_primary.unit, "paid_on": date(2024, 10, 20)}
    PaymentFactory(proposal=first, amount_fen=15_000_00, **facts)
    assert overspent(first) == set(), "the third approved as much"
    PaymentFactory(proposal=third, amount_fen=3_000_00, **facts)
    assert overspent(third) == {"paid"}, "with what the first had paid it is 18,000 of 15,000"
    assert case_of(third, TODAY).paid_before_fen == 15_000_00


def done(recorder: Desk, secretary: Desk, proposal: Proposal) -> None:
    recorder.does(execution.assign, proposal, **TASK)
    recorder.does(execution.report, proposal, task=Task.objects.get(proposal=proposal), text="已完成", is_done=True)
    secretary.does(execution.finish, proposal)
    # The rows have no meeting: what the checks found of that is settled elsewhere.
    Finding.objects.filter(proposal=proposal).update(gone_on=timezone.localdate())


def test_it_is_archived_once_under_a_number_and_comes_back_for_review(
    recorder: Desk, secretary: Desk, proposal: Proposal
) -> None:
    done(recorder, secretary, proposal)
    on = timezone.localdate() + timedelta(days=365)
    with pytest.raises(Refused, match="今天以后"):
        recorder.does(archiving.archive, proposal, archive_number="A-1", review_due_on=timezone.localdate())
    recorder.does(archiving.archive, proposal, archive_number="A-1", review_due_on=on)
    proposal.refresh_from_db()
    assert (proposal.archive_number, proposal.archived_on, proposal.review_due_on) == ("A-1", timezone.localdate(), on)
    assert proposal.matter.todos.get().due_on == on
    secretary.does(archiving.review, proposal, text="借阅量增加一倍")
    proposal.refresh_from_db()
    assert (proposal.review, proposal.reviewed_on) == ("借阅量增加一倍", timezone.localdate())
    assert state(proposal) == "reviewed"


def test_two_decisions_of_a_school_have_two_numbers(
    cast: Cast, recorder: Desk, secretary: Desk, proposal: Proposal
) -> None:
    rows.proposal(cast, archive_number="A-1")
    done(recorder, secretary, proposal)
    with pytest.raises(Refused, match="已经用过"):
        recorder.does(
            archiving.archive, proposal, archive_number="A-1", review_due_on=timezone.localdate() + timedelta(days=9)
        )


def test_what_is_open_needs_its_reason(cast: Cast, recorder: Desk, secretary: Desk, proposal: Proposal) -> None:
    done(recorder, secretary, proposal)
    Publication.unguarded.create(
        proposal=proposal, place="校务公开栏", started_on=rows.DAY, due_on=rows.DAY, is_on_site=False
    )
    assert open_ends(proposal) == [("publications", 1)]
    Finding.objects.filter(pk=Finding.objects.filter(proposal=proposal).earliest("pk").pk).update(gone_on=None)
    assert open_ends(proposal) == [("publications", 1), ("findings", 1)]
    on = timezone.localdate() + timedelta(days=365)
    with pytest.raises(Refused, match="还有没有办完的：公示 1、发现的问题 1。"):
        recorder.does(archiving.archive, proposal, archive_number="A-2", review_due_on=on)
    recorder.does(archiving.archive, proposal, archive_number="A-2", review_due_on=on, open_reason="公示栏改造")
    proposal.refresh_from_db()
    assert proposal.open_reason == "公示栏改造"


def test_acting_first_is_noted_before_a_meeting_and_ratified_within_its_limit(cast: Cast, recorder: Desk) -> None:
    proposal = rows.proposal(cast, is_passed=None, decided_on=None)
    recorder.does(act_first, proposal, acted_on=date(2024, 10, 8), reason="屋面垮塌，抢修")
    proposal.refresh_from_db()
    found = ratification(proposal)
    assert found is not None
    # Ten working days after the 8th; Saturday the 12th works.
    assert (proposal.is_urgent, found.due_on, found.ratified_on) == (True, date(2024, 10, 21), None)
    assert (found.is_late(date(2024, 10, 21)), found.is_late(date(2024, 10, 22))) == (False, True)
    proposal.is_passed, proposal.decided_on = True, date(2024, 10, 18)
    found = ratification(proposal)
    assert found is not None
    assert not found.is_late(date(2025, 1, 1))


def test_acting_first_is_not_said_after_the_meeting_nor_by_others(cast: Cast, recorder: Desk) -> None:
    with pytest.raises(Refused, match="已经过会议"):
        recorder.does(act_first, rows.proposal(cast), acted_on=date(2024, 10, 8), reason="抢修")
    with pytest.raises(Refused, match="只有本校"):
        Desk(cast, "other_recorder").does(
            act_first, rows.proposal(cast, is_passed=None), acted_on=date(2024, 10, 8), reason="抢修"
        )
    assert ratification(rows.proposal(cast)) is None
