"""Whether an ID token is to be believed (OpenID Connect Core 1.0, section 3.1.3.7)."""

import time
from typing import Any

from django.conf import settings
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import JWKRegistry, KeySet
from joserfc.jwt import JWTClaimsRegistry

from xianxue.accounts.services.provider import wire

# Signatures that only the provider can make: no HMAC with a secret that both have, and never "none".
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519", "EdDSA")
SKEW_SECONDS = 60
# A token is fetched seconds after it was made; an old one was kept by somebody.
OLDEST_SECONDS = 600


class Untrusted(Exception):
    """The answer did not come from the provider, or was not meant for this sign-in; the text is for the log."""


def believed(token: str, *, nonce: str) -> dict[str, Any]:
    """The claims of the token. Raises Untrusted, or ProviderDown when its keys cannot be had."""
    try:
        claims = _signed(token)
        _registry(nonce).validate(claims)
    except (JoseError, ValueError, KeyError, TypeError) as error:
        raise Untrusted(f"id token: {type(error).__name__}: {error}") from error
    _meant_for_us(claims)
    if claims["iat"] < time.time() - OLDEST_SECONDS - SKEW_SECONDS:
        raise Untrusted("id token: issued long ago")
    return claims


def _signed(token: str) -> dict[str, Any]:
    try:
        return jwt.decode(token, _key_set(wire.keys()), algorithms=list(ALGORITHMS)).claims
    except InvalidKeyIdError:
        # The provider may have changed its keys since we asked.
        return jwt.decode(token, _key_set(wire.keys(fresh=True)), algorithms=list(ALGORITHMS)).claims


def _key_set(given: list[dict[str, Any]]) -> KeySet:
    found = []
    for key in given:
        if key.get("kty") == "oct" or key.get("use", "sig") != "sig":
            continue
        try:
            found.append(JWKRegistry.import_key(key))
        except (JoseError, ValueError, KeyError, TypeError):
            # A kind of key that we do not know is no reason to distrust the others.
            continue
    return KeySet(found)


def _registry(nonce: str) -> JWTClaimsRegistry:
    return JWTClaimsRegistry(
        leeway=SKEW_SECONDS,
        iss={"essential": True, "value": wire.metadata().issuer},
        aud={"essential": True, "value": settings.OIDC_CLIENT_ID},
        sub={"essential": True},
        exp={"essential": True},
        iat={"essential": True},
        nonce={"essential": True, "value": nonce},
    )


def _meant_for_us(claims: dict[str, Any]) -> None:
    audience, party = claims["aud"], claims.get("azp")
    if isinstance(audience, list) and len(audience) > 1 and party is None:
        raise Untrusted("id token: several audiences and no authorized party")
    if party is not None and party != settings.OIDC_CLIENT_ID:
        raise Untrusted("id token: made for another party")
    if not claims["sub"]:
        raise Untrusted("id token: empty subject")
