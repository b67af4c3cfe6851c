"""Undoing an import from its own events: cell by cell where its value still stands, refused where somebody came after."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import polars as pl
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command, nothing_changed
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.records import Draft, Subject, record_many
from xianxue.kernel.history.selectors import Entry, entries
from xianxue.kernel.sheets import jobs, senders
from xianxue.kernel.sheets import sheet as registry
from xianxue.kernel.sheets.checking.run import context_of
from xianxue.kernel.sheets.choices import State
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.sheet import Sheet
from xianxue.kernel.sheets.writer import Context
from xianxue.kernel.sheets.writing.apply import CHUNK, CLOSED, KEPT_LATE, WRITTEN, long_current

UNDONE = "sheets.undo_rows"
CELLS = {"id": pl.Int64, "unit_id": pl.Int64, "column": pl.String, "old": pl.String, "new": pl.String}


@dataclass
class Undoing:
    """What one chunk of events comes to: events to record, and what stays with its reason."""

    drafts: list[Draft] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)

    def refuse(self, entry: Entry, reason: str, column: str = "") -> None:
        """Note what was left as it is."""
        row = entry.facts.get("row")
        self.refused.append({"row": row, "label": entry.label, "column": column, "reason": reason})


def undo_applied(job: ImportJob) -> None:
    """Reverse an import, newest events first, going on where an earlier run stopped; `undoing` → `undone`."""
    sheet = registry.get(job.sheet)
    with senders.reach_of_user(job.actor_id, job.door), jobs.timed(job, "undo"):
        by = senders.writer_of(job)
        context = replace(context_of(job), by=by)
        events = Event.objects.filter(via=job.door, action__in=(WRITTEN, CLOSED))
        total = events.count()
        while True:
            left = events.filter(seq__lt=job.undone_through) if job.undone_through else events
            chunk = list(left.order_by("-seq").values_list("seq", flat=True)[:CHUNK])
            if not chunk:
                break
            undo_chunk(job, sheet, chunk, context, by=by)
            job.progress = min(total, job.progress + len(chunk))
            ImportJob.objects.filter(pk=job.pk).update(progress=job.progress, progress_total=total)
    jobs.move(job, State.UNDOING, to=State.UNDONE, timings=job.timings)


@command(UNDONE, label=gettext_lazy("撤销导入"))
def undo_chunk(job: ImportJob, sheet: Sheet, numbers: Sequence[int], context: Context, *, by: Actor) -> None:
    """Reverse the events of these numbers (falling) and move the job's mark."""
    found = entries(numbers)
    undoing = Undoing()
    touched = _touched_later(job, sheet, found)
    _undo_new([entry for entry in found if entry.facts.get("new")], sheet, touched, context, undoing)
    _undo_changed([entry for entry in found if entry.changes and not entry.facts.get("new")], sheet, context, undoing)
    _undo_closed([entry for entry in found if entry.facts.get("closed")], sheet, touched, context, undoing)
    if undoing.drafts:
        record_many(undoing.drafts)
    else:
        nothing_changed()
    late = [*job.late, *undoing.refused][:KEPT_LATE]
    counts = job.counts | {"stays": job.count("stays") + len(undoing.refused)}
    jobs.advance(job, "undone_through", numbers[-1], late=late, counts=counts)


def _touched_later(job: ImportJob, sheet: Sheet, found: Sequence[Entry]) -> set[int]:
    """Subjects of which somebody else's later event tells, other than events that were undone since."""
    written = {entry.subject_id: entry.seq for entry in found}
    later = (
        Event.objects.filter(subject_type=sheet.writer.subject_type, subject_id__in=list(written))
        .filter(seq__gt=min(written.values(), default=0))
        .exclude(via=job.door)
    )
    touching = {seq: pk for seq, pk in later.values_list("seq", "subject_id") if seq > written[pk]}
    undoings = {entry.seq: entry.facts["undoes"] for entry in entries(list(touching)) if "undoes" in entry.facts}
    settled = {*undoings, *undoings.values()}
    return {pk for seq, pk in touching.items() if seq not in settled}


