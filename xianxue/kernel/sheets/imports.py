"""The door for programs: receive, check, apply, undo. Pages, tasks, command line and demonstration all come through here.

Every function works synchronously; `tasks` runs them in the background. Long ones tell their progress in the job.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor, Reach, current_reach, hands_now, hands_then
from xianxue.kernel.columns import Reference, Referent, problem_kind, referents
from xianxue.kernel.commands import Refused
from xianxue.kernel.schedule import Lane
from xianxue.kernel.sheets import files, jobs, receiving
from xianxue.kernel.sheets import sheet as registry
from xianxue.kernel.sheets.checking.groups import facts
from xianxue.kernel.sheets.checking.run import check_staged
from xianxue.kernel.sheets.checking.summary import needs_second_person
from xianxue.kernel.sheets.choices import BEFORE_CHECK, Outcome, State
from xianxue.kernel.sheets.lanes import lane_to_check
from xianxue.kernel.sheets.models import ImportBatch, ImportJob
from xianxue.kernel.sheets.reading.stage import remember, stage
from xianxue.kernel.sheets.receiving import Source
from xianxue.kernel.sheets.sheet import Sheet
from xianxue.kernel.sheets.writing.apply import apply_checked
from xianxue.kernel.sheets.writing.undo import undo_applied

log = logging.getLogger(__name__)
OPTIONS = ("sheet", "table", "unit", "mapping", "atomic", "full_roster", "blank_clears")


def receive(source: Source, *, by: Actor, options: Mapping[str, Any] | None = None) -> ImportJob:
    """Keep one file and make its job (state `received`). Raises Refused where it is too large or cannot be opened."""
    name, content = receiving.content_of(source)
    job = receiving.receive_content(name, content, batch=receiving.new_batch(by), by=by, options=options)
    if job.state == State.FAILED:
        raise Refused(job.reason)
    return job


def receive_many(sources: Iterable[Source], *, by: Actor, options: Mapping[str, Any] | None = None) -> ImportBatch:
    """Keep many files, also packed in a .zip, as one batch; a file that is refused becomes a failed job."""
    return receiving.receive_files(sources, by=by, options=options)


def check(job: ImportJob, lane: Lane = Lane.LONG) -> ImportJob:
    """Read and check: state `ready`, or `failed` with a reason, or `cancelled`. Writes nothing but the job.

    In the short lane a file that turns out to be long is read only: it is `received` again, with its true weight.
    """
    if job.state == State.READY:
        ask_again(job)
    jobs.move(job, *BEFORE_CHECK, to=State.READING, starts=F("starts") + 1)
    job.timings = {}
    _guarded(job, lambda: _read_and_check(job, lane))
    return job


def _read_and_check(job: ImportJob, lane: Lane) -> None:
    with jobs.timed(job, "read"):
        stage(job)
    if lane == Lane.SHORT and lane_to_check(job) != lane:
        raise jobs.TooLong
    jobs.save_results(job)
    jobs.move(job, State.READING, to=State.CHECKING)
    with jobs.timed(job, "check"):
        check_staged(job)
    if job.layout_of("needs_unit"):
        _ask_for_unit_or_not(job)
    jobs.save_results(job)
    jobs.move(job, State.CHECKING, to=State.READY, starts=0)


def _ask_for_unit_or_not(job: ImportJob) -> None:
    """Rows of records that exist have their unit; only new ones need to be told theirs."""
    rows = files.read_frame(job.pk, files.ROWS, ["id"])
    if rows["id"].null_count():
        job.counts, job.problems = {}, []
    else:
        job.layout["needs_unit"] = False


def _guarded(job: ImportJob, work: Callable[[], None]) -> None:
    """Put an end of any kind into words: cancelled, refused, or a fault of ours."""
    try:
        work()
    except jobs.Cancelled:
        jobs.stop(job, State.CANCELLED)
    except jobs.TooLong:
        # Not begun, as far as the limit of beginnings is concerned.
        jobs.move(job, State.READING, to=State.RECEIVED, weight=job.weight, starts=F("starts") - 1)
    except jobs.TakenOver:
        log.warning("import %s is in the hands of another worker", job.pk)
    except Refused as refusal:
        jobs.stop(job, State.FAILED, refusal.message)
    except OperationalError:
        log.exception("import %s failed", job.pk)
        jobs.stop(job, State.FAILED, _("未能完成：数据库正忙或暂时连不上。请稍后再试。"))
    except Exception as error:
        # The name of a file may name a person: the log gets the number only.
        log.exception("import %s failed", job.pk)
        full = files.full_disk(error)
        jobs.stop(job, State.FAILED, full or _("未能完成：程序出错。请把任务号告诉管理员。"))
        if not full:
            raise
    job.refresh_from_db()


def give_up(job: ImportJob) -> None:
    """End an import whose file stopped the worker every time it was read."""
    facts_ = {"name": job.file_name, "times": job.starts}
    jobs.fail(
        job,
        _(
            "未能导入“%(name)s”：读取时后台程序中断了 %(times)s 次，没有写入任何行。"
            "请用 Excel 重新另存为 .xlsx 后再发送；仍不行的，请把任务号告诉管理员。"
        )
        % facts_,
    )


def decide(job: ImportJob, **options: Any) -> None:
    """Take the sender's decisions (sheet, table, unit, mapping, …) into the job; it has to be checked again."""
    unknown = set(options) - set(OPTIONS)
    if unknown:
        message = f"No such option: {sorted(unknown)}."
        raise ValueError(message)
    job.options = {**job.options, **options}
    ImportJob.objects.filter(pk=job.pk).update(options=job.options)
    if options.get("mapping") and job.sheet:
        remember(job, {name: int(place) for name, place in options["mapping"].items()})


