"""Keeps the stored figures as new as the records, beside the worker."""

import logging
import time
from datetime import UTC, datetime, timedelta

from django.db import close_old_connections

from xianxue.insight.selectors import freshness, known_years, newest_change
from xianxue.kernel.access import system_actor, whole_county
from xianxue.kernel.history.models import Event
from xianxue.kernel.indicators.services import compute

logger = logging.getLogger(__name__)
# While an import is writing, every chunk changes figures: wait until nothing has happened for so long.
QUIET = timedelta(seconds=15)
PAUSE = 15.0


def stale_years() -> list[int]:
    """Calendar years whose figures are older than the records."""
    with whole_county("figures as new as the records"):
        return [year for year in known_years() if freshness(year).is_stale]


def is_quiet() -> bool:
    """Whether the newest change is old enough that what caused it is probably over; also when there is none."""
    seq = newest_change()
    at = Event.objects.filter(pk=seq).values_list("at", flat=True).first()
    if at is None:
        return False
    return datetime.now(UTC) - datetime.strptime(at, "%Y-%m-%dT%H:%M:%S.%fZ").replace(tzinfo=UTC) > QUIET


def refresh() -> list[int]:
    """Recompute the years that are stale, once it is quiet; returns them."""
    years = stale_years() if is_quiet() else []
    for year in years:
        compute(year, by=system_actor("task"))
    return years


def keep_fresh() -> None:
    """Refresh for ever: the worker runs it in a thread of its own."""
    while True:
        close_old_connections()
        try:
            if years := refresh():
                logger.info("figures recomputed", extra={"years": years})
        except Exception:  # the next round may go well, and figures must not stop for one that did not
            logger.exception("figures not recomputed")
        time.sleep(PAUSE)
