"""Signing in at the county's identity provider: nobody gets rights by coming, and a return is good once."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pyotp
import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.accounts.providers import CrookedProvider
from tests.accounts.trips import INVALID, come_back, configure, go, refused, told
from tests.factories.accounts import PostingFactory, SecondFactorFactory, UserFactory
from xianxue.accounts import services
from xianxue.accounts.models import ExternalIdentity, SignIn, SignInFailure, User
from xianxue.accounts.services.provider import wire
from xianxue.kernel.access import Actor, Role
from xianxue.kernel.history.selectors import events_of
from xianxue.organisations.roles import ADMINISTRATORS

pytestmark = pytest.mark.django_db
STRANGER = "未能登录：“统一身份认证”里的这个人在本系统还没有账号。请找安全管理员核对用户名或工号。"


@pytest.fixture
def user() -> User:
    found: User = UserFactory(username="zhang")
    return found


def test_the_address_asks_for_a_code_with_pkce_state_and_nonce(provider: CrookedProvider, client: Client) -> None:
    started = client.get(reverse("provider-start"))
    query = {name: values[0] for name, values in parse_qs(urlsplit(started.headers["Location"]).query).items()}
    assert started.headers["Location"].startswith(f"{provider.issuer}/authorize?")
    assert {name: query[name] for name in ("response_type", "client_id", "scope", "code_challenge_method")} == {
        "response_type": "code",
        "client_id": "xianxue",
        "scope": "openid profile",
        "code_challenge_method": "S256",
    }
    assert query["redirect_uri"] == f"{settings.BASE_URL}/sign-in/provider/return/"
    assert min(len(query[name]) for name in ("state", "nonce", "code_challenge")) >= 43


def test_a_person_signs_in_is_linked_and_leaves(provider: CrookedProvider, user: User, client: Client) -> None:
    assert come_back(client, provider, "/account/password/").headers["Location"] == "/account/password/"
    row = SignIn.objects.get()
    assert (row.user, row.way) == (user, "provider")
    identity = ExternalIdentity.objects.get()
    assert (identity.user, identity.issuer, identity.subject) == (user, provider.issuer, "sub-1")
    assert events_of("accounts.user", user.pk)[0].action == "accounts.link_identity"

    left = client.post(reverse("sign-out"))
    address = left.context["address"]
    assert address.startswith(f"{provider.issuer}/logout?id_token_hint=")
    assert parse_qs(urlsplit(address).query)["post_logout_redirect_uri"] == [f"{settings.BASE_URL}/sign-in/"]
    assert client.get(reverse("account")).status_code == 302


def test_a_return_is_good_once(provider: CrookedProvider, user: User, client: Client) -> None:
    given = go(client, provider)
    assert client.get(reverse("provider-return"), given).status_code == 302
    client.post(reverse("sign-out"))
    SignIn.objects.all().delete()
    refused(client.get(reverse("provider-return"), given), INVALID)


def test_a_return_is_good_only_in_the_browser_that_went(provider: CrookedProvider, user: User, client: Client) -> None:
    given = go(client, provider)
    refused(Client().get(reverse("provider-return"), given), INVALID)


@pytest.mark.parametrize(
    "change",
    [{"state": "another"}, {"state": ""}, {"iss": "https://another.example"}, {"error": "access_denied"}, {"code": ""}],
)
def test_a_return_that_was_not_asked_for_is_refused(
    provider: CrookedProvider, user: User, client: Client, change: dict[str, str]
) -> None:
    refused(client.get(reverse("provider-return"), {**go(client, provider), **change}), INVALID)
    assert "/token" not in provider.asked


def test_a_return_after_ten_minutes_is_too_late(provider: CrookedProvider, user: User, client: Client) -> None:
    given = go(client, provider)
    session = client.session
    session["provider_trip"] = {**session["provider_trip"], "at": time.time() - 601}
    session.save()
    refused(client.get(reverse("provider-return"), given), INVALID)


def test_a_code_of_somebody_else_s_trip_is_refused_by_its_verifier(
    provider: CrookedProvider, user: User, client: Client
) -> None:
    theirs, mine = go(Client(), provider), go(client, provider)
    refused(client.get(reverse("provider-return"), {**mine, "code": theirs["code"]}), INVALID)


def test_nobody_gets_an_account_by_coming(provider: CrookedProvider, client: Client) -> None:
    refused(come_back(client, provider), STRANGER)
    assert not User.objects.exists()
    assert list(SignInFailure.objects.values_list("kind", "is_cleared")) == [("provider", True)]


@pytest.mark.parametrize("claims", [{}, {"preferred_username": ""}, {"preferred_username": ["zhang"]}])
def test_a_claim_that_is_missing_finds_nobody(
    provider: CrookedProvider, user: User, client: Client, claims: dict[str, Any]
) -> None:
    provider.claims = claims
    refused(come_back(client, provider), STRANGER)


def test_an_empty_worker_s_number_finds_nobody(
    provider: CrookedProvider, user: User, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "OIDC_MATCH", "worker_number")
    provider.claims = {"preferred_username": " "}
    refused(come_back(client, provider), STRANGER)


def test_a_person_is_found_by_the_worker_s_number_where_that_is_set(
    provider: CrookedProvider, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "OIDC_MATCH", "worker_number")
    monkeypatch.setattr(settings, "OIDC_CLAIM", "employee_number")
    user = UserFactory(username="other", worker_number="W-0071")
    provider.claims = {"employee_number": "W-0071"}
    assert come_back(client, provider).status_code == 302
    assert SignIn.objects.get().user == user


def test_the_claim_may_come_from_userinfo_but_only_of_the_same_person(provider: CrookedProvider, user: User) -> None:
    provider.claims = {}
    provider.userinfo = {"sub": "somebody else", "preferred_username": "zhang"}
    refused(come_back(Client(), provider), STRANGER)
    provider.userinfo = {"sub": "sub-1", "preferred_username": "zhang"}
    assert come_back(Client(), provider).status_code == 302


def test_a_switched_off_account_stays_shut(provider: CrookedProvider, client: Client) -> None:
    user = UserFactory(username="zhang", is_active=False)
    refused(come_back(client, provider), "未能登录：您在本系统的账号已停用。请找安全管理员。")
    assert SignInFailure.objects.get().user == user


def test_whoever_takes_over_a_user_name_at_the_provider_does_not_take_over_the_account(
    provider: CrookedProvider, user: User
) -> None:
    assert come_back(Client(), provider).status_code == 302
    provider.subject = "sub-2"
    answer = come_back(Client(), provider)
    assert told(answer) == ["未能登录：这个账号已与“统一身份认证”里的另一个人关联。请找安全管理员核对。"]
    services.provider.unlink(user, by=Actor(UserFactory().pk, "安全员"))
    assert come_back(Client(), provider).status_code == 302
    assert ExternalIdentity.objects.get().subject == "sub-2"


def test_a_person_who_was_renamed_at_the_provider_stays_the_same_here(provider: CrookedProvider, user: User) -> None:
    UserFactory(username="wang")
    come_back(Client(), provider)
    provider.claims["preferred_username"] = "wang"
    come_back(Client(), provider)
    assert set(SignIn.objects.values_list("user__username", flat=True)) == {"zhang"}


@pytest.mark.parametrize("role", ADMINISTRATORS)
def test_administrators_do_not_come_that_way(provider: CrookedProvider, client: Client, role: Role) -> None:
    PostingFactory(user__username="zhang", role=role)
    refused(come_back(client, provider), "未能登录：管理员不从“统一身份认证”登录。请用本系统的用户名和密码。")


def test_our_own_second_factor_is_asked_for_all_the_same(provider: CrookedProvider, user: User, client: Client) -> None:
    factor = SecondFactorFactory(user=user)
    provider.claims["amr"] = ["pwd", "mfa"]
    assert come_back(client, provider, "/account/password/").headers["Location"] == reverse("second-step")
    assert not SignIn.objects.exists()
    answer = client.post(reverse("second-step"), {"code": pyotp.TOTP(factor.secret).now()})
    assert answer.headers["Location"] == "/account/password/"
    assert SignIn.objects.get().way == "provider"
    assert client.post(reverse("sign-out")).context["address"].startswith(provider.issuer)


@pytest.mark.parametrize(("methods", "asked"), [(["pwd", "otp"], False), (["pwd"], True), (None, True)])
def test_the_provider_s_second_factor_counts_where_that_is_set(
    provider: CrookedProvider,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    methods: list[str] | None,
    asked: bool,
) -> None:
    monkeypatch.setattr(settings, "OIDC_TRUSTS_FACTOR", True)
    monkeypatch.setattr(settings, "SECOND_FACTOR_FROM", None)
    PostingFactory(user__username="zhang")
    provider.claims["amr"] = methods
    come_back(client, provider)
    assert (client.get(reverse("account")).status_code == 302) is asked


def test_a_password_that_must_be_changed_does_not_stop_who_did_not_use_it(
    provider: CrookedProvider, user: User, client: Client
) -> None:
    services.reset_password(user, by=Actor(UserFactory().pk, "安全员"))
    come_back(client, provider)
    assert client.get(reverse("account")).status_code == 200


DOWN = "未能登录：“统一身份认证”暂时连不上。请稍后再试；有本系统密码的，可在下面用密码登录。"


def test_a_provider_that_is_away_is_told_and_the_password_still_works(
    monkeypatch: pytest.MonkeyPatch, user: User, client: Client
) -> None:
    configure(monkeypatch, "http://127.0.0.1:9")
    answer = client.get(reverse("provider-start"))
    refused(answer, DOWN, 503)
    assert "从“统一身份认证”登录" in answer.content.decode()
    assert (
        client.post(reverse("sign-in"), {"username": "zhang", "password": "correct horse battery"}).status_code == 302
    )


@pytest.mark.parametrize(
    ("status", "body"), [(500, None), (404, None), (302, None), (200, b"<html>"), (200, b"[]"), (200, b"{}")]
)
def test_a_provider_that_answers_nonsense_counts_as_away(
    provider: CrookedProvider, client: Client, status: int, body: bytes | None
) -> None:
    provider.status, provider.body = status, body
    refused(client.get(reverse("provider-start")), DOWN, 503)


def test_a_provider_that_goes_away_meanwhile_is_told(provider: CrookedProvider, user: User, client: Client) -> None:
    given = go(client, provider)
    provider.status = 500
    refused(client.get(reverse("provider-return"), given), DOWN, 503)


def test_an_answer_without_end_is_not_read(provider: CrookedProvider, client: Client) -> None:
    provider.body = b" " * (wire.LARGEST_ANSWER + 1)
    refused(client.get(reverse("provider-start")), DOWN, 503)


@pytest.mark.parametrize("address", ["http://idp.example", "ftp://127.0.0.1/x", "file:///etc/passwd", "//127.0.0.1"])
def test_only_https_leaves_this_machine(address: str) -> None:
    assert not wire.is_safe(address)


def test_metadata_of_another_issuer_is_not_believed(
    provider: CrookedProvider, client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settings, "OIDC_ISSUER", provider.issuer.replace("127.0.0.1", "localhost"))
    refused(client.get(reverse("provider-start")), DOWN, 503)


def test_without_a_provider_there_is_no_such_door(client: Client) -> None:
    assert "统一身份认证" not in client.get(reverse("sign-in")).content.decode()
    for name in ("provider-start", "provider-return"):
        assert client.get(reverse(name)).status_code == 404


def test_a_foreign_onward_address_is_not_kept(provider: CrookedProvider, user: User, client: Client) -> None:
    answer = come_back(client, provider, "https://evil.example/")
    assert answer.headers["Location"] == reverse(settings.LOGIN_REDIRECT_URL)
