"""Rows against the county's records: whose they are, what differs, what may not be written."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import polars as pl

from xianxue.kernel.access import current_reach
from xianxue.kernel.columns import Column
from xianxue.kernel.crypto import digests
from xianxue.kernel.sheets.checking import kinds
from xianxue.kernel.sheets.problems import problem_frame
from xianxue.kernel.sheets.sheet import Sheet
from xianxue.kernel.sheets.writer import Context, Resolution

PIECE = 10_000
CELL_SCHEMA: dict[str, pl.DataType] = {
    "row": pl.UInt32(),
    "id": pl.Int64(),
    "unit_id": pl.Int64(),
    "column": pl.String(),
    "old": pl.String(),
    "new": pl.String(),
}


@dataclass(frozen=True)
class Matched:
    """`rows`: `row`, `id`, `unit_id`, the sheet's columns as canonical text, the writer's own columns (`_…`)."""

    rows: pl.DataFrame
    problems: pl.DataFrame
    beyond: pl.DataFrame


def match(canonical: pl.DataFrame, sheet: Sheet, context: Context) -> Matched:
    """Ask the writer whose rows these are, and refuse rows of units outside the sender's reach."""
    resolution = sheet.writer.resolve(canonical, context)
    rows = _merged(canonical, resolution)
    if context.is_about_records:
        rows = rows.with_columns(rows["id"].fill_null(context.records(rows)))
    outside = _outside(rows, sheet)
    return Matched(rows, problem_frame([resolution.problems, outside]), resolution.beyond)


def _merged(canonical: pl.DataFrame, resolution: Resolution) -> pl.DataFrame:
    found = resolution.rows.with_columns(
        pl.col("row").cast(pl.UInt32), pl.col("id").cast(pl.Int64), pl.col("unit_id").cast(pl.Int64)
    )
    if found.height != canonical.height or found["row"].n_unique() != canonical.height:
        message = "A writer's resolution must hold every row exactly once."
        raise ValueError(message)
    kept = [name for name in canonical.columns if name == "row" or name not in found.columns]
    return canonical.select(kept).join(found, on="row", how="left", maintain_order="left")


def _outside(rows: pl.DataFrame, sheet: Sheet) -> pl.DataFrame:
    """Rows of units that the sender may not write, in the same words as units that do not exist."""
    scope = sheet.writer.grant.scope(current_reach())
    if scope.every:
        return problem_frame(())
    shown = sheet.unit_column or sheet.key_columns[0]
    allowed = pl.col("unit_id").is_in(sorted(scope.ids))
    # A row without a unit is a matter of the whole county: only who reaches everything may write it.
    outside = rows.filter(~allowed.fill_null(value=False))
    return problem_frame([outside.select("row", code=pl.lit(kinds.OUTSIDE), column=pl.lit(shown))])


def check_same_record(rows: pl.DataFrame, sheet: Sheet) -> pl.DataFrame:
    """Rows that are one record although their keys differ (one by student number, one by ID number)."""
    known = rows.drop_nulls("id")
    if known.height < 2:
        return problem_frame(())
    first, last = pl.col("row").min().over("id"), pl.col("row").max().over("id")
    other = pl.when(pl.col("row") != first).then(first).otherwise(last)
    shared = known.select("row", value=pl.col(sheet.title), is_shared=first != last, other=other).filter("is_shared")
    return problem_frame(
        [
            shared.select(
                "row",
                "value",
                code=pl.lit(kinds.SAME_RECORD),
                column=pl.lit(sheet.key_columns[0]),
                other=pl.col("other").cast(pl.String),
            )
        ]
    )


def check_required(
    rows: pl.DataFrame, wrong_cells: pl.DataFrame, sheet: Sheet, cleared: Collection[str] = ()
) -> pl.DataFrame:
    """Required cells that new records lack; a cell that is there but wrong has its own problem already.

    `cleared`: columns whose empty cells would clear the value of records that exist.
    """
    required = [column.name for column in sheet.columns if column.required]
    if not required:
        return problem_frame(())
    empty = rows.select("row", "id", *(pl.col(name).is_null() for name in required))
    lacking = empty.unpivot(required, index=("row", "id"), variable_name="column", value_name="is_empty").filter(
        pl.col("is_empty") & (pl.col("id").is_null() | pl.col("column").is_in(list(cleared)))
    )
    unsaid = lacking.join(wrong_cells, on=("row", "column"), how="anti", maintain_order="left")
    return problem_frame([unsaid.select("row", "column", code=pl.lit(kinds.NEEDED))])


