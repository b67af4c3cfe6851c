"""Reads for the page of one's own account."""

from django.db.models import QuerySet

from xianxue.accounts.models import AccountNotice, RecoveryCode, User
from xianxue.kernel.access import current_reach, roles_among


def recent_notices(user: User) -> QuerySet[AccountNotice]:
    """What others did to the account lately, the latest first."""
    return AccountNotice.objects.filter(user=user).order_by("-pk")[:5]


def recovery_codes_left(user: User) -> int:
    """How many recovery codes can still be used."""
    return RecoveryCode.objects.filter(factor__user=user, used_at=None).count()


def factor_reasons() -> list[tuple[str, str]]:
    """The roles of the person now acting that ask for a second factor, each with why."""
    held = roles_among(current_reach().roles)
    return [(role, f"{role.label}：{role.second_factor}") for role in held if role.second_factor]
