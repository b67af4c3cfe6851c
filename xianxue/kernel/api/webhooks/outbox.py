"""From the log to the wire: the log itself is the outbox, read by a cursor, so nothing can be lost between the two.

An event has its number in the order of commits (the log is locked while it is written), so whoever has read up to a
number has missed none below it.
"""

import uuid
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from xianxue.kernel import resources
from xianxue.kernel.access import Reach, in_reach
from xianxue.kernel.api import scopes
from xianxue.kernel.api.door import narrowed, reach_of_token
from xianxue.kernel.api.models import Delivery, DeliveryState, Subscription
from xianxue.kernel.api.providers import units_below
from xianxue.kernel.api.webhooks import guard, sending
from xianxue.kernel.api.webhooks.sending import Outcome
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.models import Event
from xianxue.kernel.resources import Register

CHUNK = 500
# Reading changes nothing, and who read is nobody else's business.
READS = ("resources.reveal", "resources.export_plain", "restricted.", "api.", "accounts.")
# Seconds until the next attempt, after each one that failed; then the notice is given up.
WAITS = (30, 120, 600, 1_800, 7_200, 21_600, 43_200, 86_400)
# A worker that died with a notice in hand has not marked it: after so long another takes it.
LEASE = timedelta(seconds=90)


def head() -> int:
    """The number of the newest event; 0 for none."""
    return Event.objects.order_by("-seq").values_list("seq", flat=True).first() or 0


def collect() -> int:
    """Make notices of everything new in the log; returns how many. Each chunk moves its cursor in one transaction."""
    made = 0
    newest = head()
    open_ones = Subscription.objects.filter(ended_at=None, cursor__lt=newest).select_related("token__owner")
    for subscription in open_ones:
        while subscription.cursor < newest:
            if not subscription.token.is_valid or not subscription.token.owner.is_active:
                break
            made += _chunk(subscription)
    return made


def _chunk(subscription: Subscription) -> int:
    """Notices of the next events. Found without a lock; kept only where no other worker has moved the cursor."""
    events = list(Event.objects.filter(seq__gt=subscription.cursor).order_by("seq")[:CHUNK])
    with in_reach(_reach(subscription)):
        found = list(_notices(subscription, events))
    newest = events[-1].seq if events else subscription.cursor
    with transaction.atomic():
        here = Subscription.objects.filter(pk=subscription.pk, cursor=subscription.cursor)
        if not here.update(cursor=newest):
            subscription.refresh_from_db(fields=["cursor"])
            return 0
        Delivery.objects.bulk_create(found)
    subscription.cursor = newest
    return len(found)


def _reach(subscription: Subscription) -> Reach:
    reach = reach_of_token(subscription.token)
    return narrowed(reach, units_below(subscription.units)) if subscription.units else replace(reach, purpose="")


def _notices(subscription: Subscription, events: Sequence[Event]) -> Iterator[Delivery]:
    """Notices of the events that concern rows in the subscriber's sight; ids and kinds only, nothing of a person."""
    wanted = [event for event in events if _is_wanted(subscription, event.action)]
    records: dict[int, list[dict[str, Any]]] = {}
    for register in _registers(subscription):
        for event, pk in _rows_of(register, wanted):
            records.setdefault(event.seq, []).append(
                {"register": register.code, "id": pk, "href": f"/api/v1/registers/{register.code}/{pk}"}
            )
    for event in wanted:
        if event.seq in records:
            data = {"seq": event.seq, "action": event.action, "unit_id": event.unit_id, "records": records[event.seq]}
            yield Delivery(
                subscription=subscription,
                seq=event.seq,
                message_id=f"msg_{uuid.uuid4().hex}",
                body={"type": "records.changed", "timestamp": event.at, "data": data},
            )


def _is_wanted(subscription: Subscription, action: str) -> bool:
    return not action.startswith(READS) and (not subscription.actions or action in subscription.actions)


def _registers(subscription: Subscription) -> list[Register]:
    known = scopes.of(subscription.token.scopes)
    return [
        item
        for item in resources.all_registers()
        if item.code in subscription.registers and known.reads(item) and item.may_view()
    ]


def _rows_of(register: Register, events: Sequence[Event]) -> Iterator[tuple[Event, int]]:
    """Events about rows of the register that the reach now in force sees."""
    own = register.model._meta.label_lower
    pairs = []
    for event in events:
        if event.subject_type == register.subject:
            pairs.append((event, _row_of(register, event.subject_id)))
        elif event.subject_type == own:
            pairs.append((event, event.subject_id))
    keys = {pk for _event, pk in pairs if pk is not None}
    seen = set(register.visible().filter(pk__in=keys).values_list("pk", flat=True)) if keys else set()
    yield from ((event, pk) for event, pk in pairs if pk is not None and pk in seen)


def _row_of(register: Register, record: int) -> int | None:
    try:
        return register.row_of(record)
    except LookupError:
        return None


def take_due(limit: int = 50) -> list[int]:
    """Keys of notices to be sent now, each leased to whoever asked."""
    now = timezone.now()
    due = Delivery.objects.filter(
        state=DeliveryState.WAITING, due_at__lte=now, subscription__ended_at=None, subscription__token__revoked_at=None
    )
    taken = []
    for pk, due_at in due.order_by("due_at", "pk").values_list("pk", "due_at")[:limit]:
        same = Delivery.objects.filter(pk=pk, due_at=due_at, state=DeliveryState.WAITING)
        if same.update(due_at=now + LEASE):
            taken.append(pk)
    return taken


def deliver(pk: int) -> Outcome | None:
    """Send one notice and note what came of it; None where there is nothing to send any more."""
    delivery = Delivery.objects.select_related("subscription__token").filter(pk=pk).first()
    if delivery is None or delivery.state != DeliveryState.WAITING:
        return None
    if delivery.subscription.ended_at is not None or not delivery.subscription.token.is_valid:
        return None
    outcome = _sent(delivery)
    _noted(delivery, outcome)
    return outcome


def _sent(delivery: Delivery) -> Outcome:
    body = sending.body_of(delivery.body)
    now = int(timezone.now().timestamp())
    try:
        target = guard.target_of(delivery.subscription.url)
    except Refused as refused:
        return Outcome(is_received=False, note=refused.message[:120])
    return sending.post(target, body, sending.headers_of(delivery.subscription.secret, delivery.message_id, now, body))


def _noted(delivery: Delivery, outcome: Outcome) -> None:
    now = timezone.now()
    delivery.attempts += 1
    delivery.answered = outcome.note[:120]
    if outcome.is_received:
        delivery.state, delivery.done_at = DeliveryState.DELIVERED, now
    elif delivery.attempts > len(WAITS):
        delivery.state, delivery.done_at = DeliveryState.DEAD, now
    else:
        delivery.due_at = now + timedelta(seconds=WAITS[delivery.attempts - 1])
    delivery.save(update_fields=["attempts", "answered", "state", "done_at", "due_at"])
    if outcome.is_gone:
        # 410: the receiver says that it wants no more.
        Subscription.objects.filter(pk=delivery.subscription_id, ended_at=None).update(ended_at=now)
