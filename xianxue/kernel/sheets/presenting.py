"""An import as pages show it: state, numbers, problems, differences, what can be done."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

import polars as pl
from django.conf import settings
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from xianxue.kernel.access import current_reach
from xianxue.kernel.columns import problem_kind
from xianxue.kernel.sheets import files, imports
from xianxue.kernel.sheets import sheet as registry
from xianxue.kernel.sheets.checking.groups import facts
from xianxue.kernel.sheets.checking.summary import needs_second_person
from xianxue.kernel.sheets.choices import Outcome, State
from xianxue.kernel.sheets.gone import GONE, still_here
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.restricting import closed_columns, open_cells
from xianxue.kernel.sheets.sheet import Sheet
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.details import Panel
from xianxue.kernel.ui.jobs import (
    CellChange,
    Count,
    JobPage,
    JobState,
    Mend,
    ProblemGroup,
    UnitDifference,
)
from xianxue.kernel.ui.parts import Action, Link, Notice, Pill, Tone

STATES: dict[str, JobState] = {
    State.RECEIVED: "waiting",
    State.READING: "running",
    State.CHECKING: "running",
    State.READY: "asks",
    State.APPLYING: "running",
    State.APPLIED: "done",
    State.UNDOING: "running",
    State.UNDONE: "undone",
    State.FAILED: "failed",
    State.CANCELLED: "cancelled",
}
TONES: dict[str, Tone] = {
    Outcome.NEW: "done", Outcome.CHANGED: "now", Outcome.SAME: "quiet", Outcome.WRONG: "late",
    Outcome.REPEATED: "quiet", Outcome.MISSING: "due",
}  # fmt: skip
SHOWN_CHANGES = 10
SHOWN_PROBLEMS = 60
SHOWN_LATE = 50


@dataclass(frozen=True, slots=True)
class NotesPanel(Panel):
    """What the sender should know of the file."""

    template: ClassVar[str] = "sheets/notes.html"
    notes: Sequence[dict[str, str]] = ()


@dataclass(frozen=True, slots=True)
class DecisionsPanel(Panel):
    """What the sender may decide otherwise: unit, columns without a field, options."""

    template: ClassVar[str] = "sheets/decisions.html"
    href: str = ""
    units: Sequence[Any] = ()
    unit_label: str = ""
    chosen_unit: str = ""
    unknown: Sequence[tuple[str, str]] = ()
    free_columns: Sequence[Any] = ()
    options: Sequence[tuple[str, str, str, bool]] = ()
    is_open: bool = False


def job_page(job: ImportJob) -> JobPage:
    """The page of one import."""
    checked = job.is_checked and not job.is_moving
    sheet = registry.get(job.sheet) if job.sheet else None
    href, handles = reverse("import-job", args=[job.pk]), imports.may_handle(job)
    return JobPage(
        title=_("导入：%(name)s") % {"name": job.file_name},
        state=STATES[job.state],
        state_text=str(State(job.state).label),
        sub=_sub(job, sheet),
        href=reverse("import-mend", args=[job.pk]),
        poll_href=href,
        trail=_trail(job),
        done=job.progress,
        total=job.progress_total,
        progress_text=_progress_text(job),
        notice=notice(job),
        counts=list(_counts(job, href if handles else "")) if job.is_checked else (),
        problems=list(problem_groups(job, sheet, handles=handles)) if checked and sheet else (),
        problems_total=len(job.problems),
        changes=changes(job, sheet, limit=SHOWN_CHANGES) if checked and sheet and job.count("cells") else (),
        changes_total=sum(open_cells(job, sheet).values()) if sheet else 0,
        changes_href=reverse("import-changes", args=[job.pk]) if handles else "",
        units=units(job) if checked else (),
        panels=list(_panels(job, sheet)) if sheet and not job.is_moving else (),
        actions=list(_actions(job)) if handles else (),
        actions_note=_actions_note(job) if handles else "",
    )


def _sub(job: ImportJob, sheet: Sheet | None) -> str:
    parts = [str(sheet.label)] if sheet else []
    if job.count("rows"):
        parts.append(_("%(rows)s 行") % {"rows": formats.grouped(job.count("rows"))})
    if checked := job.timings.get("check"):
        seconds = f"{checked + job.timings.get('read', 0):.1f}"
        parts.append(_("%(seconds)s 秒检查完") % {"seconds": seconds})
    parts.append(_("%(sender)s %(time)s 发送") % {"sender": job.sender, "time": formats.china_moment(job.created_at)})
    return " · ".join(parts)


def _trail(job: ImportJob) -> list[Link]:
    trail = [Link(_("导入"), reverse("import-start"))]
    if job.batch.jobs.count() > 1:
        trail.append(Link(_("这一批"), reverse("import-batch", args=[job.batch_id])))
    return [*trail, Link(_("任务 %(number)s") % {"number": job.pk})]


def _progress_text(job: ImportJob) -> str:
    if job.state in (State.APPLYING, State.UNDOING):
        return _("%(done)s / %(total)s 行；可以离开本页，工作会继续") % {
            "done": formats.grouped(job.progress),
            "total": formats.grouped(job.progress_total),
        }
    return _("可以离开本页，工作会继续")


def notice(job: ImportJob) -> Notice | None:
    """What to say first."""
    late, stays = {"count": job.count("late")}, {"count": job.count("stays")}
    asks_unit = job.state == State.READY and bool(job.layout_of("needs_unit"))
    cases: tuple[tuple[bool, str, Tone], ...] = (
        (job.state == State.FAILED or bool(job.state == State.APPLIED and job.reason), job.reason, "late"),
        (job.state == State.CANCELLED, _("任务已取消，没有写入任何行。需要时请重新发送文件。"), "quiet"),
        (asks_unit, _("还不知道这些行属于哪所学校。请在下面选择，然后会自动检查。"), "due"),
        (
            job.state == State.APPLIED and bool(job.count("late")),
            _("有 %(count)s 行没有写入：检查之后别人改动过，或与登记的规定不符。原因见下载的原表。") % late,
            "due",
        ),
        (
            job.state == State.UNDONE and bool(job.count("stays")),
            _("有 %(count)s 处在导入之后又被改过，保留了现在的值，见下方清单。") % stays,
            "due",
        ),
        (
            job.state == State.READY and job.same_as_id is not None,
            _("与任务 %(number)s 是同一个文件。") % {"number": job.same_as_id},
            "quiet",
        ),
    )
    return next((Notice(text, tone) for holds, text, tone in cases if holds), None)


def _counts(job: ImportJob, href: str) -> Iterator[Count]:
    for outcome in Outcome:
        value = job.count(outcome.value)
        if not value and outcome in (Outcome.REPEATED, Outcome.MISSING):
            continue
        note = _("%(cells)s 格") % {"cells": job.count("cells")} if outcome == Outcome.CHANGED and value else ""
        rows = f"{href}rows/?{urlencode({'outcome': outcome.value})}" if href and value else ""
        yield Count(str(outcome.label), value, TONES[outcome] if value else "quiet", note, rows)


def problem_groups(job: ImportJob, sheet: Sheet, *, handles: bool) -> Iterator[ProblemGroup]:
    """Groups of equal problems; for who handles the import, with their rows and mends."""
    href = reverse("import-rows", args=[job.pk])
    for group in job.problems[:SHOWN_PROBLEMS]:
        kind, known = problem_kind(group["code"]), facts(group, sheet)
        asked = {"code": group["code"], "column": group["column"] or "", "value": group["shape"] or ""}
        example = _("第 %(row)s 行") % {"row": group["row"]}
        yield ProblemGroup(
            code=group["code"],
            title=kind.heading(**known),
            count=group["count"],
            example=f"{example}：{known['value']}" if known["value"] else example,
            advice=kind.advice(**known),
            mends=_mends(job, group) if handles else (),
            rows_href=f"{href}?{urlencode(asked)}" if handles else "",
            tone="due" if kind.severity == "warning" else "late",
        )


def _mends(job: ImportJob, group: dict[str, Any]) -> list[Mend]:
    if job.state != State.READY:
        return []
    found = []
    for mend in group["mends"]:
        facts_ = {"count": group["count"], "to": mend.get("to", ""), "example": mend.get("example", "")}
        label = _("%(count)s 行都改为“%(to)s”") if "to" in mend else _("%(count)s 行都按建议改（如 %(example)s）")
        label %= facts_
        found.append(Mend(label, json.dumps(mend, ensure_ascii=False)))
    return found


def changes(
    job: ImportJob, sheet: Sheet, *, column: str = "", limit: int = SHOWN_CHANGES, start: int = 0
) -> list[CellChange]:
    """Changed cells, old and new in words; sealed ones masked, restricted ones only while their domain is open."""
    cells = files.read_frame(job.pk, files.CELLS)
    if closed := closed_columns(sheet):
        cells = cells.filter(~pl.col("column").is_in(sorted(closed)))
    if column:
        cells = cells.filter(pl.col("column") == column)
    titles = files.read_frame(job.pk, files.ROWS, ["row", sheet.title, "outcome"])
    right = titles.filter(pl.col("outcome") == Outcome.CHANGED.value)
    shown = cells.join(right, on="row", how="inner", maintain_order="left").sort("row").slice(start, limit)
    plain, here = _plain_old(sheet, shown), still_here(sheet, shown["id"].to_list())
    return [
        CellChange(
            row=_("第 %(row)s 行") % {"row": row},
            who=who or "",
            column=str(sheet.by_name[name].label),
            old=sheet.by_name[name].display(plain.get((pk, name), old)),
            new=sheet.by_name[name].display(new),
        )
        if pk in here
        else _gone(sheet, row, name)
        for row, pk, name, old, new, who in shown.select("row", "id", "column", "old", "new", sheet.title).iter_rows()
    ]


def _gone(sheet: Sheet, row: int, name: str) -> CellChange:
    label = str(sheet.by_name[name].label)
    return CellChange(row=_("第 %(row)s 行") % {"row": row}, who=str(GONE), column=label, old="", new="")


def _plain_old(sheet: Sheet, shown: pl.DataFrame) -> dict[tuple[int, str], str]:
    """Old values of sealed cells, which the comparison knows by their digest only."""
    sealed = [name for name in shown["column"].unique().to_list() if sheet.by_name[name].sealed]
    if not sealed:
        return {}
    wanted = shown.filter(pl.col("column").is_in(sealed))["id"].unique().to_list()
    now = sheet.writer.current(wanted, reveal=sealed)
    return {(pk, name): text for name in sealed for pk, text in now.select("id", name).iter_rows()}


def units(job: ImportJob, *, always: bool = False) -> list[UnitDifference]:
    """What the import does to each unit; nothing for a file of one unit, unless asked for always."""
    lines = list(job.units.order_by("label", "unit_id"))
    if len(lines) < 2 and not always:
        return []
    return [
        UnitDifference(
            unit=line.label or _("机构 %(number)s") % {"number": line.unit_id},
            file=job.file_name,
            href=reverse("import-job", args=[job.pk]),
            new=line.new,
            changed=line.changed,
            same=line.same,
            missing=line.missing,
            wrong=line.wrong,
            remark=Pill(str(State(job.state).label), "done" if job.state == State.APPLIED else "quiet"),
        )
        for line in lines
    ]


def _panels(job: ImportJob, sheet: Sheet) -> Iterator[Panel]:
    if job.late:
        yield NotesPanel(
            _("没有办成的"), notes=[{"text": _late_text(item, sheet), "tone": "due"} for item in job.late[:SHOWN_LATE]]
        )
    if job.notes:
        yield NotesPanel(_("文件里要知道的"), notes=job.notes)
    if job.state == State.READY and imports.may_send(sheet, current_reach()):
        yield decisions(job, sheet)


def _late_text(item: dict[str, Any], sheet: Sheet) -> str:
    row = _("第 %(row)s 行") % {"row": item["row"]} if item.get("row") else ""
    if "reason" in item:
        return "：".join(filter(None, [" ".join(filter(None, [row, item["label"], item["column"]])), item["reason"]]))
    kind = problem_kind(item["code"])
    return f"{row}：{kind.sentence(**facts({'other': ''} | item | {'count': 1}, sheet))}{kind.mend}"


def decisions(job: ImportJob, sheet: Sheet) -> DecisionsPanel:
    """What the sender may decide otherwise."""
    mapping, unit_known = job.layout_of("mapping", {}), sheet.unit_column in job.layout_of("mapping", {})
    options = [
        ("atomic", _("全部无错才写入"), _("有一行错，就一行也不写。"), job.option("atomic") == "1"),
        ("blank_clears", _("空白格清除原有内容"), _("不选时，空白格表示不改。"), job.option("blank_clears") == "1"),
    ]
    if sheet.writer.closes:
        text = _("这是完整名册")
        options.append(("full_roster", text, _("不在表中的人按离册办理。"), job.option("full_roster") == "1"))
    return DecisionsPanel(
        title=_("其他做法"),
        href=reverse("import-decide", args=[job.pk]),
        units=() if unit_known or not sheet.unit_column else imports.units_of(sheet),
        unit_label=str(sheet.by_name[sheet.unit_column].label) if sheet.unit_column else "",
        chosen_unit=str(job.layout_of("unit_ref") or ""),
        unknown=list(job.layout_of("unknown", {}).items()),
        free_columns=[column for column in sheet.columns if column.name not in mapping],
        options=options,
        is_open=bool(job.layout_of("needs_unit") or job.layout_of("unknown")),
    )


def _actions(job: ImportJob) -> Iterator[Action]:
    if job.is_moving:
        if job.state != State.UNDOING:
            yield _post(job, _("取消"), "import-cancel")
        return
    if job.state == State.READY and not job.layout_of("needs_unit"):
        yield from _ready_actions(job)
    if job.is_checked and job.state in (State.READY, State.APPLIED):
        yield Action(_("下载标红的原表"), reverse("import-returned", args=[job.pk]), icon="download")
    if job.state == State.APPLIED and imports.why_not_undo(job) is None:
        yield Action(_("撤销这次导入"), reverse("import-undo", args=[job.pk]), icon="undo")
    if job.state == State.READY:
        yield _post(job, _("不导入了"), "import-cancel", kind="quiet")


def _ready_actions(job: ImportJob) -> Iterator[Action]:
    count = job.count(Outcome.NEW) + job.count(Outcome.CHANGED)
    facts_ = {"count": formats.grouped(count)}
    label = _("先写入没有错的 %(count)s 行") if job.count(Outcome.WRONG) else _("写入 %(count)s 行")
    why_not = imports.why_not_apply(job) or ""
    yield _post(job, label % facts_, "import-apply", kind="primary", why_not=why_not)
    if needs_second_person(job) and not job.confirmed_by and current_reach().user_id != job.sender_id:
        missing = {"count": job.count(Outcome.MISSING)}
        yield _post(job, _("复核：同意 %(count)s 人离册") % missing, "import-confirm", kind="danger")


def _post(job: ImportJob, label: str, name: str, *, kind: Any = "plain", why_not: str = "") -> Action:
    return Action(label, reverse(name, args=[job.pk]), kind=kind, method="post", why_not=why_not)


def _actions_note(job: ImportJob) -> str:
    if job.state == State.READY and not job.layout_of("needs_unit"):
        return _("写入后 %(days)s 天内可整批撤销") % {"days": settings.IMPORT_UNDO_DAYS}
    return ""


def state_pill(job: ImportJob) -> Pill:
    """The state in a word."""
    tones: dict[str, Tone] = {"waiting": "quiet", "running": "now", "asks": "due", "done": "done", "failed": "late"}
    return Pill(str(State(job.state).label), tones.get(STATES[job.state], "quiet"))
