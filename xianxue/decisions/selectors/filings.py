"""Filings with the bureau that nobody has answered."""

from django.db.models import Exists, OuterRef, Q

from xianxue.decisions.choices import PreparationKind, PreparationResult
from xianxue.decisions.models import Preparation

STATES = ("preparing", "tabled")
"""Where a proposal is while its filing is still of use."""


def filing_waits() -> Q:
    """Proposals whose filing waits for the bureau's answer, as `rules.preparing.filed` says of one."""
    filings = Preparation.objects.filter(kind=PreparationKind.FILING)
    returned = filings.filter(
        proposal=OuterRef("proposal"), result=PreparationResult.REFUSED, recorded_at__gte=OuterRef("recorded_at")
    )
    sent = filings.filter(~Exists(returned), proposal=OuterRef("pk"), result=PreparationResult.DONE)
    confirmed = filings.filter(proposal=OuterRef("pk"), result=PreparationResult.AGREED)
    return Q(Exists(sent)) & ~Q(Exists(confirmed)) & Q(matter__state__in=STATES)
