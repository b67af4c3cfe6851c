"""The result of a check in numbers: for the whole file, and for each unit."""

from typing import Any

import polars as pl
from django.conf import settings
from django.db import transaction

from xianxue.kernel.columns import Reference, referents
from xianxue.kernel.sheets import files
from xianxue.kernel.sheets.choices import Outcome
from xianxue.kernel.sheets.models import ImportJob, ImportUnit
from xianxue.kernel.sheets.sheet import Sheet

COUNTED = (Outcome.NEW, Outcome.CHANGED, Outcome.SAME, Outcome.WRONG)


def summarise(job: ImportJob, sheet: Sheet, rows: pl.DataFrame, cells: pl.DataFrame, problems: pl.DataFrame) -> None:
    """Fill `counts`, write what is not in the file, and the numbers of every unit."""
    missing = _missing(sheet, rows)
    if sheet.writer.closes:
        files.write_frame(job.pk, files.MISSING, missing)
    counts: dict[str, Any] = dict(rows.group_by("outcome").len().iter_rows())
    right = rows.filter(pl.col("outcome") == Outcome.CHANGED.value).select("row")
    written = cells.join(right, on="row", how="semi")
    critical = [column.name for column in sheet.columns if column.critical]
    warnings = problems.filter(pl.col("code").str.starts_with("W")).height
    job.counts = {
        **{outcome.value: counts.get(outcome.value, 0) for outcome in Outcome},
        "rows": rows.height,
        "cells": written.height,
        "critical": written.filter(pl.col("column").is_in(critical)).height,
        "by_column": dict(written.group_by("column").len().sort("len", descending=True).iter_rows()),
        "errors": problems.height - warnings,
        "warnings": warnings,
        Outcome.MISSING.value: missing.height,
        "roster": _roster_size(rows, missing),
    }
    _save_units(job, sheet, rows, missing)


def _missing(sheet: Sheet, rows: pl.DataFrame) -> pl.DataFrame:
    """Records of the file's units that the file does not name: `id`, `unit_id`, `label`."""
    if not sheet.writer.closes:
        return pl.DataFrame(schema={"id": pl.Int64, "unit_id": pl.Int64, "label": pl.String})
    units = rows["unit_id"].drop_nulls().unique().to_list()
    return sheet.writer.roster(units).join(rows.select("id").drop_nulls(), on="id", how="anti")


def _roster_size(rows: pl.DataFrame, missing: pl.DataFrame) -> int:
    return rows["id"].drop_nulls().n_unique() + missing.height


def needs_second_person(job: ImportJob) -> bool:
    """Whether a full roster would close so many records that a second person must confirm."""
    if job.option("full_roster") != "1" or not job.count(Outcome.MISSING):
        return False
    share = 100 * job.count(Outcome.MISSING) / max(job.count("roster"), 1)
    return share > settings.MISSING_THRESHOLD_PERCENT


def unit_labels(sheet: Sheet) -> dict[int, str]:
    """Names of the units in reach, as far as the sheet's unit column knows them."""
    type_ = sheet.by_name[sheet.unit_column].type if sheet.unit_column else None
    units = referents(type_.register_code) if isinstance(type_, Reference) else []
    return {unit.unit_id or unit.pk: unit.label for unit in units}


def _save_units(job: ImportJob, sheet: Sheet, rows: pl.DataFrame, missing: pl.DataFrame) -> None:
    labels = unit_labels(sheet)
    counted = [(pl.col("outcome") == outcome.value).sum().alias(outcome.value) for outcome in COUNTED]
    found = rows.drop_nulls("unit_id").group_by("unit_id", maintain_order=True).agg(counted)
    absent = dict(missing.group_by("unit_id").len().iter_rows())
    lines = [
        ImportUnit(job=job, label=labels.get(line["unit_id"], ""), missing=absent.get(line["unit_id"], 0), **line)
        for line in found.iter_rows(named=True)
    ]
    with transaction.atomic():
        ImportUnit.objects.filter(job=job).delete()
        ImportUnit.objects.bulk_create(lines)
