"""Nightly work: the seal over the records of reading."""

from datetime import timedelta

from django.utils import timezone

from xianxue.kernel.access import system_actor
from xianxue.kernel.history.models import Event
from xianxue.kernel.restricted.services import DAY, seal_reads

LOOK_BACK_DAYS = 31


def seal_days_past() -> int:
    """Seal every ended day of the last month that is not sealed yet; returns how many were looked at."""
    today = timezone.localdate()
    days = [today - timedelta(days=back) for back in range(LOOK_BACK_DAYS, 0, -1)]
    sealed = set(
        Event.objects.filter(subject_type=DAY, subject_id__gte=days[0].toordinal()).values_list("subject_id", flat=True)
    )
    unsealed = [day for day in days if day.toordinal() not in sealed]
    for day in unsealed:
        seal_reads(day, by=system_actor("task"))
    return len(unsealed)
