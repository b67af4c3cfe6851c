"""How each check of an app fared over all years: found, open, confirmed, dismissed, gone by itself."""

from dataclasses import dataclass

from django.db.models import Count, Q

from xianxue.kernel.access import current_reach
from xianxue.kernel.checks.check import Check
from xianxue.kernel.checks.declaration import Suite


@dataclass(frozen=True, slots=True)
class Tally:
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


def tallies(suite: Suite) -> list[Tally]:
    """Every check, by its code, for who may read the findings. One query."""
    readable = suite.procedure.read.scope(current_reach()).q("unit_id")
    grouped = (
        suite.finding.objects.filter(readable, **suite.finding.of_suite(suite.code))
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
    return [Tally(check, **counted.get(check.code, {})) for check in suite.checks]
