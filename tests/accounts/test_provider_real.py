"""The same against a provider that others have written, started here as a program of its own."""

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.accounts.providers import real_provider, signed_in_at_real_provider
from tests.accounts.trips import INVALID, configure, refused, told
from tests.factories.accounts import UserFactory
from xianxue.accounts.models import ExternalIdentity, SignIn, User

pytestmark = pytest.mark.django_db


@pytest.fixture
def user() -> User:
    found: User = UserFactory(username="zhang")
    return found


@pytest.fixture(scope="module")
def real() -> Iterator[str]:
    with real_provider() as issuer:
        yield issuer


def test_a_real_provider_signs_in_who_has_an_account_and_nobody_else(
    real: str, monkeypatch: pytest.MonkeyPatch, user: User
) -> None:
    configure(monkeypatch, real)
    monkeypatch.setattr(settings, "OIDC_CLAIM", "sub")
    for subject, status in (("zhang", 302), ("li", 403), ("zhang", 302)):
        client = Client()
        address = client.get(reverse("provider-start")).headers["Location"]
        query = signed_in_at_real_provider(address, subject)
        assert client.get(f"{reverse('provider-return')}?{query}").status_code == status
        assert (client.get(reverse("account")).status_code == 200) is (status == 302)
    assert SignIn.objects.filter(user=user).count() == 2
    assert ExternalIdentity.objects.get().issuer == real


def test_a_real_provider_s_code_is_good_once(real: str, monkeypatch: pytest.MonkeyPatch, user: User) -> None:
    configure(monkeypatch, real)
    monkeypatch.setattr(settings, "OIDC_CLAIM", "sub")
    client = Client()
    query = signed_in_at_real_provider(client.get(reverse("provider-start")).headers["Location"], "zhang")
    kept = client.session["provider_trip"]
    assert client.get(f"{reverse('provider-return')}?{query}").status_code == 302
    other = Client()
    other.get(reverse("provider-start"))
    session = other.session
    session["provider_trip"] = kept
    session.save()
    refused_answer = other.get(f"{reverse('provider-return')}?{query}")
    assert told(refused_answer) == [INVALID]


def test_a_real_provider_s_token_for_another_client_is_refused(
    real: str, monkeypatch: pytest.MonkeyPatch, user: User, client: Client
) -> None:
    configure(monkeypatch, real)
    monkeypatch.setattr(settings, "OIDC_CLAIM", "sub")
    address = client.get(reverse("provider-start")).headers["Location"]
    query = signed_in_at_real_provider(address.replace("client_id=xianxue", "client_id=another"), "zhang")
    refused(client.get(f"{reverse('provider-return')}?{query}"), INVALID)


def test_leaving_a_real_provider_is_offered(
    real: str, monkeypatch: pytest.MonkeyPatch, user: User, client: Client
) -> None:
    configure(monkeypatch, real)
    monkeypatch.setattr(settings, "OIDC_CLAIM", "sub")
    query = signed_in_at_real_provider(client.get(reverse("provider-start")).headers["Location"], "zhang")
    client.get(f"{reverse('provider-return')}?{query}")
    assert client.post(reverse("sign-out")).context["address"].startswith(f"{real}/")
