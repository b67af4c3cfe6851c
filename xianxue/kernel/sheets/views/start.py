"""Where workbooks are sent, and the list of what was sent."""

from typing import Any
from urllib.parse import quote

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from xianxue.kernel.sheets import imports, presenting, senders
from xianxue.kernel.sheets import sheet as registry
from xianxue.kernel.sheets.choices import Outcome, State
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.tasks import queue_check
from xianxue.kernel.sheets.template import template_workbook
from xianxue.kernel.sheets.views.common import actor, sheets_to_send
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.details import TablePanel
from xianxue.kernel.ui.tables import Cell, HeadCell, Row

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
RECENT = 50


def attachment(content: bytes, name: str) -> HttpResponse:
    """A workbook to be downloaded under a Chinese name."""
    response = HttpResponse(content, content_type=XLSX)
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    response["Cache-Control"] = "no-store"
    return response


class StartView(View):
    """Upload first, choose nothing."""

    def get(self, request: HttpRequest, *, error: str = "") -> HttpResponse:
        context: dict[str, Any] = {
            "error": error,
            "templates": sheets_to_send(),
            "jobs": recent_jobs(),
        }
        return render(request, "sheets/start.html", context, status=422 if error else 200)

    def post(self, request: HttpRequest) -> HttpResponse:
        if not sheets_to_send():
            raise PermissionDenied
        sources = request.FILES.getlist("files")
        if not sources:
            return self.get(request, error=_("没有收到文件。请先选择文件，再点“发送并检查”。"))
        batch = imports.receive_many(sources, by=actor())
        jobs = list(batch.jobs.order_by("pk"))
        for job in jobs:
            if job.state == State.RECEIVED:
                queue_check(job)
        if len(jobs) == 1:
            return redirect("import-job", jobs[0].pk)
        return redirect("import-batch", batch.pk)


def recent_jobs() -> TablePanel:
    """The latest imports in reach."""
    jobs = senders.jobs_in_reach().order_by("-pk")[:RECENT]
    heads = [
        HeadCell("file", _("文件")), HeadCell("sheet", _("内容")), HeadCell("state", _("状态")),
        HeadCell("new", _("新增"), numeric=True), HeadCell("changed", _("变更"), numeric=True),
        HeadCell("wrong", _("有错"), numeric=True), HeadCell("sender", _("发送人")), HeadCell("at", _("时间")),
    ]  # fmt: skip
    return TablePanel(
        title=_("发送过的文件"),
        columns=heads,
        rows=[_row(job) for job in jobs],
        empty=_("还没有发送过文件。"),
    )


def _row(job: ImportJob) -> Row:
    pill = presenting.state_pill(job)
    numbers = [
        Cell(formats.grouped(job.count(name)) if job.is_checked else "", kind="number")
        for name in (Outcome.NEW, Outcome.CHANGED, Outcome.WRONG)
    ]
    cells = [
        Cell(job.file_name),
        Cell(str(registry.get(job.sheet).label) if job.sheet else ""),
        Cell(pill.text, kind="pill", tone=pill.tone),
        *numbers,
        Cell(job.sender),
        Cell(formats.china_moment(job.created_at), kind="date"),
    ]
    return Row(cells=cells, href=reverse("import-job", args=[job.pk]), pk=str(job.pk))


class TemplateView(View):
    """The template of a sheet."""

    def get(self, request: HttpRequest, code: str) -> HttpResponse:
        sheet = next((sheet for sheet in sheets_to_send() if sheet.code == code), None)
        if sheet is None:
            raise Http404
        return attachment(template_workbook(sheet), _("%(sheet)s模板.xlsx") % {"sheet": sheet.label})