def ask_again(job: ImportJob) -> None:
    """Put a checked import back to be checked anew, in the background or by `check`."""
    # Whoever confirmed, confirmed what the check before this one found.
    again: dict[str, Any] = {"progress": 0, "progress_total": 0, "confirmed_by_id": None, "confirmed_by": ""}
    jobs.move(job, State.READY, to=State.RECEIVED, **again)


def mend(job: ImportJob, mends: Iterable[Mapping[str, str]]) -> None:
    """Take one-click mends into the job; it has to be checked again (the file stays as it was sent)."""
    job.mends = [*job.mends, *(dict(item) for item in mends if dict(item) not in job.mends)]
    ImportJob.objects.filter(pk=job.pk).update(mends=job.mends)


def may_send(sheet: Sheet, reach: Reach) -> bool:
    """Whether the person may send workbooks of this sheet at all."""
    return bool(sheet.writer.grant.scope(reach))


def units_of(sheet: Sheet) -> list[Referent]:
    """Units in reach to which rows of the sheet can belong."""
    type_ = sheet.by_name[sheet.unit_column].type if sheet.unit_column else None
    return referents(type_.register_code) if isinstance(type_, Reference) else []


def may_write(job: ImportJob) -> bool:
    """Whether the person now acting may write rows of all units of the import."""
    if not job.sheet:
        return False
    scope = registry.get(job.sheet).writer.grant.scope(current_reach())
    return bool(scope) and scope.covers(job.units.values_list("unit_id", flat=True))


def may_handle(job: ImportJob) -> bool:
    """Whether the person may look into the file and decide about it: the sender, or who may write its units."""
    return job.sender_id == current_reach().user_id or may_write(job)


def why_not_apply(job: ImportJob) -> str | None:
    """Why the import may not be written now, as a sentence; None where it may."""
    if job.layout_of("needs_unit"):
        return _("还不知道这些行属于哪所学校。请先选择学校。")
    if not job.count(Outcome.NEW) + job.count(Outcome.CHANGED) and not _closes(job):
        return _("没有需要写入的行：内容与现有记录相同，或者都有错。")
    if job.option("atomic") == "1" and job.count(Outcome.WRONG):
        return _("选了“全部无错才写入”，还有 %(count)s 行有错。请先改正。") % {"count": job.count(Outcome.WRONG)}
    if needs_second_person(job) and not job.confirmed_by:
        count = job.count(Outcome.MISSING)
        return _("按完整名册办理会有 %(count)s 人离册，超过上限，须由另一人复核。") % {"count": count}
    if not may_write(job):
        return _("您没有写入这些机构的权限。请由有权限的人写入。")
    return None


def _closes(job: ImportJob) -> bool:
    return job.option("full_roster") == "1" and bool(job.count(Outcome.MISSING))


def start_applying(job: ImportJob, *, by: Actor) -> None:
    """Take the decision to write: state `applying`. Raises Refused with the reason where it may not be written."""
    if reason := why_not_apply(job):
        raise Refused(_("未能写入：%(reason)s。") % {"reason": reason.removesuffix("。")})
    jobs.move(job, State.READY, to=State.APPLYING, actor_id=by.user_id, actor=by.label, progress=0)


def carry_on_applying(job: ImportJob) -> ImportJob:
    """Write what is not written yet; a cancelled import keeps what was written and can be undone."""
    _guarded(job, lambda: apply_checked(job))
    if job.option("atomic") == "1" and job.count("late") and job.state == State.APPLIED:
        # All or nothing: somebody changed a record between check and writing, so nothing stays.
        jobs.move(job, State.APPLIED, to=State.UNDOING, progress=0)
        carry_on_undoing(job)
    return job


def apply(job: ImportJob, *, by: Actor) -> ImportJob:
    """Write the valid rows of a checked import: state `applied`. Raises Refused where it may not be written."""
    start_applying(job, by=by)
    return carry_on_applying(job)


