"""Rows that a check constraint of their table would refuse, told when they are checked, in the constraint's own words."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

import polars as pl
from django.core.exceptions import ValidationError
from django.db.models import CheckConstraint, Model, Q

from xianxue.kernel.columns import Column
from xianxue.kernel.sheets import FORBIDDEN, no_problems

Fields = Sequence[tuple[Column, str]]


def refused_by_checks(
    model: type[Model], fields: Fields, rows: pl.DataFrame, ids: Iterable[int | None], *, blank_clears: bool
) -> pl.DataFrame:
    """Problems of the rows, one for each constraint that a row would break, as `Resolution.problems` wants them.

    `fields`: columns with the attribute of the model that each fills; `ids`: the record of each row, null for a new one.
    `blank_clears`: whether an empty cell empties the record's field, as on a form. One query for the records, one for
    each row and constraint: Django asks the database, which alone knows what its comparisons mean.
    """
    checks = [item for item in model._meta.constraints if isinstance(item, CheckConstraint)]
    if not checks:
        return no_problems()
    records = model._base_manager.in_bulk([pk for pk in ids if pk is not None])
    lines = zip(rows.iter_rows(named=True), ids, strict=True)
    problems = [
        {"row": cells["row"], "column": _column(check, fields), "code": FORBIDDEN, "other": words}
        for cells, pk in lines
        for check, words in _broken(
            checks, _as_written(records.get(pk) or model(), fields, cells, blank_clears=blank_clears)
        )
    ]
    schema = {"row": pl.UInt32, "column": pl.String, "code": pl.String, "other": pl.String}
    return pl.DataFrame(problems, schema=schema)


def _as_written(record: Model, fields: Fields, cells: dict[str, Any], *, blank_clears: bool) -> Model:
    for column, attribute in fields:
        if blank_clears or cells[column.name] is not None:
            setattr(record, attribute, column.type.to_python(cells[column.name]))
    return record


def _broken(checks: Sequence[CheckConstraint], record: Model) -> Iterator[tuple[CheckConstraint, str]]:
    for check in checks:
        try:
            check.validate(type(record), record)
        except ValidationError as error:
            yield check, error.messages[0]


def _column(check: CheckConstraint, fields: Fields) -> str | None:
    """The last column of the sheet of which the constraint speaks: of two dates, the one that is to come after."""
    named = _named(check.condition)
    return next((column.name for column, attribute in reversed(fields) if attribute in named), None)


def _named(condition: Any) -> Collection[str]:
    """Fields that stand on the left side of a condition's comparisons."""
    if isinstance(condition, Q):
        return {name for child in condition.children for name in _named(child)}
    return {condition[0].partition("__")[0]} if isinstance(condition, tuple) else set()


__all__ = ["Fields", "refused_by_checks"]
