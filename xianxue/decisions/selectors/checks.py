"""How each check fared over all years: found, open, confirmed, dismissed; and what the last runs said of a subject."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q

from xianxue.decisions.access import READS
from xianxue.decisions.models import CheckRun, Finding, Proposal
from xianxue.decisions.rules.outcomes import Check, all_checks
from xianxue.kernel.access import current_reach


@dataclass(frozen=True, slots=True)
class CheckLine:
    """A check with its findings in reach; `noise`: dismissed of those judged, in percent."""

    check: Check
    found: int = 0
    open: int = 0
    confirmed: int = 0
    dismissed: int = 0
    gone: int = 0

    @property
    def noise(self) -> int | None:
        """None where nothing was judged."""
        judged = self.confirmed + self.dismissed
        return self.dismissed * 100 // judged if judged else None


def check_lines() -> list[CheckLine]:
    """Every check, by its number. One query."""
    grouped = (
        Finding.objects.filter(READS.scope(current_reach()).q("unit_id"))
        .order_by()
        .values("check_code")
        .annotate(
            found=Count("pk"),
            open=Count("pk", filter=Q(matter__finished_on__isnull=True)),
            confirmed=Count("pk", filter=Q(is_confirmed=True)),
            dismissed=Count("pk", filter=Q(is_confirmed=False)),
            gone=Count("pk", filter=Q(matter__state="gone")),
        )
    )
    counted: dict[str, dict[str, int]] = {row.pop("check_code"): row for row in grouped}
    return [CheckLine(check, **counted.get(check.code, {})) for check in all_checks()]


def last_outcomes(proposal: Proposal) -> Mapping[str, Any]:
    """Check → what it said of a proposal when that last changed: `"passed"`, `"waived"`, or verdict, reason, failures."""
    run = CheckRun.objects.filter(proposal_id=proposal.pk, is_last=True).first()
    return run.outcomes if run else {}
