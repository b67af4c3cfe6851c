"""Tokens, subscriptions and notices, as the pages about them need."""

from datetime import timedelta

from django.utils import timezone

from tests.cast import Cast
from xianxue.kernel.api.models import Delivery, Subscription, Token


def api_token(cast: Cast, part: str) -> Token:
    """A token of that part of the cast; its secret is nobody's."""
    number = Token.objects.count()
    return Token.objects.create(
        owner=cast.users[part],
        name="样例系统",
        prefix=f"{number:08x}",
        secret_hash="0" * 64,
        scopes=["read:classes", "webhooks"],
        expires_at=timezone.now() + timedelta(days=30),
    )


def api_delivery(cast: Cast, part: str) -> Delivery:
    """A notice that was given up."""
    subscription = Subscription.objects.create(
        token=api_token(cast, part), url="https://receiver.example/hook", registers=["classes"], secret="x", cursor=0
    )
    return Delivery.objects.create(
        subscription=subscription,
        seq=1,
        message_id=f"msg_{subscription.pk}",
        body={"type": "records.changed"},
        state="dead",
    )
