"""Frames of problems: what a check or a writer says of rows, in one shape."""

from collections.abc import Iterable

import polars as pl

PROBLEM_SCHEMA: dict[str, pl.DataType] = {
    "row": pl.UInt32(),
    "column": pl.String(),
    "code": pl.String(),
    "value": pl.String(),
    "other": pl.String(),
    "suggestion": pl.String(),
}
NOTHING = pl.lit(None, dtype=pl.String)


def no_problems() -> pl.DataFrame:
    """An empty frame of problems."""
    return pl.DataFrame(schema=PROBLEM_SCHEMA)


def problem_rows(
    frame: pl.DataFrame,
    code: str,
    column: str,
    when: pl.Expr | None = None,
    *,
    value: pl.Expr = NOTHING,
    other: pl.Expr = NOTHING,
    subject: str = "",
) -> pl.DataFrame:
    """The rows of a frame (`row` and whatever the expressions name) for which `when` holds, as problems at a column.

    A condition that cannot be told (a cell it needs is empty) does not hold; without one every row is a problem.
    `value` is the cell's text where it is not to be read from the file, `other` what the message calls so. `subject`:
    the frame's column that says whom a problem is about, returned as `subject_id` beside the columns of PROBLEM_SCHEMA.
    """
    broken = frame if when is None else frame.filter(when.fill_null(value=False))
    about = {"subject_id": pl.col(subject)} if subject else {}
    return broken.select(
        row=pl.col("row").cast(pl.UInt32),
        column=pl.lit(column),
        code=pl.lit(code),
        value=value,
        other=other,
        suggestion=NOTHING,
        **about,
    )


def problem_frame(frames: Iterable[pl.DataFrame]) -> pl.DataFrame:
    """Frames of problems as one; columns that a frame leaves out are null."""
    shaped = []
    for frame in frames:
        if frame.is_empty():
            continue
        columns = [
            pl.col(name).cast(type_) if name in frame.columns else pl.lit(None, dtype=type_).alias(name)
            for name, type_ in PROBLEM_SCHEMA.items()
        ]
        shaped.append(frame.select(columns))
    return pl.concat([no_problems(), *shaped])
