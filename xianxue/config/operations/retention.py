"""What grows by use alone and goes after a time. History, records of reading and matters are kept: they are no logs."""

import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from xianxue.accounts.models import AccountNotice, SignIn, SignInFailure
from xianxue.kernel.api.models import Delivery, DeliveryState
from xianxue.kernel.files import store
from xianxue.kernel.procedures.models import Notice
from xianxue.kernel.sheets.models import NumberMatch
from xianxue.people.models import DuplicateScan, LookupFailure

SCANS_KEPT = timedelta(days=90)
# As long as notices that arrived (`kernel/api/tasks.py`).
UNSENT_KEPT = timedelta(days=30)
PART_KEPT = timedelta(days=1)


def forget_old() -> int:
    """Remove what is past its time; returns how much. Basis: 《网络安全法》第二十一条, network logs of six months or more."""
    return sum(rows.delete()[0] for rows in _past()) + _remove_parts()


def _past() -> tuple["QuerySet[Any]", ...]:
    now = timezone.now()
    before = now - timedelta(days=settings.NETWORK_LOG_DAYS)
    # The next search begins where the last one ended, and the last full one tells when another is due.
    kept = [
        scan.pk
        for found in (DuplicateScan.objects.all(), DuplicateScan.objects.filter(is_full=True))
        if (scan := found.order_by("-pk").first())
    ]
    unwanted = Q(subscription__ended_at__lt=now - UNSENT_KEPT)
    unwanted |= Q(subscription__token__revoked_at__lt=now - UNSENT_KEPT)
    unwanted |= Q(subscription__token__expires_at__lt=now - UNSENT_KEPT)
    return (
        # Longer than any session lasts: whoever is signed in was seen since.
        SignIn.objects.filter(Q(last_seen_at__lt=before) | Q(last_seen_at=None, started_at__lt=before)),
        SignInFailure.objects.filter(at__lt=before),
        LookupFailure.objects.filter(at__lt=before),
        NumberMatch.objects.filter(at__lt=before),
        AccountNotice.objects.filter(seen_at__lt=before),
        Notice.objects.filter(seen_at__lt=before),
        DuplicateScan.objects.filter(finished_at__lt=now - SCANS_KEPT).exclude(pk__in=kept),
        Delivery.objects.filter(unwanted, state=DeliveryState.WAITING),
    )


def _remove_parts() -> int:
    """Remove what a server that was killed had begun to store."""
    before = time.time() - PART_KEPT.total_seconds()
    old = [path for path in store.folder().glob("*.part") if path.stat().st_mtime < before]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)
