"""Writing an import: in chunks, each one command with its history and the job's own mark in one transaction.

Whatever stops the process, the mark says exactly which rows are written; nothing is lost or doubled by going on.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import Any

import polars as pl
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, broken, command, nothing_changed
from xianxue.kernel.crypto import digests_remembered
from xianxue.kernel.history.records import Draft, Subject, record_many
from xianxue.kernel.sheets import files, jobs, senders
from xianxue.kernel.sheets import sheet as registry
from xianxue.kernel.sheets.checking import kinds, records
from xianxue.kernel.sheets.checking.groups import shown_value
from xianxue.kernel.sheets.checking.run import context_of
from xianxue.kernel.sheets.choices import Outcome, State
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.sheet import Sheet
from xianxue.kernel.sheets.writer import Context

# About a second under the write lock: each chunk writes most pages of the indexes anew, so fewer are cheaper.
CHUNK = 4_000
WRITTEN = "sheets.write_rows"
CLOSED = "sheets.close_missing"
KEPT_LATE = 1_000


def apply_checked(job: ImportJob) -> None:
    """Write what a checked import would change, going on where an earlier run stopped; state `applying` → `applied`."""
    sheet = registry.get(job.sheet)
    with senders.reach_of_user(job.actor_id, job.door), jobs.timed(job, "apply"):
        by = senders.writer_of(job)
        context = replace(context_of(job), by=by)
        rows, cells = _to_write(job)
        total = rows.height
        for chunk in _chunks(rows.filter(pl.col("row") > job.applied_through)):
            jobs.stop_if_cancelled(job)
            changed = cells.join(chunk.select("row"), on="row", how="semi")
            with digests_remembered():
                _write_or_seek(job, sheet, chunk, changed, context, by)
            job.progress, job.progress_total = total - rows.filter(pl.col("row") > job.applied_through).height, total
            ImportJob.objects.filter(pk=job.pk).update(progress=job.progress, progress_total=total)
        if job.option("full_roster") == "1" and sheet.writer.closes:
            _close_missing(job, sheet, context, by)
    jobs.move(job, State.APPLYING, to=State.APPLIED, applied_at=timezone.now(), timings=job.timings)


def _to_write(job: ImportJob) -> tuple[pl.DataFrame, pl.DataFrame]:
    rows = files.read_frame(job.pk, files.ROWS)
    wanted = pl.col("outcome").is_in([Outcome.NEW.value, Outcome.CHANGED.value])
    return rows.filter(wanted).sort("row"), files.read_frame(job.pk, files.CELLS)


def _chunks(rows: pl.DataFrame) -> Iterator[pl.DataFrame]:
    return rows.iter_slices(CHUNK)


def _write_or_seek(
    job: ImportJob, sheet: Sheet, rows: pl.DataFrame, cells: pl.DataFrame, context: Context, by: Actor
) -> None:
    """Write the chunk; where the database refuses it, once more, by halves, so that one bad row keeps no other out."""
    try:
        write_chunk(job, sheet, rows, cells, context, by=by)
    except Refused as refused:
        if not isinstance(refused.__cause__, IntegrityError):
            raise
        write_chunk(job, sheet, rows, cells, context, by=by, by_halves=True)


@command(WRITTEN, label=_("导入写入"))
def write_chunk(
    job: ImportJob,
    sheet: Sheet,
    rows: pl.DataFrame,
    cells: pl.DataFrame,
    context: Context,
    *,
    by: Actor,
    by_halves: bool = False,
) -> None:
    """Write one chunk of rows and move the job's mark. Rows that somebody changed since the check are left out.

    Raises Refused where a constraint refuses a row, and nothing is written; `by_halves`: that row alone is left out.
    """
    fresh = records.match(rows.select("row", *sheet.names), sheet, context)
    late = _late(rows, fresh, sheet)
    good = fresh.rows.join(late.select("row"), on="row", how="anti")
    planned = cells.join(good.select("row"), on="row", how="semi")
    conflicts, ready = _still_true(planned, sheet)
    late = pl.concat([late, conflicts])
    new = good.filter(pl.col("id").is_null())
    labels = dict(rows.select("row", sheet.title).iter_rows())
    write = write_by_halves if by_halves else _write
    written = write(sheet, new, ready, labels, context)
    if not written.events:
        nothing_changed()
    _mark(job, int(rows["row"][-1]), pl.concat([late, *written.refused], how="diagonal"), sheet)


@dataclass(frozen=True)
class Written:
    """What was written: number of events, records made (row → primary key), and frames of rows that a constraint refused
    (`row`, `code`, `column`, `other` with its words).
    """

    events: int
    ids: Mapping[int, int] = field(default_factory=dict)
    refused: Sequence[pl.DataFrame] = ()


def _write(
    sheet: Sheet, new: pl.DataFrame, cells: pl.DataFrame, labels: Mapping[int, str], context: Context
) -> Written:
    """Write the rows, all of them.

    Trap: never a whole chunk inside a savepoint. SQLite then goes through all pages that the savepoint keeps for every row
    that meets a trigger, and 80,000 pupils take four times as long.
    """
    # Both write their rows at once and tell of them one by one: the histories of a whole chunk, held together, are so
    # many small objects that the garbage collector takes longer than the database.
    ids = sheet.writer.insert(new, context) if new.height else ()
    drafts = chain(_new_drafts(sheet, new, ids), _change(sheet, cells, labels, context))
    return Written(len(record_many(drafts)), dict(zip(new["row"], ids, strict=True)))


def write_by_halves(
    sheet: Sheet, new: pl.DataFrame, cells: pl.DataFrame, labels: Mapping[int, str], context: Context
) -> Written:
    """Write new rows and changed cells (old values in full) inside the running command, with an event for each row.

    What the database refuses is sought by halves, so that one bad row keeps no other from being written.
    """
    try:
        with transaction.atomic():
            return _write(sheet, new, cells, labels, context)
    except IntegrityError as error:
        refusal = broken(error)
        if refusal is None:
            raise
    numbers = pl.concat([new["row"], cells["row"]]).unique().sort()
    if len(numbers) == 1:
        column = refusal.field if refusal.field in sheet.names else sheet.key_columns[0]
        fact = {"code": kinds.FORBIDDEN, "column": column, "other": refusal.message}
        refused = numbers.alias("row").to_frame()
        return Written(0, refused=[refused.select("row", **{name: pl.lit(text) for name, text in fact.items()})])
    halves = []
    for half in (numbers.head(len(numbers) // 2), numbers.tail(-(len(numbers) // 2))):
        among = pl.col("row").is_in(half.implode())
        halves.append(write_by_halves(sheet, new.filter(among), cells.filter(among), labels, context))
    first, last = halves
    return Written(first.events + last.events, {**first.ids, **last.ids}, [*first.refused, *last.refused])


def _late(rows: pl.DataFrame, fresh: records.Matched, sheet: Sheet) -> pl.DataFrame:
    """Rows that were right when checked and are not any more: (row, code, column, value)."""
    errors = fresh.problems.filter(~pl.col("code").str.starts_with("W")).unique("row", keep="first")
    before = rows.select("row", id_before="id", title=pl.col(sheet.title))
    both = fresh.rows.select("row", "id").join(before, on="row").join(errors.select("row"), on="row", how="anti")
    moved = both.filter(pl.col("id").ne_missing(pl.col("id_before")))
    appeared = moved.select(
        "row", code=pl.lit(kinds.ALREADY_THERE), column=pl.lit(sheet.key_columns[0]), value=pl.col("title")
    )
    return pl.concat([errors.select("row", "code", "column", "value"), appeared])


def _still_true(planned: pl.DataFrame, sheet: Sheet) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(rows of which a cell was changed by somebody since the check, cells to write with their true old values)."""
    empty = pl.DataFrame(schema={"row": pl.UInt32, "code": pl.String, "column": pl.String, "value": pl.String})
    if not planned.height:
        return empty, planned
    names = planned["column"].unique().to_list()
    now = long_current(sheet, planned["id"].unique().to_list(), names)
    both = planned.join(now, on=["id", "column"], how="left")
    changed = both.filter(pl.col("now").ne_missing(pl.col("old")))
    conflicts = changed.select(
        "row", "column", code=pl.lit(kinds.CHANGED_SINCE), value=pl.lit(None, dtype=pl.String)
    ).unique("row", keep="first")
    ready = planned.join(conflicts.select("row"), on="row", how="anti")
    return conflicts.select(empty.columns), with_plain_old(ready, sheet)


