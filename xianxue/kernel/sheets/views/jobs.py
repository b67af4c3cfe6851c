"""The page of an import, and the decisions about it."""

import json
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from xianxue.kernel.commands import Refused
from xianxue.kernel.sheets import imports, presenting
from xianxue.kernel.sheets import sheet as registry
from xianxue.kernel.sheets.choices import State
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.returned import returned_workbook
from xianxue.kernel.sheets.tasks import queue_apply, queue_check, queue_undo
from xianxue.kernel.sheets.views.common import actor, found_job, job_to_handle, led_to_a_purpose
from xianxue.kernel.sheets.views.start import attachment
from xianxue.kernel.ui.forms import ConfirmPage
from xianxue.kernel.ui.parts import Link

OPTIONS = ("atomic", "blank_clears", "full_roster")


class JobView(View):
    """The page of one import; asks again by itself while work is in hand."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return render(request, "sheets/job.html", {"page": presenting.job_page(found_job(pk))})


class DecisionView(View):
    """A POST that decides something about an import and leads back to its page; a refusal is shown there."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        job = job_to_handle(pk)
        try:
            self.decide(request, job)
        except Refused as refusal:
            messages.error(request, refusal.message)
        return redirect("import-job", job.pk)

    def decide(self, request: HttpRequest, job: ImportJob) -> None:
        """What the button says. Raises Refused."""
        raise NotImplementedError


class ApplyView(DecisionView):
    """Write the valid rows."""

    def decide(self, request: HttpRequest, job: ImportJob) -> None:
        imports.start_applying(job, by=actor())
        queue_apply(job)


class MendView(DecisionView):
    """Accept the mend of a group."""

    def decide(self, request: HttpRequest, job: ImportJob) -> None:
        accepted = _mend(request.POST.get("mend", ""), job)
        imports.ask_again(job)
        imports.mend(job, [accepted])
        queue_check(job)


def _mend(text: str, job: ImportJob) -> dict[str, str]:
    """A mend as our own page offers it; anything else is no request of ours."""
    offered = [mend for group in job.problems for mend in group["mends"]]
    try:
        mend = json.loads(text)
    except ValueError as error:
        raise Http404 from error
    if mend not in offered:
        raise Http404
    found: dict[str, str] = mend
    return found


class DecideView(DecisionView):
    """Unit, columns without a field, options: decided by the sender, checked again."""

    def decide(self, request: HttpRequest, job: ImportJob) -> None:
        imports.ask_again(job)
        chosen: dict[str, Any] = {name: "1" if request.POST.get(name) else "" for name in OPTIONS}
        if unit := request.POST.get("unit", ""):
            chosen["unit"] = unit
        sheet = registry.get(job.sheet)
        mapping = {
            request.POST[f"map-{place}"]: int(place)
            for place in job.layout_of("unknown", {})
            if request.POST.get(f"map-{place}", "") in sheet.by_name
        }
        if mapping:
            chosen["mapping"] = {**job.options.get("mapping", {}), **mapping}
        imports.decide(job, **chosen)
        queue_check(job)


class CancelView(DecisionView):
    """Stop, or give up."""

    def decide(self, request: HttpRequest, job: ImportJob) -> None:
        imports.cancel(job)


class ConfirmView(DecisionView):
    """The second person's yes to a full roster."""

    def decide(self, request: HttpRequest, job: ImportJob) -> None:
        imports.confirm_missing(job, by=actor())


class UndoView(View):
    """Undo, after a question."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = job_to_handle(pk)
        back = reverse("import-job", args=[job.pk])
        page = ConfirmPage(
            title=_("撤销导入"),
            question=_("要撤销任务 %(number)s“%(name)s”写入的内容吗？") % {"number": job.pk, "name": job.file_name},
            submit=_("撤销这次导入"),
            cancel_href=back,
            trail=(Link(_("导入"), reverse("import-start")), Link(job.file_name, back)),
            effects=(
                _("新增的记录会删除，变更的格恢复原值。"),
                _("导入之后又被改过的，保留现在的值，并列出清单。"),
                _("撤销本身也留痕。"),
            ),
            is_dangerous=True,
        )
        return render(request, "ui/confirm.html", {"page": page})

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        job = job_to_handle(pk)
        try:
            imports.start_undoing(job, by=actor())
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            queue_undo(job)
        return redirect("import-job", job.pk)


class ReturnedView(View):
    """The sender's own workbook with its marks."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponseBase:
        job = job_to_handle(pk)
        if not job.is_checked or job.is_moving or job.state not in (State.READY, State.APPLIED):
            raise Http404
        if (led := led_to_a_purpose(request, job)) is not None:
            return led
        stem = job.file_name.rpartition(".")[0] or job.file_name
        return attachment(returned_workbook(job), _("%(stem)s（检查结果）.xlsx") % {"stem": stem})
