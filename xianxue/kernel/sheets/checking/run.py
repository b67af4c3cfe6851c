"""The whole check of an import: everything wrong at once, and what would change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from xianxue.kernel.sheets import files, jobs, senders, telling
from xianxue.kernel.sheets import sheet as registry
from xianxue.kernel.sheets.checking import groups, kinds, records, rows
from xianxue.kernel.sheets.checking.cells import Checked, check_cells
from xianxue.kernel.sheets.checking.summary import summarise
from xianxue.kernel.sheets.choices import Outcome
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.problems import problem_frame
from xianxue.kernel.sheets.sheet import Sheet
from xianxue.kernel.sheets.writer import Context

STEPS = 5
# Option of the one row of a form that may lack every key.
KEYLESS = "keyless"


@dataclass(frozen=True)
class Result:
    """`rows`: canonical rows with `id`, `unit_id`, `outcome`; `cells`: changed cells; `problems`: all problems; `beyond`:
    which of them tell of records that the sender does not see.
    """

    rows: pl.DataFrame
    cells: pl.DataFrame
    problems: pl.DataFrame
    beyond: pl.DataFrame


def context_of(job: ImportJob) -> Context:
    """What the writer may know of the job."""
    options = {name: str(value) for name, value in job.options.items() if isinstance(value, str)}
    return Context(by=senders.sender_of(job), unit_id=job.unit_id, options=options)


def check_staged(job: ImportJob) -> None:
    """Check the staged frame of a job in its sender's reach; writes its frames and fills its results, saves nothing."""
    sheet = registry.get(job.sheet)
    staged = files.read_frame(job.pk, files.STAGED)
    with senders.reach_of_sender(job):
        jobs.report(job, 1, STEPS)
        with jobs.timed(job, "cells"):
            checked = check_cells(staged, sheet, job.layout_of("mapping"), job.mends)
            checked = with_unit(checked, sheet, job.layout_of("unit_ref"))
        jobs.report(job, 2, STEPS)
        with jobs.timed(job, "match"):
            result = examine(checked, sheet, context_of(job), mends=job.mends, present=_present(job, sheet))
        jobs.report(job, 4, STEPS)
        telling.note_import(job, senders.sender_of(job), result.beyond, rows=result.rows.height)
        files.write_frame(job.pk, files.ROWS, result.rows)
        files.write_frame(job.pk, files.CELLS, result.cells)
        files.write_frame(job.pk, files.PROBLEMS, result.problems)
        files.remove(job.pk, files.RETURNED)
        with jobs.timed(job, "summary"):
            job.problems = groups.grouped(result.problems, sheet)
            summarise(job, sheet, result.rows, result.cells, result.problems)
    jobs.report(job, STEPS, STEPS)


def _present(job: ImportJob, sheet: Sheet) -> list[str]:
    """Columns that the file speaks about."""
    mapping = job.layout_of("mapping")
    unit = [sheet.unit_column] if job.layout_of("unit_ref") else []
    return [name for name in sheet.names if name in mapping or name in unit]


def with_unit(checked: Checked, sheet: Sheet, unit_ref: str | None) -> Checked:
    """Put the recognised unit into every row of a file that does not name it."""
    if not unit_ref or not sheet.unit_column:
        return checked
    unit = pl.lit(unit_ref).alias(sheet.unit_column)
    return Checked(checked.canonical.with_columns(unit), checked.raw, checked.problems)


def examine(
    checked: Checked,
    sheet: Sheet,
    context: Context,
    *,
    present: Sequence[str],
    mends: Sequence[Mapping[str, str]] = (),
    now: pl.DataFrame | None = None,
) -> Result:
    """Everything after the cells: rules, keys, records, differences. Runs in the sender's reach.

    `now`: the records as `records.changed_cells` takes them, where the caller has just read them.
    """
    broken = rows.check_rules(checked, sheet)
    checked, broken = _mend_rules(checked, sheet, broken, mends)
    key_problems, twins = rows.check_keys(checked, sheet)
    key_problems = _keys_not_said_twice(key_problems, checked.problems, sheet, context)
    canonical = checked.canonical.join(twins, on="row", how="anti")
    matched = records.match(canonical, sheet, context)
    matched = replace(matched, problems=_not_said_twice(matched.problems, checked.problems))
    blank_clears = context.is_form or context.options.get("blank_clears") == "1"
    required = records.check_required(matched.rows, checked.problems, sheet, present if blank_clears else ())
    same = records.check_same_record(matched.rows, sheet)
    same = same.join(key_problems.filter(pl.col("code") == kinds.REPEATED).select("row"), on="row", how="anti")
    found = problem_frame([checked.problems, broken, key_problems, matched.problems, required, same])
    refused = sheet.writer.refused(matched.rows, present, blank_clears=blank_clears)
    found = problem_frame([found, refused.join(found, on=["row", "column"], how="anti")])
    cells = records.changed_cells(matched.rows, sheet, list(present), blank_clears=blank_clears, now=now)
    if context.holds_back:
        cells, held = records.held_back(cells, sheet, is_form=context.is_form)
        found = problem_frame([found, held])
    problems = _with_values(found, checked.raw).sort("row", maintain_order=True)
    outcomes = _outcomes(checked.canonical.select("row"), matched.rows, twins, cells, problems)
    result = checked.canonical.select("row").join(matched.rows, on="row", how="left", maintain_order="left")
    judged = result.join(outcomes, on="row", how="left", maintain_order="left")
    return Result(judged, cells, problems, matched.beyond)


