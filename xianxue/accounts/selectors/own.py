"""Reads for the page of one's own account."""

from django.db.models import QuerySet

from xianxue.accounts import rules
from xianxue.accounts.choices import Role
from xianxue.accounts.models import AccountNotice, RecoveryCode, User
from xianxue.kernel.access import current_reach


def recent_notices(user: User) -> QuerySet[AccountNotice]:
    """What others did to the account lately, the latest first."""
    return AccountNotice.objects.filter(user=user).order_by("-pk")[:5]


def recovery_codes_left(user: User) -> int:
    """How many recovery codes can still be used."""
    return RecoveryCode.objects.filter(factor__user=user, used_at=None).count()


def factor_reasons() -> list[tuple[str, str]]:
    """The roles of the person now acting that ask for a second factor, each with why."""
    asking = rules.SECOND_FACTOR_ROLES
    return [(role, f"{Role(role).label}：{asking[role]}") for role in current_reach().roles if role in asking]
