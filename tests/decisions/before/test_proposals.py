"""Putting forward, preparing, excepting, withdrawing."""

from datetime import date, timedelta
from typing import Any

import pytest

from tests.cast import Cast
from tests.decisions.after.desk import Desk
from tests.decisions.before.room import start, state
from tests.factories.proposals import make_entry, make_proposal
from xianxue.decisions.models import Preparation, Proposal, RuleSet, Waiver
from xianxue.decisions.services import proposals
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.procedures import clock

Desks = dict[str, Desk]


def test_numbers_of_a_school_and_a_year_have_no_gaps(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda: date(2024, 10, 15))
    entry = make_entry(cast.first_primary)
    made = [make_proposal(cast, entry=entry).number for _each in range(2)]
    assert [*made, make_proposal(cast, cast.second_primary).number] == ["2024-001", "2024-002", "2024-001"]
    with pytest.raises(Refused):
        make_proposal(cast, entry=None)
    assert make_proposal(cast, entry=entry).number == "2024-003"
    Proposal.unguarded.filter(number="2024-003").update(number="2024-999")
    assert make_proposal(cast, entry=entry).number == "2024-1000"
    assert make_proposal(cast, entry=entry).number == "2024-1001"
    monkeypatch.setattr(clock, "today", lambda: date(2025, 1, 2))
    assert make_proposal(cast, entry=entry).number == "2025-001"


def test_a_proposal_keeps_its_entry_its_rules_and_who_made_it(cast: Cast) -> None:
    entry = make_entry(cast.first_primary, category="funds")
    made = make_proposal(cast, entry=entry)
    kept = Proposal.objects.get(pk=made.pk)
    assert (kept.entry, kept.category, kept.rule_set) == (entry, "funds", RuleSet.objects.get())
    assert (kept.proposer, kept.proposed_on) == (cast.users["recorder"], clock.today())
    assert state(kept) == "proposed"


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        ({"entry": None}, "unlisted_reason", "没有选清单事项"),
        ({"entry": None, "category": "funds", "unlisted_reason": " "}, "unlisted_reason", "没有选清单事项"),
        ({"acted_on": date(2999, 1, 1), "urgent_reason": "管道爆裂"}, "acted_on", "晚于今天"),
        ({"acted_on": date(2024, 10, 1)}, "urgent_reason", "没有写明紧急情况"),
    ],
)
def test_what_is_refused(cast: Cast, given: dict[str, Any], field: str, words: str) -> None:
    with pytest.raises(Refused, match=words) as refused:
        make_proposal(cast, **given)
    assert refused.value.field == field
    assert not Proposal.objects.exists()


def test_the_entry_is_of_the_own_school(cast: Cast) -> None:
    with pytest.raises(Refused, match="不在本校的清单里"):
        make_proposal(cast, entry=make_entry(cast.second_primary))


def test_one_outside_the_list_says_why(cast: Cast) -> None:
    made = make_proposal(cast, entry=None, category="funds", unlisted_reason="清单制定时没有这类支出")
    assert (made.category, made.unlisted_reason, made.entry) == ("funds", "清单制定时没有这类支出", None)


def test_leaders_take_it_up_and_nobody_else(cast: Cast, desks: Desks) -> None:
    made = make_proposal(cast)
    with pytest.raises(Refused):
        desks["recorder"].does(proposals.start, made)
    desks["secretary"].does(proposals.start, made)
    assert state(made) == "preparing"


def test_a_preparation_is_kept_with_its_day_and_the_moment_of_its_entry(cast: Cast, desks: Desks) -> None:
    made = start(desks, make_proposal(cast))
    given = {"kind": "alternatives", "done_on": clock.today(), "name": "总务处", "count": 2, "text": "两家报价"}
    desks["recorder"].does(proposals.prepare, made, **given)
    kept = Preparation.objects.get(kind="alternatives")
    assert (kept.count, kept.name, kept.text, kept.result) == (2, "总务处", "两家报价", "done")
    assert kept.user == cast.users["recorder"]
    assert events_of("decisions.preparation", kept.pk)[0].changes["done_on"] == [None, clock.today().isoformat()]
    assert state(made) == "preparing"