def _mend_rules(
    checked: Checked, sheet: Sheet, broken: pl.DataFrame, mends: Sequence[Mapping[str, str]]
) -> tuple[Checked, pl.DataFrame]:
    """Put the suggestion of a rule into its cells where the sender accepted it, then ask the rules again."""
    accepted = [mend["rule"] for mend in mends if "rule" in mend]
    fixes = broken.filter(pl.col("code").is_in(accepted) & pl.col("suggestion").is_not_null())
    if not fixes.height:
        return checked, broken
    canonical = checked.canonical
    for (name,), fix in fixes.group_by("column"):
        type_ = sheet.by_name[str(name)].type
        better = fix.select("row", better=type_.parse(type_.clean(pl.col("suggestion")))).unique("row")
        canonical = canonical.join(better, on="row", how="left", maintain_order="left")
        canonical = canonical.with_columns(pl.coalesce("better", str(name)).alias(str(name))).drop("better")
    checked = Checked(canonical, checked.raw, checked.problems)
    return checked, rows.check_rules(checked, sheet)


def _keys_not_said_twice(found: pl.DataFrame, before: pl.DataFrame, sheet: Sheet, context: Context) -> pl.DataFrame:
    """A row whose key is wrong by itself is not called unrecognisable as well; a form says itself which record it is."""
    if context.is_about_records:
        return found.clear()
    wrong_keys = before.filter(pl.col("column").is_in(sheet.key_columns)).select("row")
    if context.options.get(KEYLESS):
        return found.filter(pl.col("code") != kinds.NO_KEY)
    keyless = found.filter(pl.col("code") == kinds.NO_KEY)
    return pl.concat([found.filter(pl.col("code") != kinds.NO_KEY), keyless.join(wrong_keys, on="row", how="anti")])


def _not_said_twice(found: pl.DataFrame, before: pl.DataFrame) -> pl.DataFrame:
    """A cell that is wrong by itself is not called unknown a second time."""
    unknown = pl.col("code").is_in([kinds.OUTSIDE, "P202"])
    twice = found.filter(unknown).join(before, on=["row", "column"], how="semi")
    return pl.concat([found.filter(~unknown), found.filter(unknown).join(twice, on=["row", "column"], how="anti")])


def _with_values(problems: pl.DataFrame, raw: pl.DataFrame) -> pl.DataFrame:
    """Fill in the cell's text where a problem came without."""
    lacking = problems.filter(pl.col("value").is_null() & pl.col("column").is_not_null())
    pieces = [problems.filter(pl.col("value").is_not_null() | pl.col("column").is_null())]
    for (name,), part in lacking.group_by("column", maintain_order=True):
        cells = raw.select("row", cell=pl.col(str(name)) if name in raw.columns else pl.lit(None, dtype=pl.String))
        pieces.append(part.join(cells, on="row", how="left").with_columns(value="cell").drop("cell"))
    return pl.concat(pieces)


def _outcomes(
    every: pl.DataFrame, matched: pl.DataFrame, twins: pl.DataFrame, cells: pl.DataFrame, problems: pl.DataFrame
) -> pl.DataFrame:
    wrong = problems.filter(~pl.col("code").str.starts_with("W"))["row"].unique()
    changed = cells["row"].unique()
    new = matched.filter(pl.col("id").is_null())["row"]
    row = pl.col("row")
    outcome = (
        pl.when(row.is_in(wrong.implode()))
        .then(pl.lit(Outcome.WRONG.value))
        .when(row.is_in(twins["row"].implode()))
        .then(pl.lit(Outcome.REPEATED.value))
        .when(row.is_in(new.implode()))
        .then(pl.lit(Outcome.NEW.value))
        .when(row.is_in(changed.implode()))
        .then(pl.lit(Outcome.CHANGED.value))
        .otherwise(pl.lit(Outcome.SAME.value))
    )
    return every.select("row", outcome=outcome)
