"""What a function of an indicator returns: rows, whose they are, and how they add up."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet


@dataclass(frozen=True)
class Count:
    """Number of rows."""


@dataclass(frozen=True)
class Sum:
    """Sum of a field of whole numbers (money in 分)."""

    field: str


@dataclass(frozen=True)
class Distinct:
    """Number of different values of a field, such as persons. Never added up over units: one may be in two."""

    field: str


@dataclass(frozen=True)
class Units:
    """Number of units that have rows."""


Measure = Count | Sum | Distinct | Units


@dataclass(frozen=True)
class Rows:
    """The rows behind a figure.

    `unit` is the ORM path to the id of the unit to which a row belongs.
    `per`: rows to divide by; the figure is then a ratio, of which both parts are kept and added up apart.
    `among`: rows that must exist for a count of nothing to mean 0; without them nothing is on record. Default: the rows.
    `slices`: ORM path by which the figure is also kept apart (a stage, a programme); `slice_labels` names its values.
    """

    queryset: QuerySet[Any]
    unit: str
    measure: Measure = Count()
    per: "Rows | None" = None
    among: QuerySet[Any] | None = None
    slices: str = ""
    slice_labels: Callable[[], Mapping[str, str]] | None = None

    def of_unit(self, unit_id: int | None) -> "QuerySet[Any]":
        """The rows of one unit, or all of them."""
        return self.queryset if unit_id is None else self.queryset.filter(**{self.unit: unit_id})


def flat_rows(queryset: "QuerySet[Any]") -> "QuerySet[Any]":
    """The same rows without order; a grouped or distinct query is wrapped, or grouping anew would change its rows."""
    query = queryset.query
    if query.group_by is not None or query.distinct or query.is_sliced or query.combinator:
        wrapped: QuerySet[Any] = queryset.model._default_manager.filter(pk__in=queryset.order_by().values("pk"))
        return wrapped
    return queryset.order_by()
