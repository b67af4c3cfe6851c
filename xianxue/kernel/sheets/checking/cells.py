"""Every cell for itself: cleaned, understood or refused, a column at a time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from xianxue.kernel.columns import Check, Column
from xianxue.kernel.sheets.sheet import Sheet
from xianxue.kernel.sheets.writer import PROBLEM_SCHEMA

MASK = "••"
FORMULA_ERROR = r"^#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)$"


@dataclass(frozen=True)
class Checked:
    """`canonical`: `row` and one String column per column of the sheet. `raw`: cleaned cell text of the mapped columns.

    `problems`: frame of PROBLEM_SCHEMA.
    """

    canonical: pl.DataFrame
    raw: pl.DataFrame
    problems: pl.DataFrame


def problem_frame(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Frames of problems as one; columns that a frame leaves out are null."""
    empty = pl.DataFrame(schema=PROBLEM_SCHEMA)
    shaped = []
    for frame in frames:
        columns = [
            pl.col(name).cast(type_) if name in frame.columns else pl.lit(None, dtype=type_).alias(name)
            for name, type_ in PROBLEM_SCHEMA.items()
        ]
        shaped.append(frame.select(columns))
    return pl.concat([empty, *shaped])


def _mended(raw: pl.Series, column: Column, mends: Sequence[Mapping[str, str]]) -> pl.Series:
    """Cell texts after the sender's mends: every cell with that text."""
    whole = {mend["from"]: mend["to"] for mend in mends if mend["column"] == column.name and "from" in mend}
    if not whole:
        return raw
    return raw.replace(list(whole), list(whole.values()))


def _unmasked(raw: pl.Series, column: Column) -> pl.Series:
    """A masked number, as our exports carry it, says nothing: the record keeps what it has."""
    if not column.sealed:
        return raw
    masked = raw.str.contains(MASK, literal=True)
    return raw.to_frame().select(pl.when(~masked).then(pl.col(raw.name))).to_series() if masked.any() else raw


def _understood(raw: pl.Series, column: Column) -> pl.DataFrame:
    """For each distinct text: `cell`, `clean`, `parsed`, `code` of the problem."""
    cells = raw.unique().alias("cell").to_frame()
    type_ = column.type
    clean, parsed = pl.col("clean"), pl.col("parsed")
    frame = cells.with_columns(clean=type_.clean(pl.col("cell"))).with_columns(parsed=type_.parse(clean))
    checks = [
        Check("P113", clean.str.contains(FORMULA_ERROR)),
        *type_.checks(clean, parsed),
        Check(type_.fault, clean.is_not_null() & parsed.is_null()),
    ]
    codes = [pl.when(check.when).then(pl.lit(check.code)) for check in checks]
    frame = frame.with_columns(code=pl.coalesce(codes))
    # A cell with an error has no meaning, whatever the parser made of it.
    wrong = pl.col("code").is_not_null() & ~pl.col("code").str.starts_with("W")
    return frame.with_columns(parsed=pl.when(wrong.fill_null(value=False)).then(None).otherwise(parsed))


def check_cells(
    staged: pl.DataFrame, sheet: Sheet, mapping: Mapping[str, int], mends: Sequence[Mapping[str, str]] = ()
) -> Checked:
    """Clean and parse all mapped columns; columns that the file has not are null throughout."""
    canonical: list[pl.Series] = [staged["row"]]
    raws: list[pl.Series] = [staged["row"]]
    problems: list[pl.DataFrame] = []
    for column in sheet.columns:
        if column.name not in mapping:
            canonical.append(pl.Series(column.name, [None] * staged.height, dtype=pl.String))
            continue
        raw = _mended(_unmasked(staged[f"c{mapping[column.name]}"], column), column, mends)
        if raw.null_count() == raw.len():
            # Half the columns of a form: asking the type about nothing would cost as much as about something.
            canonical.append(pl.Series(column.name, raw, dtype=pl.String))
            raws.append(canonical[-1])
            continue
        known = _understood(raw, column)
        cells = raw.alias("cell").to_frame().join(known, on="cell", how="left", maintain_order="left", nulls_equal=True)
        canonical.append(cells["parsed"].alias(column.name))
        raws.append(cells["clean"].alias(column.name))
        if known["code"].is_not_null().any():
            found = cells.with_columns(staged["row"]).filter(pl.col("code").is_not_null())
            problems.append(found.select("row", "code", value=pl.col("cell"), column=pl.lit(column.name)))
    return Checked(pl.DataFrame(canonical), pl.DataFrame(raws), problem_frame(problems))
