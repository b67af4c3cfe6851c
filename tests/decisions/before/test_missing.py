"""Whoever is named as missing before a meeting finds it on the list of work, and nobody else; it goes once it is done."""

from datetime import datetime

import pytest

from tests.cast import Cast
from tests.decisions.after.desk import Desk
from tests.decisions.before.room import convene, start
from tests.factories.proposals import make_entry, make_proposal
from xianxue.decisions.models import MissingItem
from xianxue.decisions.services import proposals, tabling
from xianxue.decisions.services.missing import refresh_all
from xianxue.kernel.access import in_reach
from xianxue.kernel.procedures import clock
from xianxue.kernel.work import selectors as work
from xianxue.meetings.models import Body

PARTS = ("recorder", "secretary", "head", "member", "inspector", "decisions_officer", "director", "other_head")


def waits_for(cast: Cast) -> dict[str, set[str]]:
    """Part → what it finds to see to."""
    asked, finds = work.Asked(kind="decisions.missing"), {}
    for part in PARTS:
        with in_reach(cast.reach(part)) as reach:
            items = work.items(reach, clock.today(), "mine", asked, first=0, count=50)
        if items:
            finds[part] = {item.line.note for item in items}
    return finds


@pytest.mark.postgres
def test_each_reviewer_finds_what_is_theirs_until_it_is_done(
    cast: Cast, desks: dict[str, Desk], bodies: dict[str, Body], soon: datetime
) -> None:
    entry = make_entry(cast.first_primary, preparations=["research", "legal", "integrity"], chain=["party"])
    made = make_proposal(cast, entry=entry)
    assert waits_for(cast) == {}, "not before it is taken up"
    start(desks, made)
    reviewers = {part: {"合法性审查"} for part in ("secretary", "head", "member")}
    assert waits_for(cast) == {
        "recorder": {"调研论证"}, **reviewers, "inspector": {"合法性审查", "廉洁性审查"},
    }  # fmt: skip
    desks["member"].does(proposals.review_law, made, agrees=True, text="合法")
    assert waits_for(cast) == {"recorder": {"调研论证"}, "inspector": {"廉洁性审查"}}
    with in_reach(cast.reach("decisions_officer")) as reach:
        seen = work.items(reach, clock.today(), "in_sight", work.Asked(kind="decisions.missing"), first=0, count=9)
    assert {item.line.actor for item in seen} == {"第一小学（recorder 某）", "第一小学（纪检委员）"}
    assert {item.until for item in seen} == {None}
    meeting = convene(desks["recorder"], bodies["party"], soon)
    assert refresh_all() == "2"
    (until,) = {item.until for item in MissingItem.unguarded.all()}
    assert until is not None
    assert clock.today() <= until < soon.date()
    desks["recorder"].does(
        proposals.prepare, made, kind="research", done_on=clock.today(), name="王", text="已调研", count=None
    )
    desks["inspector"].does(proposals.review_integrity, made, agrees=True, text="无异议")
    assert waits_for(cast) == {}
    desks["recorder"].does(tabling.table, made, meeting=meeting)
    assert not MissingItem.unguarded.exists()
