"""Many files sent in one go: the difference of every school before anything is written."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views import View

from xianxue.kernel.commands import Refused
from xianxue.kernel.sheets import imports, presenting
from xianxue.kernel.sheets import sheet as registry
from xianxue.kernel.sheets.choices import MOVING, Outcome, State
from xianxue.kernel.sheets.models import ImportBatch, ImportJob
from xianxue.kernel.sheets.senders import jobs_in_reach
from xianxue.kernel.sheets.tasks import queue_apply
from xianxue.kernel.sheets.views.common import actor, found_batch
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.jobs import Count, JobPage, JobState, UnitDifference
from xianxue.kernel.ui.parts import Action, Link, Pill


def _jobs(batch: ImportBatch) -> list[ImportJob]:
    return list(jobs_in_reach().filter(batch=batch).order_by("pk"))


def _in_order(jobs: list[ImportJob]) -> list[ImportJob]:
    """Schools before classes before pupils, whatever the order of the files."""
    return sorted(jobs, key=lambda job: (registry.get(job.sheet).order, job.pk))


class BatchView(View):
    """The page of a batch."""

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = found_batch(pk)
        return render(request, "sheets/job.html", {"page": _page(batch, _jobs(batch))})


def _page(batch: ImportBatch, jobs: list[ImportJob]) -> JobPage:
    moving = [job for job in jobs if job.is_moving]
    ready = [job for job in jobs if job.state == State.READY]
    state: JobState = "running" if moving else "asks" if ready else "done"
    finished = len(jobs) - len(moving)
    return JobPage(
        title=_("一次发送的 %(count)s 个文件") % {"count": len(jobs)},
        state=state,
        state_text=_("正在处理") if moving else _("待写入") if ready else _("已办完"),
        sub=_("%(sender)s %(time)s 发送") % {"sender": batch.sender, "time": formats.china_moment(batch.created_at)},
        poll_href=reverse("import-batch", args=[batch.pk]),
        trail=(Link(_("导入"), reverse("import-start")), Link(_("批次 %(number)s") % {"number": batch.pk})),
        done=finished,
        total=len(jobs),
        progress_text=_("%(done)s / %(total)s 个文件；可以离开本页，工作会继续")
        % {"done": finished, "total": len(jobs)},
        counts=_counts(jobs),
        units=[line for job in jobs for line in _lines(job)],
        panels=_refusals(jobs),
        actions=_actions(batch, moving, ready),
        actions_note=_("有错的行不写；每个文件都可以单独打开、改正、撤销") if ready else "",
    )


def _counts(jobs: list[ImportJob]) -> list[Count]:
    return [
        Count(str(outcome.label), total, presenting.TONES[outcome] if total else "quiet")
        for outcome in (Outcome.NEW, Outcome.CHANGED, Outcome.SAME, Outcome.WRONG)
        for total in [sum(job.count(outcome.value) for job in jobs)]
    ]


def _lines(job: ImportJob) -> list[UnitDifference]:
    """A line for every school of the file; a file without any still has its line, with the reason."""
    if job.is_checked and (lines := presenting.units(job, always=True)):
        return lines
    pill = presenting.state_pill(job)
    remark = Pill(_("请选择学校"), "due") if job.layout_of("needs_unit") and job.state == State.READY else pill
    return [UnitDifference("–", href=reverse("import-job", args=[job.pk]), file=job.file_name, remark=remark)]


def _refusals(jobs: list[ImportJob]) -> list[presenting.NotesPanel]:
    """Why some files were refused."""
    notes = [{"text": job.reason, "tone": "late"} for job in jobs if job.state == State.FAILED]
    return [presenting.NotesPanel(_("没有收下的文件"), notes=notes)] if notes else []


def _actions(batch: ImportBatch, moving: list[ImportJob], ready: list[ImportJob]) -> list[Action]:
    count = sum(job.count(Outcome.NEW) + job.count(Outcome.CHANGED) for job in ready)
    if not ready:
        return []
    label = _("写入全部没有错的 %(count)s 行") % {"count": formats.grouped(count)}
    why_not = _("还有文件正在检查，请稍候。") if moving else "" if count else _("没有需要写入的行。")
    href = reverse("import-batch-apply", args=[batch.pk])
    return [Action(label, href, kind="primary", method="post", why_not=why_not)]


class BatchApplyView(View):
    """Write the valid rows of every file of the batch."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, pk: int) -> HttpResponse:
        batch = found_batch(pk)
        jobs = _jobs(batch)
        if any(job.state in MOVING for job in jobs):
            messages.error(request, _("未能写入：还有文件正在检查。请稍候再试。"))
            return redirect("import-batch", batch.pk)
        for job in _in_order([job for job in jobs if job.state == State.READY]):
            if imports.why_not_apply(job) is not None:
                continue
            try:
                imports.start_applying(job, by=actor())
            except Refused as refusal:
                messages.error(request, refusal.message)
            else:
                queue_apply(job)
        return redirect("import-batch", batch.pk)
