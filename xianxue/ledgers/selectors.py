"""What is read of the ledgers."""

from xianxue.organisations.choices import SCHOOL_KINDS
from xianxue.organisations.models import Unit


def schools_in_reach() -> list[tuple[str, str]]:
    """Schools in reach, as (primary key, name), for a filter."""
    units = Unit.objects.filter(kind__in=SCHOOL_KINDS).order_by("path")
    return [(str(pk), name) for pk, name in units.values_list("pk", "name")]
