"""Commands on subscriptions: begun and ended by the token's owner, and a notice sent again."""

from collections.abc import Collection, Sequence

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xianxue.kernel import resources
from xianxue.kernel.access import Actor
from xianxue.kernel.api import scopes
from xianxue.kernel.api.door import reach_of_token
from xianxue.kernel.api.models import Delivery, DeliveryState, Subscription, Token
from xianxue.kernel.api.tokens import subject_of
from xianxue.kernel.api.webhooks import guard, outbox, sending
from xianxue.kernel.commands import Refused, command
from xianxue.kernel.history.records import record

MOST = 10


@command("api.subscribe", label=_("订阅变更通知"))
def subscribe(
    token: Token,
    *,
    url: str,
    registers: Collection[str],
    by: Actor,
    actions: Sequence[str] = (),
    units: Sequence[int] = (),
) -> Subscription:
    """Tell an address of changes from now on. Refuses addresses inside the house, and what the token may not read."""
    known = scopes.of(token.scopes)
    if scopes.WEBHOOKS not in known or not token.is_valid:
        raise Refused(_("未能订阅：令牌的范围不含“订阅变更通知”，或令牌已失效。请重新签发令牌。"))
    if Subscription.objects.filter(token=token, ended_at=None).count() >= MOST:
        raise Refused(_("未能订阅：一个令牌最多订阅 10 个地址。请先停止不用的。"))
    readable = {item.code for item in resources.all_registers() if known.reads(item)}
    if not registers or not readable.issuperset(registers):
        raise Refused(_("未能订阅：没有选登记，或令牌不能读取所选的登记。请重新选择。"), field="registers")
    if not reach_of_token(token).units.covers(units):
        raise Refused(_("未能订阅：限定的单位不在令牌的范围内。请重新填写。"), field="units")
    try:
        guard.target_of(url)
    except Refused as refused:
        raise Refused(refused.message, field="url") from refused
    made = Subscription.objects.create(
        token=token,
        url=url,
        registers=sorted(registers),
        actions=sorted(actions),
        units=sorted(units),
        secret=sending.new_secret(),
        cursor=outbox.head(),
    )
    record(subject_of(token), {"url": [None, url]}, facts={"registers": " ".join(made.registers)})
    return made


@command("api.unsubscribe", label=_("停止变更通知"))
def unsubscribe(subscription: Subscription, *, by: Actor) -> None:
    """Tell the address no more; what waits is not sent. Refuses one that has ended."""
    if subscription.ended_at is not None:
        raise Refused(_("未作改动：这个订阅已经停止。"))
    subscription.ended_at = timezone.now()
    subscription.save(update_fields=["ended_at"])
    record(subject_of(subscription.token), {"url": [subscription.url, None]})


@command("api.replay", label=_("重发变更通知"))
def replay(delivery: Delivery, *, by: Actor) -> None:
    """Send a notice again, under the same id, whether it arrived or was given up. Refuses one that waits anyway."""
    if delivery.state == DeliveryState.WAITING or delivery.subscription.ended_at is not None:
        raise Refused(_("未能重发：这条通知还在发送中，或订阅已停止。"))
    delivery.state, delivery.attempts, delivery.due_at, delivery.done_at = (
        DeliveryState.WAITING,
        0,
        timezone.now(),
        None,
    )
    delivery.save(update_fields=["state", "attempts", "due_at", "done_at"])
    record(subject_of(delivery.subscription.token), facts={"message": delivery.message_id})