def _undo_new(found: Sequence[Entry], sheet: Sheet, touched: set[int], context: Context, undoing: Undoing) -> None:
    """Remove records that the import made and nobody changed since."""
    untouched = []
    for entry in found:
        if entry.subject_id in touched:
            undoing.refuse(entry, _("导入后又被改过，没有删除。请核对后单独处理。"))
        else:
            untouched.append(entry)
    if not untouched:
        return
    same = _unchanged(untouched, sheet)
    stays = sheet.writer.remove([entry.subject_id for entry in untouched if entry.subject_id in same], context)
    for entry in untouched:
        if entry.subject_id not in same:
            undoing.refuse(entry, _("导入后又被改过，没有删除。请核对后单独处理。"))
        elif entry.subject_id in stays:
            undoing.refuse(entry, stays[entry.subject_id])
        else:
            changes = {name: [new, None] for name, (_old, new) in entry.changes.items()}
            undoing.drafts.append(_draft(entry, changes, removed=True))


def _cells(found: Sequence[Entry]) -> pl.DataFrame:
    """Cells as the events wrote them."""
    rows = [
        (entry.subject_id, entry.unit_id, name, old, new)
        for entry in found
        for name, (old, new) in entry.changes.items()
    ]
    return pl.DataFrame(rows, schema=CELLS, orient="row")


def _with_now(found: Sequence[Entry], sheet: Sheet) -> pl.DataFrame:
    """Cells as written, and `now` as they are; `is_here` where whoever undoes still reaches the record."""
    cells = _cells(found).filter(pl.col("column").is_in(sheet.names))
    names = cells["column"].unique().to_list()
    reveal = tuple(name for name in names if sheet.by_name[name].sealed)
    now = long_current(sheet, cells["id"].unique().to_list(), names, reveal=reveal).with_columns(
        is_here=pl.lit(value=True)
    )
    return cells.join(now, on=["id", "column"], how="left", maintain_order="left")


def _unchanged(found: Sequence[Entry], sheet: Sheet) -> set[int]:
    cells = _with_now(found, sheet)
    changed = set(cells.filter(pl.col("now").ne_missing(pl.col("new")))["id"].to_list())
    return {entry.subject_id for entry in found} - changed


def _undo_changed(found: Sequence[Entry], sheet: Sheet, context: Context, undoing: Undoing) -> None:
    """Give cells their old value back where the import's value still stands."""
    if not found:
        return
    cells = _with_now(found, sheet)
    # A record that has gone to another unit is nobody's to write here, even where nothing equals nothing.
    stands = cells.filter(pl.col("is_here").fill_null(value=False) & pl.col("now").eq_missing(pl.col("new")))
    if stands.height:
        back = stands.select("id", "unit_id", "column", old="new", new="old")
        sheet.writer.change(back, context)
    by_id: dict[int, dict[str, list[str | None]]] = {}
    for pk, name, old, new in stands.select("id", "column", "old", "new").iter_rows():
        by_id.setdefault(pk, {})[name] = [new, old]
    for entry in found:
        reversed_cells = by_id.get(entry.subject_id, {})
        if reversed_cells:
            undoing.drafts.append(_draft(entry, reversed_cells))
        for name in entry.changes:
            if name not in reversed_cells:
                label = sheet.by_name[name].label if name in sheet.by_name else name
                undoing.refuse(entry, _("导入后又被改过，保留现在的值。"), str(label))


def _undo_closed(found: Sequence[Entry], sheet: Sheet, touched: set[int], context: Context, undoing: Undoing) -> None:
    """Reopen records that a full roster closed."""
    able = [entry for entry in found if entry.subject_id not in touched]
    stays = sheet.writer.reopen([entry.subject_id for entry in able], context) if able else {}
    for entry in found:
        if entry.subject_id in touched:
            undoing.refuse(entry, _("离册后又办理过别的事项，没有恢复。请核对后单独处理。"))
        elif entry.subject_id in stays:
            undoing.refuse(entry, stays[entry.subject_id])
        else:
            undoing.drafts.append(_draft(entry, {}, reopened=True))


def _draft(entry: Entry, changes: dict[str, list[str | None]], **facts: bool) -> Draft:
    subject = Subject(entry.subject_type, entry.subject_id, entry.label)
    return Draft(subject, changes, entry.unit_id, facts={"undoes": entry.seq, **facts}, action=UNDONE)


def refusals(job: ImportJob) -> Iterator[dict[str, Any]]:
    """What could not be undone."""
    return (item for item in job.late if "reason" in item)
