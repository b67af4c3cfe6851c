"""The keys of one page of a long list: the same as a plain OFFSET finds, without sorting or joining what it skips."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django.db import connection
from django.db.models import Model, Q, QuerySet

from xianxue.kernel.resources import paths

# Up to so many rows are found first and sorted then; more are walked in the order of an index.
FEW_ROWS = 5_000
# From so many rows on, what is skipped is walked without its joins.
DEEP = 1_000
# So many values of another table are looked through for each row of the page, since not each belongs to a row of the list.
LOOKED_THROUGH = 8


def keys(rows: "QuerySet[Any]", order: Sequence[str], start: int, end: int, total: int) -> list[Any]:
    """Primary keys of the rows from `start` to `end` in the order, whose last path is the key, walked from the nearer end.

    `total` is the number of all rows. Up to three queries, whatever the number of rows.
    """
    if start > total // 2:
        return _from_start(rows, [turned(path) for path in order], total - end, total - start, total)[::-1]
    return _from_start(rows, order, start, end, total)


def turned(path: str) -> str:
    """The same path in the other direction."""
    return path.removeprefix("-") if path.startswith("-") else f"-{path}"


def _from_start(rows: "QuerySet[Any]", order: Sequence[str], start: int, end: int, total: int) -> list[Any]:
    own = _own(rows.model, order)
    if total <= FEW_ROWS or rows.query.annotations or rows.query.distinct:
        return _plain(_counted(rows, order, total), order, start, end)
    if own and start > DEEP:
        return _in_blocks(rows, order, own, start, end)
    if not own and connection.vendor == "sqlite" and _is_never_null(rows.model, order[0]):
        near = _plain(_near_start(rows, order[0], end), order, start, end)
        if len(near) == end - start:
            return near
    return _plain(rows, order, start, end)


def _plain(rows: "QuerySet[Any]", order: Sequence[str], start: int, end: int) -> list[Any]:
    return list(rows.order_by(*order).values_list("pk", flat=True)[start:end])


def _counted(rows: "QuerySet[Any]", order: Sequence[str], total: int) -> "QuerySet[Any]":
    """The same rows, with their number told to the planner, where they are sorted by another table.

    Otherwise PostgreSQL walks another table's index of 200,000 names in order, looking for the 1,500 pupils of one school.
    """
    if rows.query.annotations or "__" not in order[0]:
        return rows
    few: QuerySet[Any] = rows.model._base_manager.filter(pk__in=rows.order_by().values("pk")[:total])
    return few


def _own(model: type[Model], order: Sequence[str]) -> list[str]:
    """The first paths of the order, as long as they are columns of the model's own table; none where all but the key are."""
    for place, path in enumerate(order):
        name = path.removeprefix("-")
        if "__" in name or not paths.is_field(model, name):
            return list(order[:place])
    return []


def _in_blocks(rows: "QuerySet[Any]", order: Sequence[str], own: Sequence[str], start: int, end: int) -> list[Any]:
    """A page far down: rows equal in their own columns are a block, and only the page's blocks are sorted by the rest.

    Sorted by own columns and key, which an index answers alone, the same blocks stand at the same places. The row at
    `start` has before it all earlier blocks, and of its own block the rows with smaller keys: so many are skipped there.
    """
    names = [path.removeprefix("-") for path in own]
    edge = list(rows.order_by(*own, "pk").values_list(*names, "pk")[start:end])
    if not edge:
        return []
    blocks = [_block(names, values) for values in dict.fromkeys(row[:-1] for row in edge)]
    skipped = rows.filter(blocks[0], pk__lt=edge[0][-1]).order_by().count()
    return _plain(rows.filter(reduce(or_, blocks)), order, skipped, skipped + end - start)


def _block(names: Sequence[str], values: Sequence[Any]) -> Q:
    return Q(
        *(
            Q((f"{name}__isnull", True) if value is None else (name, value))
            for name, value in zip(names, values, strict=True)
        )
    )


def _near_start(rows: "QuerySet[Any]", path: str, end: int) -> "QuerySet[Any]":
    """The first rows in the order of another table's column, and perhaps some more: at least `end`, or too few.

    SQLite would sort all rows; told of a last value, it walks the other table's index. The value is only compared with.
    """
    name = path.removeprefix("-")
    relations, _end, field = name.rpartition("__")
    model: Any = rows.model
    for relation in relations.split("__"):
        model = model._meta.get_field(relation).related_model
    values = model._base_manager.order_by(f"-{field}" if path.startswith("-") else field).values_list(field, flat=True)
    last = values[end * LOOKED_THROUGH : end * LOOKED_THROUGH + 1].first()
    return rows if last is None else rows.filter((f"{name}__{'gte' if path.startswith('-') else 'lte'}", last))


def _is_never_null(model: type[Model], path: str) -> bool:
    """Whether the path leads through another table to a value that each row has: a comparison then loses no row."""
    here: Any = model
    relations, field, _missing = paths.walk(model, path.removeprefix("-"))
    for relation in relations:
        link = here._meta.get_field(relation)
        if link.null or not link.concrete:
            return False
        here = link.related_model
    return bool(relations) and field is not None and not field.null
