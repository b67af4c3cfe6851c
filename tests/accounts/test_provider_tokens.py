"""ID tokens of the identity provider: whatever lies is not believed."""

import time
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from joserfc import jwt
from joserfc.jwk import ECKey, OctKey, OKPKey, RSAKey

from tests.accounts.providers import CrookedProvider
from tests.accounts.trips import INVALID, come_back, refused
from tests.factories.accounts import UserFactory
from xianxue.accounts.models import User

pytestmark = pytest.mark.django_db
Claims = dict[str, Any]


@pytest.fixture
def user() -> User:
    found: User = UserFactory(username="zhang")
    return found


def twisted(**change: Any) -> Callable[[Claims], Claims]:
    return lambda claims: {name: value for name, value in {**claims, **change}.items() if value is not None}


NOW = int(time.time())


@pytest.mark.parametrize(
    "twist",
    [
        pytest.param(twisted(nonce="another"), id="wrong nonce"),
        pytest.param(twisted(nonce=None), id="no nonce"),
        pytest.param(twisted(aud="another"), id="wrong audience"),
        pytest.param(twisted(aud=None), id="no audience"),
        pytest.param(twisted(aud=["xianxue", "another"]), id="two audiences without a party"),
        pytest.param(twisted(azp="another"), id="made for another party"),
        pytest.param(twisted(iss="https://another.example"), id="wrong issuer"),
        pytest.param(twisted(iss=None), id="no issuer"),
        pytest.param(twisted(exp=NOW - 120), id="expired"),
        pytest.param(twisted(exp=None), id="never expires"),
        pytest.param(twisted(iat=NOW + 86_400), id="issued in the future"),
        pytest.param(twisted(iat=NOW - 3600), id="issued long ago"),
        pytest.param(twisted(iat=None), id="issued at no time"),
        pytest.param(twisted(nbf=NOW + 86_400), id="not yet valid"),
        pytest.param(twisted(sub=None), id="nobody"),
        pytest.param(twisted(sub=""), id="empty subject"),
    ],
)
def test_a_token_not_meant_for_this_sign_in_is_refused(
    provider: CrookedProvider, user: User, client: Client, twist: Callable[[Claims], Claims]
) -> None:
    provider.twist = twist
    refused(come_back(client, provider), INVALID)


def _unsigned(_provider: CrookedProvider, claims: Claims) -> str:
    return jwt.encode({"alg": "none"}, claims, OctKey.generate_key(256), algorithms=["none"])


def _with_client_secret(_provider: CrookedProvider, claims: Claims) -> str:
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("a secret: of the tests" * 3))


def _with_foreign_key(provider: CrookedProvider, claims: Claims) -> str:
    return jwt.encode({"alg": "RS256", "kid": provider.key.kid}, claims, RSAKey.generate_key(2048))


def _with_unknown_key(_provider: CrookedProvider, claims: Claims) -> str:
    return jwt.encode({"alg": "RS256", "kid": "k9"}, claims, RSAKey.generate_key(2048))


def _with_public_key_as_secret(provider: CrookedProvider, claims: Claims) -> str:
    public = provider.key.as_dict(private=False)
    return jwt.encode({"alg": "HS256", "kid": provider.key.kid}, claims, OctKey.import_key(str(public["n"])))


def _altered(provider: CrookedProvider, claims: Claims) -> str:
    head, _body, tail = provider.straight(claims).split(".")
    other = provider.straight({**claims, "preferred_username": "juzhang"}).split(".")[1]
    return f"{head}.{other}.{tail}"


def _garbage(_provider: CrookedProvider, _claims: Claims) -> str:
    return "not.a.token"


@pytest.mark.parametrize(
    "sign",
    [
        _unsigned, _with_client_secret, _with_foreign_key, _with_unknown_key, _with_public_key_as_secret, _altered,
        _garbage,
    ],
)  # fmt: skip
@pytest.mark.filterwarnings("ignore::joserfc.errors.SecurityWarning")
def test_a_token_that_the_provider_did_not_sign_is_refused(
    provider: CrookedProvider, user: User, client: Client, sign: Callable[[CrookedProvider, Claims], str]
) -> None:
    provider.sign = sign
    refused(come_back(client, provider), INVALID)


@pytest.mark.parametrize("seconds", [-50, 50])
def test_clocks_may_differ_by_a_minute(provider: CrookedProvider, user: User, client: Client, seconds: int) -> None:
    now = int(time.time())
    provider.twist = twisted(iat=now + max(seconds, 0), exp=now + min(seconds, 0) + 1)
    assert come_back(client, provider).status_code == 302


def test_several_audiences_are_taken_when_we_are_the_party(
    provider: CrookedProvider, user: User, client: Client
) -> None:
    provider.twist = twisted(aud=["another", "xianxue"], azp="xianxue")
    assert come_back(client, provider).status_code == 302


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        ("ES256", ECKey.generate_key("P-256", {"kid": "e1"})),
        ("Ed25519", OKPKey.generate_key("Ed25519", {"kid": "o1"})),
        ("PS256", RSAKey.generate_key(2048, {"kid": "p1"})),
    ],
)
def test_other_public_key_algorithms_are_known(
    provider: CrookedProvider, user: User, client: Client, algorithm: str, key: Any
) -> None:
    provider.key = key
    provider.sign = lambda _provider, claims: jwt.encode(
        {"alg": algorithm, "kid": key.kid}, claims, key, algorithms=[algorithm]
    )
    assert come_back(client, provider).status_code == 302


def test_a_key_that_was_changed_is_fetched_anew_and_only_then(provider: CrookedProvider, user: User) -> None:
    assert come_back(Client(), provider).status_code == 302
    assert come_back(Client(), provider).status_code == 302
    assert provider.asked.count("/keys") == 1
    provider.key = RSAKey.generate_key(2048, {"kid": "k2", "use": "sig"})
    assert come_back(Client(), provider).status_code == 302
    assert provider.asked.count("/keys") == 2


def test_a_key_of_an_unknown_kind_beside_the_right_one_does_no_harm(
    provider: CrookedProvider, user: User, client: Client
) -> None:
    provider.published = [
        {"kty": "SM9", "kid": "x"}, {"kty": "oct", "k": "AAAA", "kid": "k1"}, provider.key.as_dict(private=False),
    ]  # fmt: skip
    assert come_back(client, provider).status_code == 302
