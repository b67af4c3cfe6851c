"""Samples of insight: what the contracts try it with."""

from typing import Any

from django.utils import timezone

from tests.contracts.declared import Work
from xianxue.insight.models import ReleaseCheck


def _differs(stage: Any) -> int:
    release = stage.release()
    ReleaseCheck.objects.create(
        release=release, checked_at=timezone.now(), event_seq=1, same=0, changed=1, uncomputed=0, faults=0, findings=b""
    )
    key: int = release.pk
    return key


WORK = {
    # In this order: to release takes the draft away.
    "insight.releases": Work(_differs, mine=("county_officer",), seen=("director",)),
    "insight.drafts": Work(lambda stage: stage.draft().pk, mine=("director",), seen=("county_officer",)),
}