def sealed_digest(texts: pl.Series, space: str) -> pl.Series:
    """Keyed digests of a sealed column, null for null."""
    present = texts.drop_nulls().unique()
    found = dict(zip(present.to_list(), digests(space, present.to_list()), strict=True))
    return texts.replace_strict(found, default=None, return_dtype=pl.String) if found else texts


def changed_cells(
    rows: pl.DataFrame,
    sheet: Sheet,
    names: Sequence[str],
    *,
    blank_clears: bool,
    reveal: Collection[str] = (),
    now: pl.DataFrame | None = None,
) -> pl.DataFrame:
    """Cells in which rows differ from their records: frame of CELL_SCHEMA, `new` as canonical text.

    `old` of a sealed column is its digest, unless named in `reveal`. `names` are the columns that the file has. An
    empty cell leaves the record as it is, unless `blank_clears`. `now`: the records as the writer's `current` tells
    them, sealed columns in full, where the caller has read them; a record that is not in it is read.
    """
    known = rows.filter(pl.col("id").is_not_null()).select("row", "id", "unit_id", *names)
    sealed = [sheet.by_name[name] for name in names if sheet.by_name[name].sealed and name not in reveal]
    frames = [pl.DataFrame(schema=CELL_SCHEMA)]
    for piece in known.iter_slices(PIECE):
        if now is not None and piece["id"].is_in(now["id"].implode()).all():
            records = now.with_columns(sealed_digest(now[column.name], column.digest_space) for column in sealed)
        else:
            records = sheet.writer.current(piece["id"].to_list(), reveal=reveal)
        frames += _differences(piece, records, names, sealed, blank_clears=blank_clears)
    return pl.concat(frames)


def _differences(
    piece: pl.DataFrame, records: pl.DataFrame, names: Sequence[str], sealed: Sequence[Column], *, blank_clears: bool
) -> list[pl.DataFrame]:
    """Frames of CELL_SCHEMA, one for each column in which a row differs; `sealed` columns are compared by digest."""
    both = piece.join(records.select("id", *names), on="id", how="inner", suffix="__now", maintain_order="left")
    digested = both.with_columns(sealed_digest(both[column.name], column.digest_space) for column in sealed)
    differs = digested.select(_differs(name, blank_clears=blank_clears) for name in names)
    frames = [
        both.filter(differs[name]).select(
            "row", "id", "unit_id", column=pl.lit(name), old=pl.col(f"{name}__now"), new=pl.col(name)
        )
        for name in names
        if differs[name].any()
    ]
    return [frame.select(pl.col(name).cast(type_) for name, type_ in CELL_SCHEMA.items()) for frame in frames]


def _differs(name: str, *, blank_clears: bool) -> pl.Expr:
    """Whether a cell, as it is compared, is another than the record's; an empty one only where it clears."""
    given = pl.col(name)
    differs = given.ne_missing(pl.col(f"{name}__now"))
    return differs if blank_clears else differs & given.is_not_null()


def held_back(cells: pl.DataFrame, sheet: Sheet, *, is_form: bool) -> tuple[pl.DataFrame, pl.DataFrame]:
    """(cells that are written, problems): held columns already filled are changed by a procedure alone.

    A file is told and goes on with its other cells; a form is refused.
    """
    held = pl.col("column").is_in(sheet.held) & pl.col("old").is_not_null()
    if not sheet.held or not cells.filter(held).height:
        return cells, problem_frame(())
    code = kinds.HELD_BACK if is_form else kinds.LEFT_OUT
    told = cells.filter(held).select("row", "column", code=pl.lit(code), other=pl.lit(str(sheet.held_by)))
    return cells.filter(~held), problem_frame([told])