def confirm_missing(job: ImportJob, *, by: Actor) -> None:
    """The second person's yes to closing what a full roster leaves out. Raises Refused for the sender."""
    if _sent_by_the_same(job, by):
        raise Refused(_("未能复核：发送人和替他代办的人不能复核这份名册。请另一位有权限的人复核。"))
    if job.state != State.READY:
        raise Refused(_("未能复核：这次导入现在不等待复核。请刷新页面后再看。"))
    if not may_write(job):
        raise Refused(_("未能复核：您没有这些机构的权限。"))
    ImportJob.objects.filter(pk=job.pk).update(confirmed_by_id=by.user_id, confirmed_by=by.label)
    job.refresh_from_db(fields=["confirmed_by_id", "confirmed_by"])


def _sent_by_the_same(job: ImportJob, by: Actor) -> bool:
    if not job.sheet:
        return by.user_id is not None and by.user_id == job.sender_id
    grant, units = registry.get(job.sheet).writer.grant, list(job.units.values_list("unit_id", flat=True))
    return bool(hands_now(by, grant, units) & hands_then(job.sender_id, job.created_at, grant, units))


def why_not_undo(job: ImportJob) -> str | None:
    """Why the import cannot be undone now, as a sentence; None where it can."""
    if job.state != State.APPLIED or job.applied_at is None:
        return _("只有已写入的导入才能撤销。")
    if timezone.now() > job.applied_at + timedelta(days=settings.IMPORT_UNDO_DAYS):
        return _("写入已超过 %(days)s 天，不能整批撤销。") % {"days": settings.IMPORT_UNDO_DAYS}
    if not may_write(job):
        return _("您没有写入这些机构的权限。")
    return None


def start_undoing(job: ImportJob, *, by: Actor) -> None:
    """Take the decision to undo: state `undoing`. Raises Refused with the reason where it cannot be undone."""
    if reason := why_not_undo(job):
        raise Refused(_("未能撤销：%(reason)s。") % {"reason": reason.removesuffix("。")})
    jobs.move(job, State.APPLIED, to=State.UNDOING, actor_id=by.user_id, actor=by.label, progress=0)


def carry_on_undoing(job: ImportJob) -> ImportJob:
    """Undo what is not undone yet."""
    _guarded(job, lambda: undo_applied(job))
    return job


def undo(job: ImportJob, *, by: Actor) -> ImportJob:
    """Reverse an import where nobody came after: state `undone`; what stays is listed in `late`."""
    start_undoing(job, by=by)
    return carry_on_undoing(job)


def cancel(job: ImportJob) -> None:
    """Ask the work in hand to stop; an import that nobody has in hand is cancelled at once."""
    stopped = ImportJob.objects.filter(pk=job.pk, state__in=(State.RECEIVED, State.READY)).update(state=State.CANCELLED)
    if not stopped:
        ImportJob.objects.filter(pk=job.pk).update(cancel_asked=True)
    job.refresh_from_db()


def discard(job: ImportJob) -> bool:
    """Remove the sealed files of an import that was never written; returns whether there were any."""
    if job.state not in (State.FAILED, State.CANCELLED) or not files.folder(job.pk).exists():
        return False
    files.remove_all(job.pk)
    return True


def run(
    sources: Iterable[Source], *, by: Actor, dry_run: bool = False, options: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """Receive, check and (unless `dry_run`) write files one after the other; a report as plain data.

    {"jobs": [{"job", "file", "sheet", "state", "refused", "rows", "new", "changed", "cells", "same", "errors",
    "wrong", "missing", "written", "problems": [{"code", "count", "row", "message"}], "seconds": {…}}]}
    """
    batch = receive_many(sources, by=by, options=options)
    reports = []
    for job in batch.jobs.order_by("pk"):
        if job.state == State.RECEIVED:
            check(job)
        if job.state == State.READY and not dry_run and why_not_apply(job) is None:
            apply(job, by=by)
        reports.append(described(job))
    return {"batch": batch.pk, "jobs": reports}


def described(job: ImportJob) -> dict[str, Any]:
    """An import as plain data."""
    refused = job.reason
    if job.state == State.READY and job.layout_of("needs_unit"):
        refused = why_not_apply(job) or ""
    return {
        "job": job.pk,
        "file": job.file_name,
        "sheet": job.sheet,
        "state": job.state,
        "refused": refused,
        **{name: job.count(name) for name in ("rows", "new", "changed", "cells", "same", "wrong", "missing", "errors")},
        "written": _written(job),
        "problems": problem_lines(job),
        "notes": [note["text"] for note in job.notes],
        "seconds": job.timings,
    }


def _written(job: ImportJob) -> int:
    """Rows that were written: those that a change or a constraint kept out after the check are not."""
    if job.state != State.APPLIED:
        return 0
    return job.count(Outcome.NEW) + job.count(Outcome.CHANGED) - job.count("late")


def problem_lines(job: ImportJob) -> list[dict[str, Any]]:
    """Groups of problems, each with its sentence."""
    if not job.problems:
        return []
    sheet = registry.get(job.sheet)
    return [
        {
            "code": group["code"],
            "column": group["column"],
            "count": group["count"],
            "row": group["row"],
            "message": problem_kind(group["code"]).sentence(**facts(group, sheet)),
        }
        for group in job.problems
    ]
