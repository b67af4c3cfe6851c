"""Cells of one row against each other, and rows of one file against each other.

Both look at what was understood, whatever else is wrong with the row: an error in one cell hides no other.
"""

import polars as pl

from xianxue.kernel.sheets.checking import kinds
from xianxue.kernel.sheets.checking.cells import Checked
from xianxue.kernel.sheets.problems import problem_frame
from xianxue.kernel.sheets.sheet import Rule, Sheet


def check_rules(checked: Checked, sheet: Sheet) -> pl.DataFrame:
    """Problems of the sheet's rules and of its further checks."""
    said = {name for name in checked.raw.columns if checked.canonical[name].null_count() < checked.canonical.height}
    rules = [rule for rule in sheet.rules if said.issuperset(_needs(rule))]
    # All rules at once: most are kept, and of those nothing more is asked.
    broken = checked.canonical.select("row", *(_is_broken(rule).alias(f"{at}") for at, rule in enumerate(rules)))
    frames = [_told(checked, rule, broken[f"{at}"]) for at, rule in enumerate(rules) if broken[f"{at}"].any()]
    frames += [check(checked.canonical) for check in sheet.checks]
    return problem_frame(frames)


def _needs(rule: Rule) -> tuple[str, ...]:
    return rule.columns if rule.needs is None else rule.needs


def _is_broken(rule: Rule) -> pl.Expr:
    present = [pl.col(name).is_not_null() for name in _needs(rule)]
    return pl.all_horizontal([*present, rule.when().fill_null(value=False)])


def _told(checked: Checked, rule: Rule, broken: pl.Series) -> pl.DataFrame:
    shown = rule.columns[0]
    other = rule.other() if rule.other else pl.col(rule.columns[-1])
    cells = checked.raw.select("row", value=pl.col(shown) if shown in checked.raw.columns else pl.lit(None))
    return (
        checked.canonical.filter(broken)
        .select(
            "row",
            code=pl.lit(rule.code),
            column=pl.lit(shown),
            other=other.cast(pl.String),
            suggestion=rule.mend().cast(pl.String) if rule.mend else pl.lit(None, dtype=pl.String),
        )
        .join(cells, on="row", how="left")
    )


def check_keys(checked: Checked, sheet: Sheet) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Rows that cannot be told apart: (problems, rows that repeat an earlier one in every cell: `row`)."""
    canonical = checked.canonical
    content = [name for name in canonical.columns if name != "row"]
    complete = pl.any_horizontal(
        [pl.all_horizontal([pl.col(name).is_not_null() for name in group]) for group in sheet.key]
    )
    keyless = canonical.filter(~complete).select("row", code=pl.lit(kinds.NO_KEY), column=pl.lit(sheet.key_columns[0]))
    if canonical.height == 1:
        # A form has no other row that it could repeat.
        return problem_frame([keyless]), canonical.select("row").clear()
    keyed = canonical.filter(complete)
    first = pl.col("row").min().over(content)
    twins = keyed.select("row", other=first).filter(pl.col("row") != pl.col("other"))
    twin_problems = twins.select(
        "row", code=pl.lit(kinds.TWIN), column=pl.lit(None), other=pl.col("other").cast(pl.String)
    )
    single = keyed.join(twins.select("row"), on="row", how="anti")
    repeated = [_repeated(single, checked.raw, group) for group in sheet.key]
    return problem_frame([keyless, twin_problems, *repeated]), twins.select("row")


def _repeated(frame: pl.DataFrame, raw: pl.DataFrame, group: tuple[str, ...]) -> pl.DataFrame:
    """Rows that share a key with others; `other` is the first of the others."""
    keyed = frame.drop_nulls(list(group))
    first, last = pl.col("row").min().over(group), pl.col("row").max().over(group)
    second = pl.col("row").sort().slice(1, 1).first().over(group)
    other = pl.when(pl.col("row") != first).then(first).otherwise(second)
    found = keyed.select("row", is_shared=first != last, other=other).filter("is_shared")
    shown = next((name for name in group if name in raw.columns), None)
    values = raw.select("row", value=pl.col(shown) if shown else pl.lit(None))
    return found.select(
        "row", code=pl.lit(kinds.REPEATED), column=pl.lit(shown or group[0]), other=pl.col("other").cast(pl.String)
    ).join(values, on="row", how="left")
