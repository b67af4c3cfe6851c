"""Urgent matters that were acted upon before any meeting: until when they must be ratified, and whether they were."""

from dataclasses import dataclass
from datetime import date

from xianxue.decisions.models import Proposal
from xianxue.decisions.rules.book import RuleBook
from xianxue.kernel.procedures.calendar import add_working_days

CHECK, DAYS = "C24", "working_days"


@dataclass(frozen=True, slots=True)
class Ratification:
    """`ratified_on`: the day a meeting passed what had been done; None while none has."""

    acted_on: date
    due_on: date
    ratified_on: date | None

    def is_late(self, today: date) -> bool:
        """Whether it was ratified after the limit, or the limit has passed without."""
        return (self.ratified_on or today) > self.due_on


def ratification(proposal: Proposal) -> Ratification | None:
    """Where the ratification stands; None where nothing was done before a meeting. One query for the calendar."""
    if proposal.acted_on is None:
        return None
    days = RuleBook.of(proposal.rule_set.version, proposal.rule_set.rules).number(CHECK, DAYS)
    ratified = proposal.decided_on if proposal.is_passed else None
    return Ratification(proposal.acted_on, add_working_days(proposal.acted_on, days), ratified)
