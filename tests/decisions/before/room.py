"""Bodies of the first school, their meetings, and what comes of an item there."""

from datetime import date, datetime
from typing import Any

from tests.cast import Cast
from tests.decisions.after.desk import Desk
from tests.factories.people import PersonFactory
from xianxue.decisions.models import Proposal
from xianxue.decisions.services import proposals, tabling
from xianxue.kernel.procedures import clock
from xianxue.meetings.choices import ItemOutcome, ItemState
from xianxue.meetings.models import AgendaItem, Body, Meeting, Seat
from xianxue.meetings.services import convening

STARTED = date(2020, 1, 1)


def body_of(cast: Cast, kind: str, size: int, **facts: Any) -> Body:
    """A body of so many members; the first is its chief."""
    unit = cast.first_primary.unit
    body: Body = Body.unguarded.create(unit=unit, kind=kind, name=f"第一小学{kind}", started_on=STARTED, **facts)
    for number in range(size):
        Seat.unguarded.create(
            body=body, person=PersonFactory(), duty="委员", is_chief=number == 0, order=number, started_on=STARTED
        )
    return body


def convene(desk: Desk, body: Body, starts_at: datetime, title: str = "例会") -> Meeting:
    """A meeting of the body, planned."""
    made: Meeting = desk.does(convening.convene, body=body, title=title, starts_at=starts_at)
    return made


def start(desks: dict[str, Desk], proposal: Proposal) -> Proposal:
    """Taken up by the secretary; secretary and head have spoken."""
    desks["secretary"].does(proposals.start, proposal)
    desks["secretary"].does(proposals.talk, proposal, done_on=clock.today())
    return proposal


def outcome(desk: Desk, proposal: Proposal, result: ItemOutcome, resolution: str = "同意。") -> AgendaItem:
    """The meeting has dealt with the proposal's open item, and says so."""
    item: AgendaItem = AgendaItem.objects.get(tabling__proposal=proposal, outcome="")
    item.state, item.outcome, item.resolution = ItemState.CLOSED, result, resolution
    item.began_at = item.ended_at = clock.now()
    item.save()
    desk.does(lambda row, *, by: tabling.when_done(row, by), item)
    return item


def state(proposal: Proposal) -> str:
    """Where it stands, as it lies in the database."""
    proposal.matter.refresh_from_db()
    return str(proposal.matter.state)
