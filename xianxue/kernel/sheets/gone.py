"""Rows of an import whose record has left the reach of who looks: a child's file may have gone to another school since."""

from collections.abc import Iterable

import polars as pl
from django.utils.translation import gettext_lazy

from xianxue.kernel.sheets import files
from xianxue.kernel.sheets.checking.run import context_of
from xianxue.kernel.sheets.choices import Outcome, State
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.sheet import Sheet

GONE = gettext_lazy("记录已不在您的名册中，不再显示")


def still_here(sheet: Sheet, ids: Iterable[int | None]) -> set[int | None]:
    """Those of the records that the person now acting still reaches; None, a row without record, is among them."""
    known = sorted({pk for pk in ids if pk is not None})
    return {None, *(sheet.writer.current(known)["id"].to_list() if known else ())}


def _that_were_made(job: ImportJob, new: pl.DataFrame) -> pl.DataFrame:
    """Of the rows that would make a record, those that did: one that was never written has not gone anywhere.

    Once undone, none are left where all could be taken back; where some stayed it is not known here which.
    """
    if job.state in (State.APPLYING, State.APPLIED):
        refused = {late["row"] for late in job.late if late.get("row")}
        return new.filter((pl.col("row") <= job.applied_through) & ~pl.col("row").is_in(sorted(refused)))
    has_some = job.state == State.UNDOING or (job.state == State.UNDONE and job.count("stays") > 0)
    return new if has_some else new.clear()


def gone_rows(job: ImportJob, sheet: Sheet, numbers: Iterable[int] | None = None) -> set[int]:
    """Numbers of the rows, of these or of all, whose record the person now acting does not reach any more.

    A row that made its record knows no number of it, so it is matched anew, as when it was checked. Rows that were
    wrong have no record: they are what the sender wrote, and nothing else.
    """
    rows = files.read_frame(job.pk, files.ROWS).filter(pl.col("outcome") != Outcome.WRONG.value)
    if numbers is not None:
        rows = rows.filter(pl.col("row").is_in(list(numbers)))
    known, new = rows.filter(pl.col("id").is_not_null()), rows.filter(pl.col("id").is_null())
    found = known.select("row", "id")
    new = _that_were_made(job, new)
    if new.height:
        asked = new.select("row", *sheet.names)
        matched = sheet.writer.resolve(asked, context_of(job)).rows.select("row", "id")
        found = pl.concat([found, matched.with_columns(pl.col("row").cast(found.schema["row"]))])
    reached = still_here(sheet, found["id"].to_list()) - {None}
    return set(found.filter(~pl.col("id").is_in(list(reached)).fill_null(value=False))["row"].to_list())