def long_current(sheet: Sheet, ids: list[int], names: list[str], *, reveal: tuple[str, ...] = ()) -> pl.DataFrame:
    """What records hold now, a cell a row: `id`, `column`, `now`."""
    wide = sheet.writer.current(ids, reveal=reveal).select("id", *names)
    return wide.unpivot(index="id", on=names, variable_name="column", value_name="now")


def with_plain_old(cells: pl.DataFrame, sheet: Sheet) -> pl.DataFrame:
    """Old values of sealed columns as text: the history keeps them (sealed), and undoing needs them."""
    sealed = [name for name in cells["column"].unique().to_list() if sheet.by_name[name].sealed]
    if not sealed:
        return cells
    ids = cells.filter(pl.col("column").is_in(sealed))["id"].unique().to_list()
    plain = long_current(sheet, ids, sealed, reveal=tuple(sealed))
    both = cells.join(plain, on=["id", "column"], how="left", maintain_order="left")
    is_sealed = pl.col("column").is_in(sealed)
    return both.with_columns(old=pl.when(is_sealed).then(pl.col("now")).otherwise(pl.col("old"))).drop("now")


def _new_drafts(sheet: Sheet, new: pl.DataFrame, ids: Sequence[int]) -> Iterator[Draft]:
    names = [name for name in sheet.names if new[name].null_count() < new.height]
    title = sheet.names.index(sheet.title)
    own = new.select(pl.col(names))
    facts = new.select("row", "unit_id", sheet.names[title])
    for pk, values, (row, unit_id, label) in zip(ids, own.iter_rows(), facts.iter_rows(), strict=True):
        changes = {name: [None, value] for name, value in zip(names, values, strict=True) if value is not None}
        subject = Subject(sheet.writer.subject_type, pk, label or "")
        yield Draft(subject, changes, unit_id, facts={"row": row, "new": True})


