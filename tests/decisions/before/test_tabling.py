"""What lacks anything is held back; what is complete goes through its bodies in their order; the last one decides."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from tests.cast import Cast
from tests.decisions.after.desk import Desk
from tests.decisions.before.room import body_of, convene, outcome, start, state
from tests.factories.people import PersonFactory
from tests.factories.proposals import make_entry, make_proposal
from xianxue.decisions.models import Proposal, Tabling
from xianxue.decisions.selectors.meetings import next_body
from xianxue.decisions.selectors.rule_sets import book_of
from xianxue.decisions.services import proposals, tabling
from xianxue.kernel.commands import Refused
from xianxue.kernel.procedures import clock
from xianxue.kernel.procedures.models import StepRecord
from xianxue.meetings.choices import ItemOutcome
from xianxue.meetings.models import AgendaItem, Body
from xianxue.meetings.rules.majority import Base, Fraction
from xianxue.meetings.rules.provided import blocked, rules_of
from xianxue.meetings.services import agenda, convening

Desks = dict[str, Desk]
Bodies = dict[str, Body]
HALF = Fraction(1, 2, strict=False, base=Base.ROSTER)
TWO_THIRDS = Fraction(2, 3, strict=False, base=Base.ROSTER)


def ready(cast: Cast, desks: Desks, **facts: Any) -> Proposal:
    """One whose entry asks for nothing more than the talk."""
    given = {"chain": ["administration", "party"], **facts}
    return start(desks, make_proposal(cast, entry=make_entry(cast.first_primary, **given)))


def test_a_complete_one_goes_on_the_agenda(cast: Cast, desks: Desks, bodies: Bodies, soon: datetime) -> None:
    made = ready(cast, desks)
    meeting = convene(desks["recorder"], bodies["administration"], soon)
    desks["recorder"].does(tabling.table, made, meeting=meeting)
    item = AgendaItem.objects.get()
    assert (item.meeting, item.title, item.kind) == (meeting, "购置图书室书架", "decision")
    assert [one.organisation for one in item.concerns.all()] == ["试验家具厂"]
    assert Tabling.objects.get().proposal == made
    assert state(made) == "tabled"


def test_a_candidate_is_whom_the_item_concerns(cast: Cast, desks: Desks, bodies: Bodies, soon: datetime) -> None:
    person = PersonFactory()
    entry = make_entry(cast.first_primary, category="appointment", is_important=True)
    made = start(desks, make_proposal(cast, entry=entry, candidate=person, supplier="", amount_fen=None))
    meeting = convene(desks["recorder"], bodies["party"], soon)
    desks["recorder"].does(tabling.table, made, meeting=meeting)
    assert [one.person for one in AgendaItem.objects.get().concerns.all()] == [person]


@pytest.mark.parametrize("kind", ["research", "consultation", "expert", "risk", "alternatives", "recommendation"])
def test_each_thing_that_is_missing_holds_the_agenda_entry(
    cast: Cast, desks: Desks, bodies: Bodies, soon: datetime, kind: str
) -> None:
    made = ready(cast, desks, preparations=[kind], chain=["party"])
    meeting = convene(desks["recorder"], bodies["party"], soon)
    with pytest.raises(Refused, match=r"未能列入会议：.*没有"):
        desks["recorder"].does(tabling.table, made, meeting=meeting)
    assert (state(made), AgendaItem.objects.count(), Tabling.objects.count()) == ("preparing", 0, 0)
    given = {"kind": kind, "done_on": clock.today(), "name": "总务处", "count": 2}
    desks["recorder"].does(proposals.prepare, made, **given)
    desks["recorder"].does(tabling.table, made, meeting=meeting)
    assert state(made) == "tabled"


def test_a_review_that_does_not_agree_holds_it_and_an_exception_lets_it_go(
    cast: Cast, desks: Desks, bodies: Bodies, soon: datetime
) -> None:
    made = ready(cast, desks, preparations=["integrity"], chain=["party"])
    meeting = convene(desks["recorder"], bodies["party"], soon)
    desks["inspector"].does(proposals.review_integrity, made, agrees=False, text="有利益关系")
    with pytest.raises(Refused, match="不同意"):
        desks["recorder"].does(tabling.table, made, meeting=meeting)
    desks["secretary"].does(proposals.waive, made, requirement="integrity", reason="已换供应商", note="已换供应商")
    desks["recorder"].does(tabling.table, made, meeting=meeting)
    assert state(made) == "tabled"


def test_without_the_talk_nothing_goes_and_a_dispute_is_no_talk(
    cast: Cast, desks: Desks, bodies: Bodies, soon: datetime
) -> None:
    made = make_proposal(cast)
    desks["secretary"].does(proposals.start, made)
    meeting = convene(desks["recorder"], bodies["party"], soon)
    with pytest.raises(Refused, match="书记校长沟通"):
        desks["recorder"].does(tabling.table, made, meeting=meeting)
    desks["secretary"].does(proposals.talk, made, done_on=clock.today(), is_disputed=True)
    with pytest.raises(Refused, match="重大分歧"):
        desks["recorder"].does(tabling.table, made, meeting=meeting)
    desks["secretary"].does(proposals.talk, made, done_on=clock.today())
    desks["recorder"].does(tabling.table, made, meeting=meeting)


def test_what_must_be_filed_with_the_bureau_is_filed_in_time(cast: Cast, desks: Desks, bodies: Bodies) -> None:
    made = ready(cast, desks, filing_days=3, chain=["party"])
    recorder = desks["recorder"]
    early = convene(recorder, bodies["party"], clock.now() + timedelta(hours=30), "早")
    late = convene(recorder, bodies["party"], clock.now() + timedelta(days=20), "晚")
    with pytest.raises(Refused, match="会前报备"):
        recorder.does(tabling.table, made, meeting=late)
    recorder.does(proposals.prepare, made, kind="filing", done_on=clock.today(), name="学校办公室")
    with pytest.raises(Refused, match="报备晚了"):
        recorder.does(tabling.table, made, meeting=early)
    recorder.does(tabling.table, made, meeting=late)
    assert state(made) == "tabled"


def test_the_bodies_come_in_their_order(cast: Cast, desks: Desks, bodies: Bodies, soon: datetime) -> None:
    made = ready(cast, desks)
    meeting = convene(desks["recorder"], bodies["party"], soon)
    with pytest.raises(Refused, match="应当先经校长办公会"):
        desks["recorder"].does(tabling.table, made, meeting=meeting)


def test_a_meeting_of_another_school_is_refused(cast: Cast, desks: Desks, soon: datetime) -> None:
    made = ready(cast, desks, chain=["party"])
    body = body_of(cast, "party", 3)
    meeting = convene(desks["recorder"], body, soon)
    type(meeting).unguarded.filter(pk=meeting.pk).update(unit=cast.second_primary.unit)
    meeting.refresh_from_db()
    with pytest.raises(Refused, match="别的单位"):
        desks["recorder"].does(tabling.table, made, meeting=meeting)


def test_only_the_last_body_decides(cast: Cast, desks: Desks, bodies: Bodies, soon: datetime) -> None:
    made = ready(cast, desks)
    recorder = desks["recorder"]
    recorder.does(tabling.table, made, meeting=convene(recorder, bodies["administration"], soon))
    assert next_body(made) == "administration"
    outcome(recorder, made, ItemOutcome.PASSED, "同意上报。")
    made.refresh_from_db()
    assert (state(made), made.is_passed, made.decided_on) == ("preparing", None, None)
    assert next_body(made) == "party"
    recorder.does(tabling.table, made, meeting=convene(recorder, bodies["party"], soon + timedelta(days=1)))
    outcome(recorder, made, ItemOutcome.PASSED, "同意购置。")
    made.refresh_from_db()
    assert (state(made), made.is_passed, made.resolution) == ("decided", True, "同意购置。")
    assert made.decided_on == timezone.localdate(soon + timedelta(days=1))
    assert (made.approved_fen, made.approved_supplier) == (12_600_00, "试验家具厂")
    assert made.resolution_number
    assert next_body(made) == ""


def test_a_body_that_stands_in_for_two_decides_at_once(cast: Cast, desks: Desks, soon: datetime) -> None:
    made = ready(cast, desks)
    recorder = desks["recorder"]
    body = body_of(cast, "party", 3, stands_in_for=["administration"])
    recorder.does(tabling.table, made, meeting=convene(recorder, body, soon))
    outcome(recorder, made, ItemOutcome.PASSED)
    assert state(made) == "decided"


def test_rejected_is_the_end_and_postponed_is_another_meeting(
    cast: Cast, desks: Desks, bodies: Bodies, soon: datetime
) -> None:
    recorder = desks["recorder"]
    rejected, put_off = ready(cast, desks, chain=["party"]), ready(cast, desks, chain=["party"])
    meeting = convene(recorder, bodies["party"], soon)
    for one in (rejected, put_off):
        recorder.does(tabling.table, one, meeting=meeting)
    outcome(recorder, rejected, ItemOutcome.REJECTED)
    outcome(recorder, put_off, ItemOutcome.POSTPONED)
    rejected.refresh_from_db()
    assert (state(rejected), rejected.is_passed, rejected.approved_fen) == ("rejected", False, None)
    assert (state(put_off), put_off.is_passed) == ("preparing", None)
    recorder.does(tabling.table, put_off, meeting=convene(recorder, bodies["party"], soon + timedelta(days=3)))
    assert put_off.tablings.count() == 2


def test_items_are_decided_by_the_rules_that_the_proposal_keeps(
    cast: Cast, desks: Desks, bodies: Bodies, soon: datetime
) -> None:
    recorder = desks["recorder"]
    plain, grave = ready(cast, desks, chain=["party"]), ready(cast, desks, chain=["party"], is_important=True)
    strict = ready(cast, desks, chain=["party"], majority="two_thirds")
    meeting = convene(recorder, bodies["party"], soon)
    for one in (plain, grave, strict):
        recorder.does(tabling.table, one, meeting=meeting)
    found = {
        one.tabling.proposal_id: rules_of(one) for one in AgendaItem.objects.select_related("tabling", "meeting__body")
    }
    majority = Fraction(1, 2, strict=True, base=Base.ROSTER)
    said = [(rules.quorum, rules.majority) for rules in (found[one.pk] for one in (plain, grave, strict)) if rules]
    assert said == [(HALF, majority), (TWO_THIRDS, majority), (HALF, TWO_THIRDS)]
    assert {rules.version for rules in found.values() if rules} == {plain.rule_set.version}


def test_what_does_not_wait_cannot_be_opened(cast: Cast, desks: Desks, bodies: Bodies, soon: datetime) -> None:
    recorder = desks["recorder"]
    made = ready(cast, desks, chain=["party"])
    recorder.does(tabling.table, made, meeting=convene(recorder, bodies["party"], soon))
    item = AgendaItem.objects.get()
    assert blocked(item) is None
    outcome(recorder, made, ItemOutcome.PASSED)
    assert "已通过" in (blocked(item) or "")


def test_what_is_tabled_is_not_withdrawn(cast: Cast, desks: Desks, bodies: Bodies, soon: datetime) -> None:
    recorder = desks["recorder"]
    made = ready(cast, desks, chain=["party"])
    recorder.does(tabling.table, made, meeting=convene(recorder, bodies["party"], soon))
    with pytest.raises(Refused):
        recorder.does(proposals.withdraw, made, note="不要了")
    assert state(made) == "tabled"


@pytest.mark.parametrize("how", ["dropped", "called off"])
def test_what_is_taken_off_the_agenda_is_prepared_on_and_tabled_again(
    cast: Cast, desks: Desks, bodies: Bodies, soon: datetime, how: str
) -> None:
    recorder = desks["recorder"]
    made = ready(cast, desks, chain=["party"])
    meeting = convene(recorder, bodies["party"], soon)
    recorder.does(tabling.table, made, meeting=meeting)
    if how == "dropped":
        recorder.does(agenda.drop_item, AgendaItem.objects.get(), reason="材料要补")
    else:
        recorder.does(convening.cancel, meeting, note="书记外出")
    assert (state(made), Tabling.objects.count(), AgendaItem.objects.count()) == ("preparing", 0, int(how != "dropped"))
    last = StepRecord.objects.filter(matter=made.matter_id).order_by("-number")[0]
    told = {"dropped": "材料要补", "called off": "会议取消"}[how]
    assert (last.step, last.actor, last.note) == ("take_off", "系统", told)
    recorder.does(tabling.table, made, meeting=convene(recorder, bodies["party"], soon + timedelta(days=1), "再议"))
    assert state(made) == "tabled"


# 教代会 in the first rules: two thirds come, more than half of all must agree; the others: half come.
@pytest.mark.parametrize(
    ("size", "half", "important", "more_than_half"),
    [(3, 2, 2, 2), (5, 3, 4, 3), (6, 3, 4, 4), (7, 4, 5, 4), (9, 5, 6, 5)],
)
def test_a_body_that_stands_in_decides_by_the_rules_of_the_one_in_whose_stead_it_stands(
    cast: Cast, desks: Desks, soon: datetime, size: int, half: int, important: int, more_than_half: int
) -> None:
    recorder = desks["recorder"]
    body = body_of(cast, "other", size, stands_in_for=["administration", "party"])
    plain, grave = ready(cast, desks), ready(cast, desks, chain=["party"], is_important=True)
    meeting = convene(recorder, body, soon)
    for one in (plain, grave):
        recorder.does(tabling.table, one, meeting=meeting)
    found = {one.tabling.proposal_id: rules_of(one) for one in AgendaItem.objects.select_related("meeting__body")}
    said = [found[one.pk] for one in (plain, grave)]
    needed = [(one.quorum.needed(size), one.majority.needed(size)) for one in said if one]
    assert needed == [(half, more_than_half), (important, more_than_half)]


def test_a_party_body_in_the_stead_of_a_congress_decides_by_the_rules_of_a_congress(
    cast: Cast, desks: Desks, soon: datetime
) -> None:
    recorder = desks["recorder"]
    body = body_of(cast, "party", 6, stands_in_for=["congress"])
    alone, both = ready(cast, desks, chain=["congress"]), ready(cast, desks, chain=["congress", "party"])
    meeting = convene(recorder, body, soon)
    for one in (alone, both):
        recorder.does(tabling.table, one, meeting=meeting)
    found = {one.tabling.proposal_id: rules_of(one) for one in AgendaItem.objects.select_related("meeting__body")}
    book = book_of(alone.rule_set)
    assert [rules and rules.quorum for rules in (found[alone.pk], found[both.pk])] == [TWO_THIRDS, HALF]
    assert [rules and rules.majority for rules in (found[alone.pk], found[both.pk])] == [
        book.majority_of("", "congress"), book.majority_of("", "party"),
    ]  # fmt: skip


def test_a_chain_of_three_takes_one_body_after_another(
    cast: Cast, desks: Desks, bodies: Bodies, soon: datetime
) -> None:
    recorder = desks["recorder"]
    bodies["congress"] = body_of(cast, "congress", 0, counts_only=True)
    chain = ["administration", "party", "congress"]
    made = ready(cast, desks, chain=chain)
    meetings = {kind: convene(recorder, bodies[kind], soon + timedelta(days=at)) for at, kind in enumerate(chain)}
    for kind in chain:
        for wrong in chain:
            if wrong != kind:
                with pytest.raises(Refused, match="按会议顺序应当先经"):
                    recorder.does(tabling.table, made, meeting=meetings[wrong])
        recorder.does(tabling.table, made, meeting=meetings[kind])
        outcome(recorder, made, ItemOutcome.PASSED)
    made.refresh_from_db()
    assert (state(made), made.is_passed) == ("decided", True)
