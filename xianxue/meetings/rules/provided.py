"""What the app that put an item on the agenda knows of it: by which rules it is decided, and what follows from the result.

Meetings of any kind are held alike; whoever uses them says, once, when apps are ready, what holds for their items.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Q

from xianxue.kernel.access import Actor
from xianxue.meetings.models import AgendaItem, Meeting
from xianxue.meetings.rules.majority import Fraction


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules for one item at its meeting: how many must come, how many must agree, by which version."""

    quorum: Fraction
    majority: Fraction
    version: str

    def as_dict(self) -> dict[str, Any]:
        """For the snapshot that a vote keeps."""
        return {"quorum": self.quorum.as_dict(), "majority": self.majority.as_dict(), "version": self.version}


RulesOf = Callable[[AgendaItem], Rules | None]
"""The rules of an item; None for an item that is not this app's."""
WhenDone = Callable[[AgendaItem, Actor], None]
"""Called in the transaction that ends an item (passed, rejected, postponed, noted). Raises Refused."""
WhenDropped = Callable[[AgendaItem, str, Actor], None]
"""Called in the transaction that takes a waiting item off the agenda, with the reason. Raises Refused."""
WhenChanged = Callable[[Sequence[AgendaItem], Actor], None]
"""Called in the transaction that changes the record of items that have ended: who came, what was said, who signed."""
Blocks = Callable[[AgendaItem], str | None]
"""Why an item cannot be opened for discussion; None where it can."""
_rules: list[RulesOf] = []
_when_done: list[WhenDone] = []
_when_dropped: list[WhenDropped] = []
_when_changed: list[WhenChanged] = []
_blocks: list[Blocks] = []


def provide(
    *, rules: RulesOf, when_done: WhenDone, when_dropped: WhenDropped, when_changed: WhenChanged, blocks: Blocks
) -> None:
    """Say what holds for the items of an app. Called once an app, when apps are ready."""
    _rules.append(rules)
    _when_done.append(when_done)
    _when_dropped.append(when_dropped)
    _when_changed.append(when_changed)
    _blocks.append(blocks)


def rules_of(item: AgendaItem) -> Rules | None:
    """The rules for an item; None where nobody claims it: such an item is noted, never voted upon."""
    return next((found for given in _rules if (found := given(item)) is not None), None)


def blocked(item: AgendaItem) -> str | None:
    """Why an item cannot be opened; None where it can."""
    return next((reason for given in _blocks if (reason := given(item)) is not None), None)


def tell_dropped(item: AgendaItem, reason: str, by: Actor) -> None:
    """Tell whoever put the item there that it is taken off before it was dealt with."""
    for given in _when_dropped:
        given(item, reason, by)


def tell_changed(about: Meeting | AgendaItem | Q, by: Actor) -> None:
    """Tell whoever put them there that something has changed about ended items: a meeting's, one, or those of a filter."""
    if isinstance(about, AgendaItem):
        which = Q(pk=about.pk)
    else:
        which = about if isinstance(about, Q) else Q(meeting_id=about.pk)
    items = list(AgendaItem.objects.filter(which).exclude(outcome="").distinct().order_by("meeting_id", "number"))
    if items:
        for given in _when_changed:
            given(items, by)


def tell_done(item: AgendaItem, by: Actor) -> None:
    """Tell whoever put the item there that it has ended."""
    for given in _when_done:
        given(item, by)
