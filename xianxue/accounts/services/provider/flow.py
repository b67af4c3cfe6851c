"""The way to the identity provider and back: what is sent, what is kept meanwhile, what must come back."""

import base64
import hashlib
import hmac
import secrets
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.urls import reverse

from xianxue.accounts.services.provider import wire
from xianxue.accounts.services.provider.tokens import Untrusted, believed

TRIP_SECONDS = 600
# Values of `amr` (RFC 8176) that stand for more than a password.
FACTORS = {"mfa", "otp", "hwk", "swk", "sc", "fpt", "face", "iris", "pop"}


@dataclass(frozen=True)
class Trip:
    """What the session keeps while the person is away; good for one return within ten minutes."""

    state: str
    nonce: str
    verifier: str
    at: float
    next: str = ""

    def kept(self) -> dict[str, Any]:
        """As the session stores it."""
        return asdict(self)


@dataclass(frozen=True)
class Answer:
    """Whom the provider has signed in: its claims, whether it asked for a second factor, and the token itself."""

    issuer: str
    claims: Mapping[str, Any]
    has_factor: bool
    id_token: str

    @property
    def subject(self) -> str:
        """The person's name that never changes at the provider."""
        return str(self.claims["sub"])

    @property
    def claim(self) -> str:
        """The value by which a user is found here, once; empty when it is missing."""
        found = self.claims.get(settings.OIDC_CLAIM)
        return found.strip() if isinstance(found, str) else ""


def is_configured() -> bool:
    """Whether the county has an identity provider."""
    return bool(settings.OIDC_ISSUER and settings.OIDC_CLIENT_ID)


def _return_address() -> str:
    # Of the settings, not of the request: a host name that somebody sends must not lead the code elsewhere.
    return settings.BASE_URL + reverse("provider-return")


def begin_trip(onward: str) -> tuple[Trip, str]:
    """What to keep, and where to send the browser. Raises ProviderDown."""
    where = wire.metadata().authorization_endpoint
    if not wire.is_safe(where):
        raise wire.ProviderDown("the authorization endpoint is not https")
    trip = Trip(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48), time.time(), onward)
    challenge = base64.urlsafe_b64encode(hashlib.sha256(trip.verifier.encode()).digest()).rstrip(b"=").decode()
    query = {
        "response_type": "code",
        "client_id": settings.OIDC_CLIENT_ID,
        "redirect_uri": _return_address(),
        "scope": settings.OIDC_SCOPES,
        "state": trip.state,
        "nonce": trip.nonce,
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    return trip, f"{where}{'&' if '?' in where else '?'}{urlencode(query)}"


def finish_trip(kept: Mapping[str, Any] | None, given: Mapping[str, str]) -> Answer:
    """Whom the provider has signed in. `kept` must have been taken out of the session before: it is good once.

    Raises Untrusted for whatever was not asked for here and now, ProviderDown when the provider does not answer.
    """
    if not kept or not hmac.compare_digest(str(kept.get("state", "")), given.get("state", "")):
        raise Untrusted("state: unknown or used")
    trip = Trip(**kept)
    if trip.at + TRIP_SECONDS < time.time():
        raise Untrusted("state: too old")
    issuer = wire.metadata().issuer
    if given.get("iss", issuer) != issuer:
        raise Untrusted("iss: another provider answered")
    if "error" in given or not given.get("code"):
        raise Untrusted(f"provider: {given.get('error', 'no code')[:80]}")
    try:
        token = wire.token_for(given["code"], verifier=trip.verifier, redirect_uri=_return_address())
    except wire.Rejected as error:
        raise Untrusted(f"code: {error}") from error
    id_token = token.get("id_token")
    if not isinstance(id_token, str):
        raise Untrusted("token: no id token")
    claims = believed(id_token, nonce=trip.nonce)
    methods = claims.get("amr")
    has_factor = isinstance(methods, list) and bool(FACTORS & {str(one) for one in methods})
    return Answer(issuer, _with_userinfo(claims, token), has_factor, id_token)


def _with_userinfo(claims: dict[str, Any], token: Mapping[str, Any]) -> dict[str, Any]:
    if settings.OIDC_CLAIM in claims or not isinstance(token.get("access_token"), str):
        return claims
    told = wire.userinfo(token["access_token"])
    if told.get("sub") != claims["sub"]:
        # Core 1.0, section 5.3.4: the answer may be about somebody else.
        return claims
    return {**told, **claims}


def end_address(id_token: str) -> str:
    """Where the person can sign out of the provider as well (RP-Initiated Logout 1.0); empty when nowhere."""
    try:
        where = wire.metadata().end_session_endpoint
    except wire.ProviderDown:
        return ""
    if not where or not wire.is_safe(where):
        return ""
    query = {
        "id_token_hint": id_token,
        "client_id": settings.OIDC_CLIENT_ID,
        "post_logout_redirect_uri": settings.BASE_URL + reverse("sign-in"),
    }
    return f"{where}{'&' if '?' in where else '?'}{urlencode(query)}"
