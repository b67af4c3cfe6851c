"""Signing in at the county's identity provider: OpenID Connect, authorization code with PKCE."""

from xianxue.accounts.services.provider.flow import (
    Answer,
    Trip,
    begin_trip,
    end_address,
    finish_trip,
    is_configured,
)
from xianxue.accounts.services.provider.linking import NoAccount, unlink, user_of
from xianxue.accounts.services.provider.tokens import Untrusted
from xianxue.accounts.services.provider.wire import ProviderDown

__all__ = [
    "Answer",
    "NoAccount",
    "ProviderDown",
    "Trip",
    "Untrusted",
    "begin_trip",
    "end_address",
    "finish_trip",
    "is_configured",
    "unlink",
    "user_of",
]
