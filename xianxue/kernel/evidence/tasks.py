"""What is done by itself: checkpoints, their way to the witnesses, and the nightly verification."""

from datetime import time, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel import schedule
from xianxue.kernel.access import system_actor
from xianxue.kernel.evidence.witness import send_to_witnesses
from xianxue.kernel.files.selectors import rehash
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.services import checkpoint_now
from xianxue.kernel.history.verification import verify

SAMPLE = 300


class EvidenceBroken(Exception):
    """The log or the files are not what they were: `xianxue verify-history`, `xianxue verify-files` name it."""


def sign_hourly() -> str:
    """Sign a checkpoint where something was recorded; an empty log needs none."""
    if not Event.objects.exists():
        return ""
    return _("%(size)s 条") % {"size": checkpoint_now(_("每小时"), by=system_actor("task")).size}


def verify_nightly() -> str:
    """Verify the whole log; a fault fails the run, so that the operator sees it."""
    verdict = verify()
    if not verdict.is_sound:
        raise EvidenceBroken(verdict.fault_count)
    return _("%(count)s 条，全部相符") % {"count": verdict.events}


def rehash_nightly() -> str:
    """Hash a sample of the stored files again; a fault fails the run."""
    count, faults = rehash(SAMPLE)
    if faults:
        raise EvidenceBroken(len(faults))
    return _("%(count)s 个，全部相符") % {"count": count}


def register_all() -> None:
    """Declare the periodic work."""
    hourly = schedule.Every(timedelta(hours=1))
    schedule.register(
        "evidence.checkpoint", gettext_lazy("签发留痕检查点"), hourly, sign_hourly, lane=schedule.Lane.SHORT
    )
    morning = schedule.At(time(7, 0))
    schedule.register("evidence.witnesses", gettext_lazy("检查点寄送见证人"), morning, send_to_witnesses)
    schedule.register("evidence.verify", gettext_lazy("校验留痕"), schedule.At(time(3, 10)), verify_nightly)
    schedule.register("evidence.files", gettext_lazy("抽查附件"), schedule.At(time(3, 40)), rehash_nightly)
