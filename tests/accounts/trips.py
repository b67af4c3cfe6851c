"""The way to an identity provider and back, as a browser goes it."""

from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse

from tests.accounts.providers import CrookedProvider
from xianxue.accounts.models import SignIn

INVALID = "未能登录：“统一身份认证”的答复无效或已过期。请重新登录；若再次出现，请告诉系统管理员。"


def configure(monkeypatch: pytest.MonkeyPatch, issuer: str) -> None:
    monkeypatch.setattr(settings, "OIDC_ISSUER", issuer)
    monkeypatch.setattr(settings, "OIDC_CLIENT_ID", "xianxue")
    monkeypatch.setattr(settings, "OIDC_CLIENT_SECRET", "a secret: of the tests")


def go(client: Client, provider: CrookedProvider, onward: str = "/account/") -> dict[str, str]:
    started = client.get(reverse("provider-start"), {"next": onward})
    assert started.status_code == 302
    return provider.visit(started.headers["Location"])


def come_back(client: Client, provider: CrookedProvider, onward: str = "/account/") -> Any:
    return client.get(reverse("provider-return"), go(client, provider, onward))


def told(answer: Any) -> list[str]:
    return list(answer.context["form"].non_field_errors())


def refused(answer: Any, message: str, status: int = 403) -> None:
    assert (answer.status_code, told(answer)) == (status, [message])
    assert not SignIn.objects.exists()
