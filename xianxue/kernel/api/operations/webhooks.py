"""Subscriptions of the token that asks: made, looked at, ended, and a notice sent again."""

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from ninja import Field, Router, Schema
from ninja.params.functions import Body, Path

from xianxue.kernel.api import answers, writing
from xianxue.kernel.api.door import Caller
from xianxue.kernel.api.models import Delivery, Subscription
from xianxue.kernel.api.operations import common
from xianxue.kernel.api.operations.common import KEY, READ_FAILURES, WRITE_FAILURES
from xianxue.kernel.api.scopes import WEBHOOKS
from xianxue.kernel.api.shapes import CellText, RowKey, Strict, shaped
from xianxue.kernel.api.webhooks import services

TAG = "变更通知"
PK = (RowKey, Path(...))
SHOWN = 100


class SubscriptionItem(Schema):
    """A subscription; `secret` stands only in the answer that made it."""

    id: int
    url: str
    registers: list[str]
    actions: list[str]
    units: list[int]
    created_at: str
    ended_at: str | None
    secret: str | None = Field(default=None, description="签名密钥，只在新建时给出")


class DeliveryItem(Schema):
    """A notice and how sending it went."""

    id: int
    message_id: str
    seq: int
    state: str
    attempts: int
    answered: str
    due_at: str


class NewSubscription(Strict):
    """What to tell of, and where."""

    url: CellText = Field(min_length=1, max_length=300)
    registers: list[CellText] = Field(min_length=1, max_length=100)
    actions: list[CellText] = Field(default_factory=list, max_length=50)
    units: list[RowKey] = Field(default_factory=list, max_length=100)


def add_to(router: Router) -> None:
    """Add the operations of webhooks."""
    one = "/webhooks/{int:pk}"
    for path, method, view, responses, summary in (
        ("/webhooks", "GET", _listing(), {200: list[SubscriptionItem]}, "本令牌的订阅"),
        ("/webhooks", "POST", _subscribe(), {201: SubscriptionItem}, "订阅"),
        (one, "DELETE", _unsubscribe(), {200: SubscriptionItem}, "停止订阅"),
        (f"{one}/deliveries", "GET", _deliveries(), {200: list[DeliveryItem]}, "最近的通知"),
        ("/deliveries/{int:pk}/replay", "POST", _replay(), {200: DeliveryItem}, "重发一条通知"),
    ):
        router.add_api_operation(
            path,
            [method],
            view,
            operation_id=view.__name__,
            url_name=f"api-{path.strip('/').replace('/', '-').replace('{int:pk}', 'one')}",
            tags=[TAG],
            summary=summary,
            response=responses,
            openapi_extra=READ_FAILURES if method == "GET" else WRITE_FAILURES,
        )


def _own(caller: Caller) -> "QuerySet[Subscription]":
    return Subscription.objects.filter(token=caller.token)


def _item(found: Subscription, *, secret: bool = False) -> dict[str, Any]:
    return {
        "id": found.pk,
        "url": found.url,
        "registers": found.registers,
        "actions": found.actions,
        "units": found.units,
        "created_at": found.created_at.isoformat(),
        "ended_at": found.ended_at.isoformat() if found.ended_at else None,
        "secret": found.secret if secret else None,
    }


def _listing() -> Any:
    def view(request: HttpRequest) -> HttpResponse:
        caller = common.scoped(request, WEBHOOKS)
        return common.plain([_item(found) for found in _own(caller).order_by("pk")[:SHOWN]])

    return shaped(view, "list_webhooks")


def _subscribe() -> Any:
    def view(request: HttpRequest, *, new: NewSubscription, key: str) -> HttpResponse:
        caller = common.scoped(request, WEBHOOKS)

        def write() -> writing.Answer:
            made = services.subscribe(
                caller.token,
                url=new.url,
                registers=new.registers,
                actions=new.actions,
                units=new.units,
                by=caller.actor,
            )
            return writing.Answer(201, _item(made, secret=True))

        return writing.once(request, caller, key, write)

    return shaped(view, "subscribe", new=(NewSubscription, Body(...)), key=KEY)


def _unsubscribe() -> Any:
    def view(request: HttpRequest, *, pk: int, key: str) -> HttpResponse:
        caller = common.scoped(request, WEBHOOKS)

        def write() -> writing.Answer:
            found = _own(caller).select_related("token").filter(pk=pk).first()
            if found is None:
                raise answers.not_found()
            services.unsubscribe(found, by=caller.actor)
            return writing.Answer(200, _item(found))

        return writing.once(request, caller, key, write)

    return shaped(view, "unsubscribe", pk=PK, key=KEY)


def _deliveries() -> Any:
    def view(request: HttpRequest, *, pk: int) -> HttpResponse:
        caller = common.scoped(request, WEBHOOKS)
        if not _own(caller).filter(pk=pk).exists():
            raise answers.not_found()
        found = Delivery.objects.filter(subscription_id=pk).order_by("-pk")[:SHOWN]
        return common.plain([_delivery(one) for one in found])

    return shaped(view, "deliveries_of_webhook", pk=PK)


def _delivery(one: Delivery) -> dict[str, Any]:
    words = {name: getattr(one, name) for name in ("message_id", "seq", "state", "attempts", "answered")}
    return {"id": one.pk, **words, "due_at": one.due_at.isoformat()}


def _replay() -> Any:
    def view(request: HttpRequest, *, pk: int, key: str) -> HttpResponse:
        caller = common.scoped(request, WEBHOOKS)

        def write() -> writing.Answer:
            rows = Delivery.objects.select_related("subscription__token")
            found = rows.filter(pk=pk, subscription__token=caller.token).first()
            if found is None:
                raise answers.not_found()
            services.replay(found, by=caller.actor)
            return writing.Answer(200, _delivery(found))

        return writing.once(request, caller, key, write)

    return shaped(view, "replay_delivery", pk=PK, key=KEY)
