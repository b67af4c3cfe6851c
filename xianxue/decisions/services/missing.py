"""Keeping the missing items of proposals in step with what was prepared."""

from collections.abc import Collection, Iterator

from django.db import transaction

from xianxue.decisions.choices import PreparationKind
from xianxue.decisions.models import MissingItem, Proposal
from xianxue.decisions.models.missing import Whose
from xianxue.decisions.rules.facts import Case
from xianxue.decisions.rules.requirements import Requirement, requirements
from xianxue.decisions.selectors.cases import cases
from xianxue.decisions.selectors.meetings import meeting_for, next_body
from xianxue.decisions.selectors.rule_sets import book_of
from xianxue.kernel.access import whole_county
from xianxue.kernel.commands.lock import lock_the_log
from xianxue.kernel.procedures import clock

PURPOSE = "会前缺项"
# A command works out what is missing before the matter moves: from each of these it may come to stand under preparation.
BEFORE = ("proposed", "preparing", "tabled")
# Whose move each requirement is; a kind of preparation that is not here is the proposer's.
WHOSE = {
    PreparationKind.LEGAL: Whose.REVIEWER,
    PreparationKind.INTEGRITY: Whose.INSPECTOR,
    "communication": Whose.LEADERS,
    "listed": Whose.OFFICE,
    "filing": Whose.OFFICE,
    "congress": Whose.OFFICE,
    "order": Whose.OFFICE,
    "notice": Whose.OFFICE,
}


def refresh(proposals: Collection[int] | None = None) -> str:
    """Write the missing items of these proposals, or of all, anew; those that were decided have none. Says how many.

    Inside the command that changed a proposal, or at night: days pass, and meetings are called.
    """
    with transaction.atomic(), whole_county(PURPOSE):
        # The night's run and a command that changes a proposal write the same rows: one after the other.
        lock_the_log()
        held = MissingItem.objects.all() if proposals is None else MissingItem.objects.filter(proposal__in=proposals)
        held.delete()
        rows = Proposal.objects.filter(matter__state__in=BEFORE).select_related("rule_set", "entry")
        if proposals is not None:
            rows = rows.filter(pk__in=proposals)
        preparing = {proposal.pk: proposal for proposal in rows}
        items = [item for case in cases(preparing, clock.today()) for item in _missing(preparing[case.id], case)]
        MissingItem.objects.bulk_create(items)
    return str(len(items))


def refresh_all() -> str:
    """The same for every proposal, for the night."""
    return refresh()


def _missing(proposal: Proposal, case: Case) -> Iterator[MissingItem]:
    meeting = meeting_for(proposal.unit_id, next_body(proposal))
    for one in requirements(case, book_of(proposal.rule_set), meeting.starts_at if meeting else None):
        if one.holds:
            yield _item(proposal, one)


def _item(proposal: Proposal, one: Requirement) -> MissingItem:
    whose = WHOSE.get(one.code, Whose.PROPOSER)
    return MissingItem(
        proposal=proposal, code=one.code, label=one.label, text=one.text[:200], whose=whose, until=one.until
    )