def _change(sheet: Sheet, cells: pl.DataFrame, labels: Mapping[int, str], context: Context) -> Iterator[Draft]:
    if not cells.height:
        return iter(())
    sheet.writer.change(cells, context)
    return _changed_drafts(sheet, cells, labels)


def _changed_drafts(sheet: Sheet, cells: pl.DataFrame, labels: Mapping[int, str]) -> Iterator[Draft]:
    by_row = cells.group_by("row", maintain_order=True).agg(
        pl.col("id").first(), pl.col("unit_id").first(), "column", "old", "new"
    )
    for row, pk, unit_id, names, old, new in by_row.iter_rows():
        changes = {name: [before, after] for name, before, after in zip(names, old, new, strict=True)}
        subject = Subject(sheet.writer.subject_type, pk, labels.get(row) or "")
        yield Draft(subject, changes, unit_id, facts={"row": row})


def _mark(job: ImportJob, through: int, late: pl.DataFrame, sheet: Sheet) -> None:
    """Say in the same transaction how far the import has come, and what could not be written."""
    known = [*job.late, *(_masked(item, sheet) for item in late.iter_rows(named=True))][:KEPT_LATE]
    counts = job.counts | {"late": job.count("late") + late.height}
    jobs.advance(job, "applied_through", through, late=known, counts=counts)


def _masked(item: dict[str, Any], sheet: Sheet) -> dict[str, Any]:
    """What the job keeps of a row left out: the cell as it may be shown, for the job is not sealed."""
    column = sheet.by_name.get(item["column"] or "")
    return item | {"value": shown_value(column, item["value"])} if item["value"] else item


def _close_missing(job: ImportJob, sheet: Sheet, context: Context, by: Actor) -> None:
    missing = files.read_frame(job.pk, files.MISSING).sort("id").filter(pl.col("id") > job.closed_through)
    for chunk in missing.iter_slices(CHUNK):
        jobs.stop_if_cancelled(job)
        close_chunk(job, sheet, chunk, context, by=by)


@command(CLOSED, label=_("按完整名册办理离册"))
def close_chunk(job: ImportJob, sheet: Sheet, records_: pl.DataFrame, context: Context, *, by: Actor) -> None:
    """Close records that a full roster leaves out, and move the job's mark."""
    sheet.writer.close(records_["id"].to_list(), context)
    record_many(
        Draft(Subject(sheet.writer.subject_type, pk, label or ""), {}, unit_id, facts={"closed": True}, action=CLOSED)
        for pk, unit_id, label in records_.select("id", "unit_id", "label").iter_rows()
    )
    jobs.advance(job, "closed_through", int(records_["id"][-1]))
