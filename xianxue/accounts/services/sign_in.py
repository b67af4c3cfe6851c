"""Signing in: attempts are counted per account and address, and every attempt costs the same work."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.contrib.auth.hashers import check_password, make_password
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext as _

from xianxue.accounts import rules
from xianxue.accounts.choices import FailureKind
from xianxue.accounts.models import SignInFailure, User
from xianxue.accounts.selectors import roles_on
from xianxue.kernel.crypto import digest
from xianxue.organisations.roles import ADMINISTRATORS

# From many addresses at once a name may fail more often than from one, so that nobody can lock somebody else out
# with five wrong passwords; and a school's computers often share one address.
NAME_FACTOR, ADDRESS_FACTOR = 4, 6
# Compared with when there is no such user, so that the answer takes as long as for one that exists.
_nobodys_password = SimpleLazyObject(lambda: make_password("nobody signs in with this"))


@dataclass(frozen=True)
class Locked:
    """Nobody may try until then."""

    until: datetime


@dataclass(frozen=True)
class Closed:
    """The password was right and still does not open the account; `reason` says why and what to do."""

    reason: str


def address_of(request: HttpRequest) -> str:
    """The address a request comes from. A proxy is believed only when it runs on this machine."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    try:
        return forwarded if forwarded and ip_address(direct).is_loopback else direct
    except ValueError:
        return direct


def network_of(address: str) -> str:
    """The network of an address in words: enough to recognise one's school, too little to name one computer."""
    try:
        found = ip_address(address)
    except ValueError:
        return ""
    if found.is_loopback:
        return _("本机")
    network = ip_network((found, 24 if found.version == 4 else 48), strict=False)
    return f"{_('内网') if found.is_private else _('外网')} {network}"


def attempt(username: str, password: str, address: str) -> User | Locked | Closed | None:
    """The user when name and password are right and nobody is locked; Locked with the time; None when wrong.

    The attempt is written down before it is judged, so that attempts made at the same moment count as well.
    """
    user = User.objects.filter(username__iexact=username.strip()).first()
    this = count_attempt(name_of(username), address, FailureKind.PASSWORD, user)
    right = check_password(password, user.password if user else str(_nobodys_password))
    until = locked_until(this)
    if until is not None:
        return not_counted(this, until)
    if user is None or not right or not user.is_active:
        return None
    if user.is_demo and not settings.DEMO:
        # The demonstration's password is known to everybody.
        return None
    succeeded(this)
    reason = _closed(user)
    return Closed(reason) if reason else user


def prove(user: User, password: str, address: str) -> Locked | bool:
    """Whether somebody signed in knows the account's password; counted together with the attempts to sign in."""
    this = count_attempt(name_of(user.username), address, FailureKind.PASSWORD, user)
    right = check_password(password, user.password)
    until = locked_until(this)
    if until is not None:
        return not_counted(this, until)
    if right:
        succeeded(this)
    return right


def _closed(user: User) -> str | None:
    if user.temporary_until is not None and (user.temporary_used_at or user.temporary_until <= timezone.now()):
        return _("未能登录：临时密码只能用一次，且有时限，现已失效。请找安全管理员重置。")
    if settings.OIDC_ONLY and not roles_on(user, timezone.localdate()) & set(ADMINISTRATORS):
        return _("未能登录：本系统只许管理员用密码登录。请改用“%(name)s”登录。") % {"name": settings.OIDC_NAME}
    return None


def name_of(username: str) -> str:
    """The digest under which attempts at a user name are counted."""
    return digest("sign-in-name", username.strip().casefold())


def count_attempt(name_digest: str, address: str, kind: FailureKind, user: User | None) -> SignInFailure:
    """Write an attempt down as a failure; `succeeded` or `not_counted` takes it back."""
    return SignInFailure.objects.create(
        name_digest=name_digest,
        address_digest=digest("sign-in-address", address),
        kind=kind,
        user=user,
        network=network_of(address),
    )


def not_counted(this: SignInFailure, until: datetime) -> Locked:
    """Take an attempt back that was made while locked: who waits must be let in at the time that was named."""
    this.delete()
    return Locked(until)


def succeeded(this: SignInFailure) -> None:
    """Take the attempt back and forgive the failures from the same address; those from elsewhere still count."""
    same = SignInFailure.objects.filter(name_digest=this.name_digest, address_digest=this.address_digest)
    this.delete()
    same.filter(is_cleared=False).update(is_cleared=True)


def forgive(name_digest: str) -> None:
    """Forgive all failures of a name: it got a new password, or a new second factor."""
    SignInFailure.objects.filter(name_digest=name_digest, is_cleared=False).update(is_cleared=True)


def locked_until(this: SignInFailure) -> datetime | None:
    """Until when the attempt just counted is locked out; None when it may be judged."""
    limit, minutes = settings.SIGN_IN_FAILURES, settings.SIGN_IN_LOCK_MINUTES
    earlier = SignInFailure.objects.filter(pk__lt=this.pk, is_cleared=False)
    by_name, by_address = (
        earlier.filter(name_digest=this.name_digest),
        earlier.filter(address_digest=this.address_digest),
    )
    checks: tuple[tuple[QuerySet[SignInFailure], Callable[..., datetime | None], int, int], ...] = (
        (by_name.filter(address_digest=this.address_digest), rules.backed_off_until, limit, 24 * 60),
        (by_name, rules.locked_until, limit * NAME_FACTOR, minutes),
        (by_address, rules.locked_until, limit * ADDRESS_FACTOR, minutes),
    )
    found = []
    for rows, judge, count, window in checks:
        recent = rows.filter(at__gt=timezone.now() - timedelta(minutes=window))
        until = judge(list(recent.order_by("pk").values_list("at", flat=True)), limit=count, minutes=minutes)
        if until is not None and until > timezone.now():
            found.append(until)
    return max(found, default=None)
