"""Signing in: attempts are counted per name and per address, and every attempt costs the same work."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import ip_address

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.hashers import check_password, make_password
from django.http import HttpRequest
from django.utils import timezone
from django.utils.functional import SimpleLazyObject

from xianxue.accounts import rules
from xianxue.accounts.models import SignIn, SignInFailure, User
from xianxue.kernel.crypto import digest

# A school's computers often share one address: it may fail more often than one name.
ADDRESS_FACTOR = 6
# Compared with when there is no such user, so that the answer takes as long as for one that exists.
_nobodys_password = SimpleLazyObject(lambda: make_password("nobody signs in with this"))


@dataclass(frozen=True)
class Locked:
    """Nobody may try until then."""

    until: datetime


def address_of(request: HttpRequest) -> str:
    """The address a request comes from. A proxy is believed only when it runs on this machine."""
    direct = str(request.META.get("REMOTE_ADDR", ""))
    forwarded = str(request.META.get("HTTP_X_FORWARDED_FOR", "")).rpartition(",")[2].strip()
    try:
        return forwarded if forwarded and ip_address(direct).is_loopback else direct
    except ValueError:
        return direct


def attempt(username: str, password: str, address: str) -> User | Locked | None:
    """The user when name and password are right and nobody is locked; Locked with the time; None when wrong.

    The attempt is written down before it is judged, so that attempts made at the same moment count as well.
    """
    name_digest = digest("sign-in-name", username.strip().casefold())
    this = SignInFailure.objects.create(name_digest=name_digest, address_digest=digest("sign-in-address", address))
    user = User.objects.filter(username__iexact=username.strip()).first()
    right = check_password(password, user.password if user else str(_nobodys_password))
    until = _locked_until(this)
    if until is not None:
        # Not counted: who waits must be let in at the time that was named.
        this.delete()
        return Locked(until)
    if user is None or not right or not user.is_active:
        return None
    if user.is_demo and not settings.DEMO:
        # The demonstration's password is known to everybody.
        return None
    SignInFailure.objects.filter(name_digest=name_digest).delete()
    return user


def _locked_until(this: SignInFailure) -> datetime | None:
    limit, minutes = settings.SIGN_IN_FAILURES, settings.SIGN_IN_LOCK_MINUTES
    recent = SignInFailure.objects.filter(at__gt=timezone.now() - timedelta(minutes=minutes), pk__lt=this.pk)
    by_name = recent.filter(name_digest=this.name_digest)
    by_address = recent.filter(address_digest=this.address_digest)
    found = [
        rules.locked_until(list(rows.order_by("pk").values_list("at", flat=True)), limit=count, minutes=minutes)
        for rows, count in ((by_name, limit), (by_address, limit * ADDRESS_FACTOR))
    ]
    return max((until for until in found if until), default=None)


def open_session(request: HttpRequest, user: User) -> None:
    """Sign the user in: a fresh session, remembered so that the user can end it from elsewhere."""
    login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    remember_session(request, user)


def remember_session(request: HttpRequest, user: User) -> None:
    """Write down that the session now in use is the user's; needed again when its key has changed."""
    if request.session.session_key is None:
        request.session.save()
    SignIn.objects.update_or_create(
        session_key=request.session.session_key,
        defaults={"user": user, "agent": agent_of(request), "ended_at": None},
    )


def close_session(request: HttpRequest) -> None:
    """Note the end of the session now in use; the caller flushes it."""
    SignIn.objects.filter(session_key=request.session.session_key).update(ended_at=timezone.now())


def agent_of(request: HttpRequest) -> str:
    """The browser and system in a few words: enough to recognise one's own computer."""
    agent = request.headers.get("User-Agent", "")
    browsers = (("MicroMessenger", "微信"), ("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"),
                ("Safari/", "Safari"))  # fmt: skip
    systems = (("Windows", "Windows"), ("Android", "安卓"), ("iPhone", "iPhone"), ("Mac OS", "Mac"), ("Linux", "Linux"))
    found = [next((name for mark, name in table if mark in agent), "") for table in (browsers, systems)]
    return " · ".join(part for part in found if part)
