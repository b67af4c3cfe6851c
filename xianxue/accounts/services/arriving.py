"""Between the first step of signing in and the second: who has shown a password and owes a code."""

import hmac
import time
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.utils import timezone

from xianxue.accounts import rules
from xianxue.accounts.choices import SignInWay
from xianxue.accounts.models import SecondFactor, User
from xianxue.accounts.services.factors import try_code
from xianxue.accounts.services.sessions import BY_PROVIDER, open_session
from xianxue.accounts.services.sign_in import Locked, address_of
from xianxue.kernel.crypto import open_text, seal_text

HALF = "half_signed_in"
HALF_SECONDS = 300


@dataclass(frozen=True)
class Arrival:
    """Somebody whose first step was right. `id_token` comes from the identity provider, where that was the step."""

    user: User
    way: SignInWay
    onward: str = ""
    has_factor: bool = False
    id_token: str = ""


def arrive(request: HttpRequest, arrival: Arrival) -> bool:
    """Sign in, or keep the arrival until the second step; returns whether it is done."""
    if not arrival.has_factor and SecondFactor.objects.filter(user=arrival.user).exists():
        # A key that somebody planted before the password must not be the one that carries it.
        request.session.cycle_key()
        request.session[HALF] = {
            "user": arrival.user.pk,
            "hash": arrival.user.get_session_auth_hash(),
            "way": arrival.way.value,
            "onward": arrival.onward,
            "at": time.time(),
            "id_token": seal_text(arrival.id_token) if arrival.id_token else "",
        }
        return False
    _open(request, arrival, has_factor=arrival.has_factor)
    return True


def _open(request: HttpRequest, arrival: Arrival, *, has_factor: bool) -> None:
    open_session(request, arrival.user, arrival.way, has_factor=has_factor)
    if arrival.id_token:
        request.session[BY_PROVIDER] = seal_text(arrival.id_token)


def arrived(request: HttpRequest) -> Arrival | None:
    """Who owes the second step; None when nobody does, it took too long, or the password was changed meanwhile."""
    kept = request.session.get(HALF)
    if not kept or kept["at"] + HALF_SECONDS < time.time():
        return None
    user = User.objects.filter(pk=kept["user"], is_active=True).first()
    if user is None or not hmac.compare_digest(kept["hash"], user.get_session_auth_hash()):
        return None
    token = open_text(kept["id_token"]) if kept["id_token"] else ""
    return Arrival(user, SignInWay(kept["way"]), kept["onward"], id_token=token)


def second_step(request: HttpRequest, arrival: Arrival, code: str) -> SignInWay | Locked | None:
    """Judge the code and sign in when it is right; the way in which it was, the lock, or None."""
    found = try_code(arrival.user, code, address_of(request))
    if isinstance(found, SignInWay):
        request.session.pop(HALF, None)
        way = arrival.way if arrival.way == SignInWay.PROVIDER else found
        _open(request, Arrival(arrival.user, way, id_token=arrival.id_token), has_factor=True)
    return found


def owes_factor(roles: list[str]) -> bool:
    """Whether somebody with these roles cannot go on today without a second factor."""
    return rules.needs_second_factor(
        roles, since=settings.SECOND_FACTOR_FROM, today=timezone.localdate(), is_demo=settings.DEMO
    )