def test_a_preparation_lies_between_the_proposal_and_today(cast: Cast, desks: Desks) -> None:
    made = start(desks, make_proposal(cast))
    for day in (clock.today() - timedelta(days=1), clock.today() + timedelta(days=1)):
        with pytest.raises(Refused, match="完成日期") as refused:
            desks["recorder"].does(proposals.prepare, made, kind="research", done_on=day, name="总务处")
        assert refused.value.field == "done_on"


@pytest.mark.parametrize("kind", ["legal", "integrity", "communication", "nonsense"])
def test_reviews_and_the_talk_have_steps_of_their_own(cast: Cast, desks: Desks, kind: str) -> None:
    made = start(desks, make_proposal(cast))
    with pytest.raises(Refused, match="自己的办理步骤"):
        desks["recorder"].does(proposals.prepare, made, kind=kind, done_on=clock.today(), name="总务处")


def test_who_proposed_does_not_review(cast: Cast, desks: Desks) -> None:
    made = start(desks, make_proposal(cast))
    with pytest.raises(Refused):
        desks["recorder"].does(proposals.review_law, made, agrees=True, text="合法")
    desks["member"].does(proposals.review_law, made, agrees=True, text="合法")
    with pytest.raises(Refused):
        desks["member"].does(proposals.review_integrity, made, agrees=True, text="没有利益关系")
    desks["inspector"].does(proposals.review_integrity, made, agrees=False, text="供应商是亲属")
    kept = Preparation.objects.filter(kind__in=("legal", "integrity")).order_by("pk")
    assert [(one.kind, one.result) for one in kept] == [("legal", "agreed"), ("integrity", "refused")]


def test_an_exception_is_of_something_missing_and_made_once(cast: Cast, desks: Desks) -> None:
    made = make_proposal(cast, entry=make_entry(cast.first_primary, preparations=["research"]))
    start(desks, made)
    secretary = desks["secretary"]
    with pytest.raises(Refused, match="现在不缺"):
        secretary.does(proposals.waive, made, requirement="expert", reason="没有专家", note="没有专家")
    secretary.does(proposals.waive, made, requirement="research", reason="上级统一调研", note="上级统一调研")
    kept = Waiver.objects.get()
    assert (kept.requirement, kept.reason, kept.user) == ("research", "上级统一调研", cast.users["secretary"])
    with pytest.raises(Refused, match="现在不缺"):
        secretary.does(proposals.waive, made, requirement="research", reason="再来一次", note="再来一次")


def test_who_proposed_makes_no_exception_for_it(cast: Cast, desks: Desks) -> None:
    entry = make_entry(cast.first_primary, preparations=["research"])
    made = desks["secretary"].does(
        proposals.propose, unit=cast.first_primary.unit, entry=entry, title="修缮操场"
    )  # fmt: skip
    start(desks, made)
    with pytest.raises(Refused):
        desks["secretary"].does(proposals.waive, made, requirement="research", reason="不必", note="不必")
    assert not Waiver.objects.exists()


def test_it_is_withdrawn_with_a_reason_and_declined_with_one(cast: Cast, desks: Desks) -> None:
    entry = make_entry(cast.first_primary)
    taken_back, declined = make_proposal(cast, entry=entry), make_proposal(cast, entry=entry)
    with pytest.raises(Refused):
        desks["recorder"].does(proposals.withdraw, taken_back)
    desks["recorder"].does(proposals.withdraw, taken_back, note="经费未落实")
    desks["secretary"].does(proposals.decline, declined, note="不属于议事范围")
    assert (state(taken_back), state(declined)) == ("withdrawn", "declined")
