"""A proposal decided by a meeting's own commands: what the desk enters there moves it, within the same transaction."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.cast import Cast
from tests.decisions.after.desk import Desk
from tests.decisions.before.room import start, state
from tests.factories.proposals import make_proposal
from tests.meetings.scene import scene_of
from xianxue.decisions.services import tabling
from xianxue.kernel.procedures.models import StepRecord
from xianxue.meetings.models import AgendaItem
from xianxue.meetings.services import closing, notices, presence, speaking, voting


@pytest.mark.parametrize(("yes", "came_to"), [(2, "decided"), (1, "rejected")])
def test_the_votes_decide(cast: Cast, desks: dict[str, Desk], yes: int, came_to: str) -> None:
    made = start(desks, make_proposal(cast))
    scene = scene_of(cast, 3)
    meeting = scene.convene(starts_at=timezone.now() + timedelta(seconds=1))
    desks["recorder"].does(tabling.table, made, meeting=meeting)
    item = AgendaItem.objects.get()
    scene.records(notices.send_notice, meeting)
    scene.records(presence.begin, meeting)
    for one in scene.called(meeting):
        scene.records(presence.arrive, one)
    scene.records(speaking.open_item, item)
    scene.records(voting.open_vote, item, method="hands")
    for number, seat in enumerate(scene.seats):
        scene.records(voting.cast, item, person=seat.person, choice="yes" if number < yes else "no")
    scene.records(voting.close_vote, item)
    scene.records(closing.end_item, item, summary="讨论了价格。", resolution="购置。")
    made.refresh_from_db()
    assert (state(made), made.is_passed) == (came_to, came_to == "decided")
    last = StepRecord.objects.filter(matter=made.matter_id).order_by("-number")[0]
    assert (last.step, last.actor) == ({"decided": "decide", "rejected": "reject"}[came_to], "系统")
    scene.records(closing.end_meeting, meeting)
    scene.records(speaking.sum_up, item, summary="讨论了价格。", resolution="购置书架。")
    made.refresh_from_db()
    assert made.resolution == "购置书架。", "put right before anybody signs"
