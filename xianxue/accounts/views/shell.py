"""The frame of every page: whose county, who is signed in, and until when there are data."""

from collections.abc import Hashable

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from xianxue.accounts.models import User
from xianxue.accounts.selectors import bureau_name
from xianxue.kernel.access import Reach, reach_or_none, roles_among
from xianxue.kernel.ui.shell import Shell, system_of
from xianxue.kernel.work.selectors import waiting_counts
from xianxue.organisations.selectors import reference_day


def shell_of(request: HttpRequest) -> Shell:
    """The shell for the person of the request; without a menu for those not signed in. Three queries."""
    # A request that was refused at the door has no user yet.
    user, reach = getattr(request, "user", None), reach_or_none()
    if not isinstance(user, User) or reach is None:
        return Shell(county=bureau_name(), is_demo=settings.DEMO, path=request.path)
    return Shell(
        county=bureau_name(),
        user=user.name,
        user_note="、".join(str(role.label) for role in roles_among(reach.roles)),
        reach=reach,
        data_until=reference_day(),
        counts=waiting_counts(reach, timezone.localdate()),
        system=system_of(request),
        is_demo=settings.DEMO,
        path=request.path,
        reach_key=_everything_of(reach),
    )


def _everything_of(reach: Reach) -> Hashable:
    """All that a grant may ask of the reach."""
    roles, own_roles = frozenset(reach.roles.items()), frozenset(reach.own_roles.items())
    return roles, own_roles, reach.user_id, reach.acting_for
