"""Who knocks: a token becomes a caller with a reach, or the request ends here. Cookies count for nothing."""

import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import connection, transaction
from django.db.models import BigIntegerField, Case, CharField, F, Value, When
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt

from xianxue.kernel.access import Actor, Reach, UnitScope, in_reach
from xianxue.kernel.access.prepared import Prepared, Slot
from xianxue.kernel.api import answers, scopes
from xianxue.kernel.api.addresses import address_of, is_inside
from xianxue.kernel.api.answers import Declined
from xianxue.kernel.api.models import Token, TokenAddress
from xianxue.kernel.api.providers import units_below
from xianxue.kernel.api.scopes import Scopes
from xianxue.kernel.api.tokens import MARK, reach_of_owner, secret_hash

MINUTE = 60
View = Callable[..., HttpResponseBase]
# Compared with where there is no such token, so that the answer takes as long.
NOBODY = secret_hash("")


@dataclass(frozen=True)
class Caller:
    """Another program, acting for the owner of its token."""

    token: Token
    reach: Reach

    @property
    def scopes(self) -> Scopes:
        """What the token is for."""
        return scopes.of(self.token.scopes)

    @property
    def actor(self) -> Actor:
        """The owner as the actor of commands, through the token's own door."""
        return Actor(self.token.owner_id, self.reach.label, via=f"api:{self.token.pk}")


def narrowed(reach: Reach, units: frozenset[int]) -> Reach:
    """The same roles, one's own and those handed over, over these units only."""

    def within(scope: UnitScope) -> UnitScope:
        return UnitScope(units if scope.every else scope.ids & units)

    return replace(
        reach,
        roles={role: within(scope) for role, scope in reach.roles.items()},
        own_roles={role: within(scope) for role, scope in reach.own_roles.items()},
        purpose="",
        acting_for=tuple(replace(item, scope=within(item.scope)) for item in reach.acting_for),
    )


def reach_of_token(token: Token) -> Reach:
    """What the owner reaches now, within the token's units; no purpose, and nothing that a session opened."""
    reach = reach_of_owner(token.owner_id)
    return narrowed(reach, units_below(token.units)) if token.units else replace(reach, purpose="")


_FIELDS = [field.attname for field in Token._meta.concrete_fields]
_KEPT = Prepared(
    lambda: Token.objects.filter(prefix=Slot("prefix", CharField())).values_list(*_FIELDS, "owner__is_active")
)


def _kept_under(prefix: str) -> tuple[Token | None, bool]:
    """The token of that prefix, and whether its owner may sign in. One query."""
    row = _KEPT.first(prefix=prefix)
    return (Token.from_db(connection.alias, _FIELDS, row[:-1]), row[-1]) if row else (None, False)


def recognised(request: HttpRequest) -> Token:
    """The token of a request. Raises Declined with the same words for every reason why it is none."""
    kind, _space, text = request.headers.get("Authorization", "").partition(" ")
    mark, _bar, rest = text.strip().partition("_")
    prefix, _bar, secret = rest.partition("_")
    token, is_active = _kept_under(prefix) if prefix.isalnum() else (None, False)
    right = hmac.compare_digest(secret_hash(secret), token.secret_hash if token else NOBODY)
    if token is None or not right or kind.lower() != "bearer" or mark != MARK:
        raise answers.no_token()
    if not token.is_valid or not is_active:
        raise answers.no_token()
    return token


_COUNTED = Prepared(lambda: Token.objects.filter(pk=Slot("pk", BigIntegerField())).values_list("requests"))


def counted(token: Token, address: str) -> None:
    """Note the use of a token. Raises Declined when it asks too often, or from where it may not be used.

    The counter is in the database, so that it counts for all processes together: one short write a request.
    """
    now = timezone.now()
    minute = int(now.timestamp()) // MINUTE
    is_allowed = is_inside(address, token.networks)
    if address != token.last_address or not is_allowed:
        TokenAddress.objects.update_or_create(
            token=token, address=address, defaults={"last_seen_at": now, "is_refused": not is_allowed}
        )
    if not is_allowed:
        raise answers.no_token()
    with transaction.atomic():
        used = Case(When(window=minute, then=F("requests") + 1), default=Value(1))
        Token.objects.filter(pk=token.pk).update(requests=used, window=minute, last_used_at=now, last_address=address)
        (requests,) = _COUNTED.first(pk=token.pk) or (0,)
    if requests > settings.API_REQUESTS_PER_MINUTE:
        raise answers.too_many(MINUTE - int(now.timestamp()) % MINUTE)


def admitted(request: HttpRequest) -> Caller:
    """The caller of a request. Raises Declined."""
    token = recognised(request)
    counted(token, address_of(request))
    return Caller(token, reach_of_token(token))


def guarded(view: View) -> View:
    """The view behind the door: no session, no form token, the reach of the token's owner."""

    def enter(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            caller = admitted(request)
        except Declined as declined:
            return declined.response()
        request.caller = caller  # type: ignore[attr-defined]  # read by `caller_of`
        with in_reach(caller.reach):
            return view(request, *args, **kwargs)

    enter.__name__ = getattr(view, "__name__", "enter")
    return csrf_exempt(login_not_required(enter))


def caller_of(request: HttpRequest) -> Caller:
    """Who knocked, behind the door."""
    found = getattr(request, "caller", None)
    if not isinstance(found, Caller):
        raise answers.no_token()
    return found
