"""Matters that belong to no capability: imports that were sent and not yet written."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import everyone_signed_in
from xianxue.kernel.indicators.attention import Matter, watch
from xianxue.kernel.sheets.choices import State
from xianxue.kernel.sheets.senders import jobs_in_reach

# A file that was checked should be written, or cancelled, within so many days.
DAYS_TO_APPLY = 3


@watch("imports.waiting", label=gettext_lazy("导入"), action="registers", view=everyone_signed_in)
def imports_waiting(_today: date) -> Iterator[Matter]:
    """Imports that were checked and wait for somebody to write or cancel them."""
    jobs = jobs_in_reach().filter(state=State.READY).order_by("-pk")[:50]
    for job in jobs:
        sent = localtime(job.created_at).date()
        wrong = job.count("wrong")
        yield Matter(
            title=job.file_name,
            missing=_("有 %(wrong)s 行错误，等待改正后写入") % {"wrong": wrong} if wrong else _("已检查，等待写入"),
            owner=job.sender,
            href=reverse("import-job", args=(job.pk,)),
            due_on=sent + timedelta(days=DAYS_TO_APPLY),
            unit_id=job.unit_id,
        )
