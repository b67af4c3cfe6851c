"""What is asked of the identity provider over the network: its metadata, its keys, a token for a code."""

import base64
import json
import time
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.client import HTTPException
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

from django.conf import settings

TIMEOUT_SECONDS = 5
LARGEST_ANSWER = 1_000_000
METADATA_FOR_SECONDS = 3600
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


class ProviderDown(Exception):
    """The provider did not answer, or not as its specification says."""


class Rejected(ProviderDown):
    """The provider answered, and refused what was asked."""


class _NoRedirects(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """A provider's machine addresses stand in its metadata; one that sends us elsewhere is not followed."""


_opener = urllib.request.build_opener(_NoRedirects)


@dataclass(frozen=True)
class Metadata:
    """What the provider says of itself (OpenID Connect Discovery 1.0, section 3)."""

    issuer: str
    authorization_endpoint: str
    token_endpoint: str
    jwks_uri: str
    userinfo_endpoint: str = ""
    end_session_endpoint: str = ""
    token_endpoint_auth_methods_supported: tuple[str, ...] = ("client_secret_basic",)


_metadata: dict[str, tuple[float, Metadata]] = {}
_keys: dict[str, list[dict[str, Any]]] = {}


def forget() -> None:
    """Drop what is remembered of providers; for tests."""
    _metadata.clear()
    _keys.clear()


def metadata() -> Metadata:
    """The provider's metadata, asked for at most once an hour. Raises ProviderDown."""
    issuer = settings.OIDC_ISSUER
    kept = _metadata.get(issuer)
    if kept and kept[0] > time.monotonic():
        return kept[1]
    given = _get_json(f"{issuer}/.well-known/openid-configuration")
    if not isinstance(given, dict) or str(given.get("issuer", "")).rstrip("/") != issuer:
        raise ProviderDown("the metadata names another issuer")
    known = {name: given[name] for name in Metadata.__dataclass_fields__ if given.get(name)}
    for name in ("token_endpoint_auth_methods_supported",):
        if name in known:
            known[name] = tuple(known[name])
    try:
        found = Metadata(**known)
    except TypeError as error:
        raise ProviderDown("the metadata is incomplete") from error
    _metadata[issuer] = (time.monotonic() + METADATA_FOR_SECONDS, found)
    return found


def keys(*, fresh: bool = False) -> list[dict[str, Any]]:
    """The provider's public keys (JWKS); `fresh` asks again, for a key that is not among those remembered."""
    uri = metadata().jwks_uri
    if fresh or uri not in _keys:
        given = _get_json(uri)
        found = given.get("keys") if isinstance(given, dict) else None
        if not isinstance(found, list):
            raise ProviderDown("the key set is no key set")
        _keys[uri] = [key for key in found if isinstance(key, dict)]
    return _keys[uri]


def token_for(code: str, *, verifier: str, redirect_uri: str) -> dict[str, Any]:
    """The provider's answer to the code. Raises Rejected when it refuses the code, ProviderDown when it is away."""
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "code_verifier": verifier,
        "client_id": settings.OIDC_CLIENT_ID,
    }
    headers = {"Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
    secret = settings.OIDC_CLIENT_SECRET
    if secret and "client_secret_basic" in metadata().token_endpoint_auth_methods_supported:
        pair = f"{quote(settings.OIDC_CLIENT_ID, safe='')}:{quote(secret, safe='')}"
        headers["Authorization"] = f"Basic {base64.b64encode(pair.encode()).decode()}"
    elif secret:
        form["client_secret"] = secret
    answer = _json(urllib.request.Request(metadata().token_endpoint, urlencode(form).encode(), headers))  # noqa: S310 - the scheme is looked at in _json
    return answer if isinstance(answer, dict) else {}


def userinfo(access_token: str) -> dict[str, Any]:
    """What the provider says of the person beside the token; empty when it has no such address."""
    if not metadata().userinfo_endpoint:
        return {}
    headers = {"Authorization": f"Bearer {access_token}", "Accept": "application/json"}
    answer = _json(urllib.request.Request(metadata().userinfo_endpoint, headers=headers))  # noqa: S310 - the scheme is looked at in _json
    return answer if isinstance(answer, dict) else {}


def _get_json(address: str) -> Any:
    return _json(urllib.request.Request(address, headers={"Accept": "application/json"}))  # noqa: S310 - the scheme is looked at in _json


def is_safe(address: str) -> bool:
    """Whether what goes there cannot be read on the way: https, or this very machine."""
    where = urlsplit(address)
    return where.scheme == "https" or (where.scheme == "http" and where.hostname in LOOPBACK)


def _json(request: urllib.request.Request) -> Any:
    if not is_safe(request.full_url):
        raise ProviderDown("an address of the provider is not https")
    try:
        with _opener.open(request, timeout=TIMEOUT_SECONDS) as answer:
            body = answer.read(LARGEST_ANSWER + 1)
    except urllib.error.HTTPError as error:
        with error:
            kind = Rejected if 400 <= error.code < 500 else ProviderDown
            raise kind(f"status {error.code}") from error
    except (OSError, HTTPException, ValueError) as error:
        raise ProviderDown(str(error)) from error
    if len(body) > LARGEST_ANSWER:
        raise ProviderDown("the answer is too long")
    try:
        return json.loads(body)
    except ValueError as error:
        raise ProviderDown("the answer is no JSON") from error
