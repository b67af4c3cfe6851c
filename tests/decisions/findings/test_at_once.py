"""The checks run with every change: with the first step of a proposal, with corrections of a record, with ledgers."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.cast import Cast
from tests.decisions.after import rows
from tests.decisions.after.desk import Desk
from tests.decisions.before.room import start
from tests.factories.organisations import SchoolFactory
from tests.factories.proposals import make_entry, make_proposal
from tests.ledgers.test_ledgers import PAYMENT, sends
from tests.meetings.scene import STARTED, Scene, scene_of
from xianxue.decisions.checks import DECISIONS
from xianxue.decisions.models import CheckRun, Finding, Proposal
from xianxue.decisions.rules.outcomes import SCHOOL
from xianxue.decisions.services import checking, tabling
from xianxue.kernel.access import system_actor, whole_county
from xianxue.kernel.checks import checking as engine
from xianxue.ledgers.models import Payment
from xianxue.meetings.models import AgendaItem, Meeting
from xianxue.meetings.services import closing, notices, presence, rosters, speaking, voting

pytestmark = pytest.mark.postgres
AT_ONCE = DECISIONS.kind(SCHOOL).at_once


@pytest.fixture
def cast(standing_cast: Any) -> Any:
    """The cast, in a reach over everything."""
    with whole_county("test"):
        yield standing_cast


def said(proposal: Proposal, code: str) -> Any:
    """What a check last said of a proposal."""
    outcome = CheckRun.objects.get(proposal=proposal, is_last=True).outcomes[code]
    return outcome if isinstance(outcome, str) else outcome["verdict"]


def failed(proposal: Proposal) -> set[str]:
    """Checks of the meeting that its last run failed."""
    outcomes = CheckRun.objects.get(proposal=proposal, is_last=True).outcomes
    return {code for code, told in outcomes.items() if isinstance(told, dict) and told["verdict"] == "failed"}


def reason(proposal: Proposal, code: str) -> str:
    """Why a check last failed."""
    return str(CheckRun.objects.get(proposal=proposal, is_last=True).outcomes[code]["reason"])


def held(cast: Cast, scene: Scene, *, at: datetime) -> tuple[Proposal, Meeting, AgendaItem]:
    """A proposal that a meeting passed; everybody spoke, the chief last. The meeting is not ended."""
    recorder, secretary = Desk(cast, "recorder"), Desk(cast, "secretary")
    proposal = start({"secretary": secretary}, make_proposal(cast, entry=make_entry(cast.first_primary)))
    late = at.date() < timezone.localdate()
    # What is done at a meeting entered later says when it happened.
    when: dict[str, Any] = {"at": at} if late else {}
    meeting = scene.convene(starts_at=timezone.now() + timedelta(seconds=1), chair=scene.seats[0].person)
    recorder.does(tabling.table, proposal, meeting=meeting)
    if late:
        Meeting.unguarded.filter(pk=meeting.pk).update(starts_at=at)
        AgendaItem.objects.update(added_at=at - timedelta(days=2))
    item = AgendaItem.objects.get()
    scene.records(notices.send_notice, meeting, **({"at": at - timedelta(days=1)} if late else {}))
    scene.records(presence.begin, meeting, **when)
    for one in scene.called(meeting):
        scene.records(presence.arrive, one, **when)
    scene.records(speaking.open_item, item, **when)
    for seat in (*scene.seats[1:], scene.seats[0]):
        scene.records(speaking.speak, item, person=seat.person, stance="agree", text="同意。", **when)
    scene.records(voting.open_vote, item, method="hands", **when)
    for seat in scene.seats:
        scene.records(voting.cast, item, person=seat.person, choice="yes", **when)
    scene.records(voting.close_vote, item, **when)
    scene.records(closing.end_item, item, summary="讨论了价格。", resolution="同意购置。", **when)
    proposal.refresh_from_db()
    return proposal, meeting, item


def test_the_first_check_comes_with_the_first_step(cast: Cast) -> None:
    proposal = make_proposal(cast, entry=None, category="project", unlisted_reason="新事项")
    run = CheckRun.objects.get()
    assert (run.proposal_id, run.unit_id, run.is_last) == (proposal.pk, cast.first_primary.pk, True)
    assert said(proposal, "C03") == "failed"
    assert list(Finding.objects.values_list("check_code", "proposal_id")) == [("C03", proposal.pk)]


def test_several_proposals_of_a_meeting_are_checked_together(cast: Cast) -> None:
    scene = scene_of(cast, 3)
    proposal, meeting, item = held(cast, scene, at=timezone.now())
    before = CheckRun.objects.filter(proposal=proposal).count()
    with whole_county("test"):
        tabling.when_changed([item], system_actor("task"))
    assert CheckRun.objects.filter(proposal=proposal).count() == before, "nothing differs, nothing is written"
    assert meeting.items.count() == 1


def test_a_meeting_entered_five_days_late_decides_on_its_own_day_and_is_found(cast: Cast) -> None:
    began = timezone.now().replace(microsecond=0) - timedelta(days=7)
    scene = scene_of(cast, 3)
    proposal, meeting, _item = held(cast, scene, at=began)
    assert (proposal.is_passed, proposal.decided_on) == (True, timezone.localdate(began))
    assert "才录入记录" not in reason(proposal, "C20")
    scene.records(closing.end_meeting, meeting, at=began + timedelta(minutes=40))
    assert "个工作日才录入记录，最多 3 个" in reason(proposal, "C20")


def test_an_interest_declared_afterwards_is_found_at_once(cast: Cast) -> None:
    scene = scene_of(cast, 3)
    proposal, _meeting, _item = held(cast, scene, at=timezone.now())
    assert "C14" not in failed(proposal)
    given = {"body": scene.body, "person": scene.seats[1].person, "ground": "supplier"}
    tomorrow = timezone.localdate() + timedelta(days=1)
    for facts in (
        {"organisation": "别的厂", "started_on": STARTED},
        {"organisation": "试验家具厂", "started_on": tomorrow},
    ):
        scene.records(rosters.declare, **given, **facts)
        assert "C14" not in failed(proposal)
    scene.records(rosters.declare, **given, organisation="试验家具厂", started_on=STARTED)
    assert "C14" in failed(proposal)


def test_a_ledger_that_comes_in_checks_the_school_and_the_proposals_that_it_names(cast: Cast) -> None:
    proposal = rows.proposal(cast)
    checking.check_proposal(proposal, by=system_actor("task"))
    assert "C23" not in failed(proposal)
    line = {**PAYMENT, "议题编号": proposal.number, "金额（元）": "99000"}
    sends(cast, "payments", line, {**PAYMENT, "凭证号": "J-2", "金额（元）": "88000"})
    assert "C23" in failed(proposal)
    school = CheckRun.objects.get(proposal=None, unit=cast.first_primary.unit, is_last=True)
    assert school.outcomes["C01"]["verdict"] == "failed"
    sends(cast, "payments", {**line, "金额（元）": "12600"})
    assert "C23" not in failed(proposal)


def test_a_row_that_is_taken_from_one_proposal_to_another_checks_both(cast: Cast) -> None:
    first, second = rows.proposal(cast), rows.proposal(cast)
    line = {**PAYMENT, "金额（元）": "99000"}
    sends(cast, "payments", {**line, "议题编号": first.number})
    assert "C23" in failed(first)
    sends(cast, "payments", {**line, "议题编号": second.number})
    assert ("C23" in failed(first), "C23" in failed(second)) == (False, True)


def test_a_countys_file_is_checked_by_the_queue(cast: Cast) -> None:
    units = [SchoolFactory().pk for _number in range(AT_ONCE)]
    by, before = system_actor("task"), DBTaskResult.objects.count()
    checking.ledgers_changed(units, (), by)
    assert (DBTaskResult.objects.count(), CheckRun.objects.count()) == (before, AT_ONCE)
    more = [*units, cast.first_primary.pk]
    proposal = rows.proposal(cast)
    checking.ledgers_changed(more, [proposal.pk], by)
    task = DBTaskResult.objects.get(task_path__endswith="checking.check_later")
    assert CheckRun.objects.filter(unit=cast.first_primary.unit).count() == 0
    engine.check_later.call(*task.args_kwargs["args"])
    found = CheckRun.objects.filter(unit=cast.first_primary.unit)
    assert sorted(found.values_list("proposal_id", flat=True), key=str) == [proposal.pk, None]
    assert Payment.objects.count() == 0


def test_what_waited_in_the_queue_before_an_upgrade_is_checked_after_it(cast: Cast) -> None:
    proposal = rows.proposal(cast)
    checking.check_later.call([cast.first_primary.pk], [proposal.pk])
    assert set(CheckRun.objects.values_list("unit_id", "proposal_id")) == {
        (cast.first_primary.pk, None),
        (cast.first_primary.pk, proposal.pk),
    }
