"""What the last run said of a proposal."""

from collections.abc import Mapping
from typing import Any

from xianxue.decisions.models import CheckRun, Proposal


def last_outcomes(proposal: Proposal) -> Mapping[str, Any]:
    """Check → what it said of a proposal when that last changed: `"passed"`, `"waived"`, or verdict, reason, failures."""
    run = CheckRun.objects.filter(proposal_id=proposal.pk, is_last=True).first()
    return run.outcomes if run else {}
