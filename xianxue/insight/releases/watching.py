"""Every night: the releases in force against the records."""

from django.utils import timezone

from xianxue.insight.models import Release
from xianxue.insight.releases import selectors, services
from xianxue.insight.releases.comparing import compare
from xianxue.insight.selectors import newest_change
from xianxue.kernel.access import Actor, system_actor


def check(number: str, *, by: Actor) -> None:
    """Compare one release with the records and keep what was found."""
    found = Release.objects.get(number=number)
    services.keep_check(found, compare(found), by=by)


def check_all() -> int:
    """Compare the releases in force; returns how many were. Those checked today since the last change are left out."""
    due = [release.number for release in selectors.all_in_force() if _is_due(release)]
    for number in due:
        check(number, by=system_actor("task"))
    return len(due)


def _is_due(release: Release) -> bool:
    made = getattr(release, "check_made", None)
    if made is None or made.event_seq < newest_change():
        return True
    # A new version of the software may count differently, and a file may be altered without an event.
    return timezone.localdate(made.checked_at) < timezone.localdate()
