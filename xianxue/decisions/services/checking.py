"""The 25 checks on every change.

Services call `changed(proposal, by)` at the end of every command that changed a proposal or what surrounds it, and
`ledgers` calls `ledgers_changed` once after rows were written. The engine is `kernel.checks`.
"""

from collections.abc import Iterable, Sequence

from django_tasks import task

from xianxue.decisions.checks import DECISIONS
from xianxue.decisions.models import CheckRun, Proposal
from xianxue.decisions.rules.outcomes import CASE, SCHOOL
from xianxue.decisions.services import missing
from xianxue.kernel.access import Actor, whole_county
from xianxue.kernel.checks import checking
from xianxue.kernel.schedule import Lane

PURPOSE = "规则检查"


def changed(proposal: Proposal, by: Actor) -> None:
    """Check a proposal again: called at the end of every command that changed it or what surrounds it."""
    check_proposals([proposal.pk], by=by)


def ledgers_changed(units: Iterable[int], proposals: Iterable[int], by: Actor) -> None:
    """Check the ledgers of these schools again, and the proposals that the rows name or named.

    Called once at the end of whatever wrote payments, contracts, appointments.
    """
    checking.changed(DECISIONS, {SCHOOL: units, CASE: proposals}, by=by)


@task(queue_name=Lane.LONG)
def check_later(units: list[int], proposals: list[int]) -> None:
    """What an earlier release put into the queue under this name, and left there when it was upgraded."""
    checking.check_later.call(DECISIONS.code, {SCHOOL: units, CASE: proposals})


def check_proposal(proposal: Proposal, *, by: Actor) -> CheckRun | None:
    """Check one proposal; returns the new run, None where nothing changed."""
    if not check_proposals([proposal.pk], by=by):
        return None
    with whole_county(PURPOSE):
        return CheckRun.objects.filter(proposal_id=proposal.pk, is_last=True).first()


def check_proposals(proposals: Sequence[int], *, by: Actor) -> int:
    """Check these proposals, and note anew what they lack; returns of how many the result of the checks changed."""
    missing.refresh(proposals)
    return checking.check(DECISIONS, CASE, proposals, by=by)


def check_schools(units: Sequence[int], *, by: Actor) -> int:
    """Check the ledgers and lists of these schools; returns of how many the result changed."""
    return checking.check(DECISIONS, SCHOOL, units, by=by)
