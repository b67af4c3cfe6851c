"""Imports that were checked and wait to be written or cancelled."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Reach
from xianxue.kernel.sheets.choices import State
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.senders import visible_to
from xianxue.kernel.work import Line, WorkSource, source

# A file that was checked should be written, or cancelled, within so many days.
TO_APPLY = timedelta(days=3)


@source
class Imports(WorkSource):
    """They wait for whoever sent the file."""

    code = "imports.waiting"
    label = gettext_lazy("待写入的导入")
    system = "imports"
    unit = "unit_id"
    user = "sender_id"
    until = TruncDate(F("created_at") + TO_APPLY)

    def waiting(self, today: date) -> QuerySet[Any]:
        """Checked, and neither written nor cancelled."""
        del today
        return ImportJob.objects.filter(state=State.READY)

    def in_sight(self, reach: Reach) -> Q:
        """The imports that the person may see."""
        return visible_to(reach)

    def lines(self, keys: Sequence[int], reach: Reach) -> Mapping[int, Line]:
        """File, sender, and how many rows are wrong."""
        del reach
        jobs = ImportJob.objects.filter(pk__in=keys).only("file_name", "counts", "sender")
        return {job.pk: _line(job) for job in jobs}


def _line(job: ImportJob) -> Line:
    wrong = job.count("wrong")
    asked = _("改正 %(wrong)s 行错误后写入，或者取消") % {"wrong": wrong} if wrong else _("已检查，写入或者取消")
    return Line(job.file_name, asked, job.sender, reverse("import-job", args=(job.pk,)))
