"""Reads of delegations: which hold on a day, and those that a person gave or took."""

from datetime import date, datetime

from django.db.models import Q, QuerySet
from django.utils import timezone

from xianxue.accounts.models import Delegation, Posting, User
from xianxue.kernel.access import Trait, roles_with
from xianxue.kernel.access.prepared import Slot
from xianxue.organisations.choices import UnitKind
from xianxue.organisations.models import Unit


def delegations_valid(on: date | Slot) -> QuerySet[Delegation]:
    """Delegations that hold on the day, both ends counted: not recalled, the posting still held, its giver active."""
    return _over(on).filter(recalled_at=None, giver__is_active=True)


def delegations_held(on: date, at: datetime) -> QuerySet[Delegation]:
    """Delegations that held on the day and were not yet recalled at the moment; who was switched off since had lent."""
    return _over(on).filter(Q(recalled_at=None) | Q(recalled_at__gt=at))


def _over(on: date | Slot) -> QuerySet[Delegation]:
    return Delegation.objects.filter(
        Q(posting__ended_on=None) | Q(posting__ended_on__gte=on),
        started_on__lte=on,
        ended_on__gte=on,
        posting__started_on__lte=on,
    )


def delegations_of(user: User) -> QuerySet[Delegation]:
    """All that the user gave or took, the latest first."""
    return (
        Delegation.objects.filter(Q(giver=user) | Q(taker=user))
        .select_related("giver", "taker", "posting__unit")
        .order_by("-started_on", "-pk")
    )


def delegable_postings(user: User) -> QuerySet[Posting]:
    """The user's postings of today whose role may be handed over."""
    today = timezone.localdate()
    return (
        Posting.objects.filter(Q(ended_on=None) | Q(ended_on__gte=today), user=user, started_on__lte=today)
        .exclude(role__in=roles_with(Trait.NOT_LENT))
        .select_related("unit")
        .order_by("pk")
    )


def home_of(posting: Posting) -> Unit:
    """The unit whose people are colleagues: the posting's own, or the school above a class."""
    unit = posting.unit
    if unit.kind != UnitKind.CLASSROOM:
        return unit
    school: Unit = Unit.unguarded.get(pk=unit.parent_id)
    return school
