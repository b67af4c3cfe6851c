"""Matters that belong to no capability: imports not yet written, releases that no longer agree with the records."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.insight.access import PREPARES, RELEASES
from xianxue.insight.releases import selectors
from xianxue.kernel.access import everyone_signed_in
from xianxue.kernel.indicators.attention import Matter, watch
from xianxue.kernel.sheets.choices import State
from xianxue.kernel.sheets.senders import jobs_in_reach

# A file that was checked should be written, or cancelled, within so many days.
DAYS_TO_APPLY = 3


@watch("imports.waiting", label=gettext_lazy("导入"), system="imports", view=everyone_signed_in)
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


@watch("insight.releases", label=gettext_lazy("已发布的数字"), system="cockpit_and_report", view=PREPARES | RELEASES)
def released_figures(_today: date) -> Iterator[Matter]:
    """Releases whose figures were found to differ from the records, and drafts that wait for the second person."""
    for release in selectors.all_in_force():
        made = getattr(release, "check_made", None)
        if made is not None and (made.changed or made.uncomputed or made.faults):
            yield Matter(
                title=_("年度报告 %(number)s") % {"number": release.number},
                missing=_missing(made.changed, made.uncomputed, made.faults),
                owner=_("局学籍管理"),
                href=reverse("release-compare", args=(release.number,)),
                is_late=bool(made.faults),
            )
    for draft in selectors.drafts():
        yield Matter(
            title=_("%(year)s 年度报告发布稿") % {"year": draft.year},
            missing=_("已由%(by)s编制，等待发布") % {"by": draft.prepared_by},
            owner=_("局长"),
            href=reverse("release-draft", args=(draft.pk,)),
        )


def _missing(changed: int, uncomputed: int, faults: int) -> str:
    found = []
    if faults:
        found.append(_("发布的内容被改动过"))
    if changed:
        found.append(_("已发布数字与现在不符：%(count)s 个") % {"count": changed})
    if uncomputed:
        found.append(_("已无法重算：%(count)s 个") % {"count": uncomputed})
    return "；".join(found)
