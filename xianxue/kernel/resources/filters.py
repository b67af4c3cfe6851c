"""Filters of a list: from a column's type, or declared by the register."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Q
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from xianxue.kernel import columns
from xianxue.kernel.columns import Column

Option = tuple[str, str]


@dataclass(frozen=True)
class Filter:
    """A condition that the user may set on a list.

    `options` returns (value, label) pairs, computed once a page, inside the user's reach; None when the value is
    typed. `condition(value)` returns the rows meant, or None when the value means nothing. A value that means
    nothing, or is no option, finds no row: it must not look like one that found everything.
    `is_main` filters are always in sight, the others behind 更多条件. `none_label` says what a list shows while
    nothing is chosen, where that is not everything. `domain`: a restricted domain that must be open to use it.
    """

    name: str
    label: Any
    condition: Callable[[str], Q | None]
    options: Callable[[], Iterable[Option]] | None = None
    kind: str = "choice"
    is_main: bool = True
    none_label: Any = ""
    domain: str = ""

    def q(self, values: Sequence[str]) -> Q:
        """The rows that meet any of the values."""
        found = Q(pk__in=[])
        for value in values:
            condition = self.condition(value)
            if condition is not None:
                found |= condition
        return found


@dataclass(frozen=True)
class _Equals:
    path: str

    def __call__(self, value: str) -> Q | None:
        return Q(**{self.path: value})


def choice(
    name: str, label: Any, path: str, options: Callable[[], Iterable[Option]], *, is_main: bool = True
) -> Filter:
    """Filter by one of some values at a path."""
    return Filter(name, label, _Equals(path), options, is_main=is_main)


@dataclass(frozen=True)
class _YesNo:
    path: str

    def __call__(self, value: str) -> Q | None:
        return Q(**{self.path: value == "1"}) if value in {"0", "1"} else None


def yes_no(name: str, label: Any, path: str) -> Filter:
    """Filter by a truth at a path."""
    return Filter(name, label, _YesNo(path), lambda: (("1", str(_("是"))), ("0", str(_("否")))), is_main=False)


@dataclass(frozen=True)
class _DayRange:
    path: str

    def __call__(self, value: str) -> Q | None:
        start, _sep, end = value.partition("..")
        try:
            first, last = (parse_date(part) if part else None for part in (start, end or ("" if _sep else start)))
        except ValueError:
            return None
        if first is None and last is None:
            return None
        found = Q(**{f"{self.path}__gte": first}) if first else Q()
        return found & Q(**{f"{self.path}__lte": last}) if last else found


def days(name: str, label: Any, path: str) -> Filter:
    """Filter by days: `2024-09-01..2024-12-31`, either end open, or one day."""
    return Filter(name, label, _DayRange(path), kind="days", is_main=False)


@dataclass(frozen=True)
class _Text:
    path: str
    lookup: str = "startswith"

    def __call__(self, value: str) -> Q | None:
        return Q(**{f"{self.path}__{self.lookup}": value})


def text(name: str, label: Any, path: str) -> Filter:
    """Filter by the beginning of a text."""
    return Filter(name, label, _Text(path), kind="text", is_main=False)


@dataclass(frozen=True)
class _Codes:
    list_code: str

    def __call__(self) -> Iterable[Option]:
        return columns.code_table(self.list_code).labels.items()


@dataclass(frozen=True)
class _Referents:
    register_code: str

    def __call__(self) -> Iterable[Option]:
        return ((str(item.pk), item.label) for item in columns.referents(self.register_code))


def filter_of_column(column: Column) -> Filter:
    """The filter that follows from a column's type. Raises TypeError for a type that has none (sealed, free text)."""
    made = _filter_of(column)
    return replace(made, domain=column.domain) if column.domain else made


def _filter_of(column: Column) -> Filter:
    path, name, label, type_ = column.orm_path, column.name, column.label, column.type
    if column.sealed:
        message = f"{name} is sealed: rows are found by its digest, through the search."
        raise TypeError(message)
    if isinstance(type_, columns.Code):
        return choice(name, label, path, _Codes(type_.list_code))
    if isinstance(type_, columns.Reference):
        return choice(name, label, path, _Referents(type_.register_code))
    makers: tuple[tuple[type, Callable[[str, Any, str], Filter]], ...] = (
        (columns.YesNo, yes_no),
        (columns.Date, days),
        (columns.Integer, number),
        (columns.Text, text),
        (columns.Name, text),
    )
    for kind, make in makers:
        if isinstance(type_, kind):
            return make(name, label, path)
    message = f"{name}: no filter follows from {type(type_).__name__}; declare a Filter."
    raise TypeError(message)


@dataclass(frozen=True)
class _Number:
    path: str

    def __call__(self, value: str) -> Q | None:
        return Q(**{self.path: int(value)}) if value.isdecimal() and len(value) < 19 else None


def number(name: str, label: Any, path: str) -> Filter:
    """Filter by a whole number."""
    return Filter(name, label, _Number(path), kind="text", is_main=False)


__all__ = ["Filter", "choice", "days", "filter_of_column", "number", "text", "yes_no"]
