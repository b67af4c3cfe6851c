"""Notices in the background: found in the log every second, each sent by a task of its own."""

import logging
import time
from datetime import timedelta

from django.db import close_old_connections, transaction
from django.utils import timezone
from django_tasks import task

from xianxue.kernel.api.models import Delivery, DeliveryState, KeptAnswer
from xianxue.kernel.api.webhooks import outbox

logger = logging.getLogger(__name__)
PAUSE = 1.0
KEPT_DAYS = 30


# Below the imports, for which somebody waits.
@task(priority=-10)
def deliver_notice(delivery_id: int) -> None:
    """Send one notice."""
    outbox.deliver(delivery_id)


def round_once() -> int:
    """Find what is new and hand over what is due; returns how many notices were handed over.

    Lease and task are one transaction. A worker that dies with a notice in hand leaves the lease to run out: sent at
    least once, and the id tells the receiver what it has already.
    """
    outbox.collect()
    with transaction.atomic():
        taken = outbox.take_due()
        for pk in taken:
            deliver_notice.enqueue(pk)
    return len(taken)


def keep_sending() -> None:
    """Go round for ever: the worker runs it in a thread of its own."""
    while True:
        close_old_connections()
        try:
            round_once()
        except Exception:  # the next round may go well
            logger.exception("notices not sent")
        time.sleep(PAUSE)


def tidy() -> str:
    """Forget answers that have expired, and notices done with for a month; says how many."""
    now = timezone.now()
    answers = KeptAnswer.objects.filter(expires_at__lte=now).delete()[0]
    done = Delivery.objects.exclude(state=DeliveryState.WAITING).filter(done_at__lt=now - timedelta(days=KEPT_DAYS))
    return f"{answers} + {done.delete()[0]}"
