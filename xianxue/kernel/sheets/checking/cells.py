"""Every cell for itself: cleaned, understood or refused, a column at a time."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from xianxue.kernel.columns import Check, Column, ColumnType
from xianxue.kernel.sheets.problems import problem_frame
from xianxue.kernel.sheets.sheet import Sheet

MASK = "••"
FEW = 20
"""So many rows are looked at all columns at once; with more, looking at each distinct text once is cheaper."""
FORMULA_ERROR = r"^#(N/A|REF!|VALUE!|NAME\?|DIV/0!|NUM!|NULL!)$"


@dataclass(frozen=True)
class Checked:
    """`canonical`: `row` and one String column per column of the sheet. `raw`: cleaned cell text of the mapped columns.

    `problems`: frame of PROBLEM_SCHEMA.
    """

    canonical: pl.DataFrame
    raw: pl.DataFrame
    problems: pl.DataFrame


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


def _understood(cells: pl.DataFrame, columns: Sequence[Column]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """What the cells of `columns`, each under its name, say: cleaned, parsed, and the code of the problem or null."""
    clean = _cleaned(cells, columns)
    parsed = clean.select(column.type.parse(pl.col(column.name)).alias(column.name) for column in columns)
    both = pl.concat([clean, parsed.rename(_parsed)], how="horizontal")
    codes = both.select(_code(column).alias(column.name) for column in columns)
    # A cell with an error has no meaning, whatever the parser made of it.
    judged = pl.concat([parsed, codes.rename(_parsed)], how="horizontal")
    wrong = {
        name: pl.col(_parsed(name)).is_not_null() & ~pl.col(_parsed(name)).str.starts_with("W")
        for name in codes.columns
    }
    meant = judged.select(pl.when(when).then(None).otherwise(pl.col(name)).alias(name) for name, when in wrong.items())
    return clean, meant, codes


def _cleaned(cells: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """The cells without what nobody sees. Columns of a type are stacked: the patterns cost more than the texts."""
    alike: dict[type[ColumnType], list[Column]] = {}
    for column in columns:
        alike.setdefault(type(column.type), []).append(column)
    cleaned: dict[str, pl.Series] = {}
    for group in alike.values():
        stacked = pl.concat([cells[column.name].alias("cell") for column in group]).to_frame()
        texts = stacked.select(group[0].type.clean(pl.col("cell"))).to_series()
        for place, column in enumerate(group):
            cleaned[column.name] = texts.slice(place * cells.height, cells.height).alias(column.name)
    return pl.DataFrame([cleaned[column.name] for column in columns])


def _parsed(name: str) -> str:
    """The second column of a name, where two frames stand side by side."""
    return f"{name} parsed"


def _code(column: Column) -> pl.Expr:
    clean, parsed = pl.col(column.name), pl.col(_parsed(column.name))
    checks = [
        Check("P113", clean.str.contains(FORMULA_ERROR)),
        *column.type.checks(clean, parsed),
        Check(column.type.fault, clean.is_not_null() & parsed.is_null()),
    ]
    return pl.coalesce([pl.when(check.when).then(pl.lit(check.code)) for check in checks])


def _column_by_column(raws: pl.DataFrame, columns: Sequence[Column]) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """The same for many rows: each distinct text of a column is looked at once."""
    said: list[tuple[pl.Series, pl.Series, pl.Series]] = []
    for column in columns:
        raw = raws[column.name]
        cells = raw.unique().to_frame()
        clean, parsed, code = (frame.to_series() for frame in _understood(cells, [column]))
        known = cells.select(
            pl.col(column.name).alias("cell"), clean.alias("clean"), parsed.alias("parsed"), code.alias("code")
        )
        found = raw.alias("cell").to_frame().join(known, on="cell", how="left", maintain_order="left", nulls_equal=True)
        said.append((found["clean"].alias(raw.name), found["parsed"].alias(raw.name), found["code"].alias(raw.name)))
    clean_all, parsed_all, code_all = zip(*said, strict=True)
    return pl.DataFrame(clean_all), pl.DataFrame(parsed_all), pl.DataFrame(code_all)


def check_cells(
    staged: pl.DataFrame, sheet: Sheet, mapping: Mapping[str, int], mends: Sequence[Mapping[str, str]] = ()
) -> Checked:
    """Clean and parse all mapped columns; columns that the file has not are null throughout."""
    given = [column for column in sheet.columns if column.name in mapping]
    raws = pl.DataFrame(
        [
            _mended(_unmasked(staged[f"c{mapping[column.name]}"], column), column, mends).alias(column.name)
            for column in given
        ]
    )
    # Half the columns of a form: asking the type about nothing would cost as much as about something.
    said = [column for column in given if raws[column.name].null_count() < raws.height]
    nothing = {column.name: pl.Series(column.name, [None] * staged.height, dtype=pl.String) for column in sheet.columns}
    clean = parsed = codes = raws.select()
    if said:
        understood = _understood if staged.height <= FEW else _column_by_column
        clean, parsed, codes = understood(raws, said)
    problems = [
        staged.select("row", code=codes[name], value=raws[name], column=pl.lit(name)).filter(
            pl.col("code").is_not_null()
        )
        for name in codes.columns
        if codes[name].null_count() < codes.height
    ]
    canonical = [parsed[column.name] if column in said else nothing[column.name] for column in sheet.columns]
    cleaned = [clean[column.name] if column in said else nothing[column.name] for column in given]
    return Checked(
        pl.DataFrame([staged["row"], *canonical]), pl.DataFrame([staged["row"], *cleaned]), problem_frame(problems)
    )
