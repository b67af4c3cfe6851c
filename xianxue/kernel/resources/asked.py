"""What the address of a list asks for: search, filters, order, page, columns, day."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils.dateparse import parse_date

from xianxue.kernel import restricted
from xianxue.kernel.access import Grant
from xianxue.kernel.columns import Column
from xianxue.kernel.resources.filters import Filter, Option
from xianxue.kernel.resources.register import Register
from xianxue.kernel.resources.slices import turned
from xianxue.kernel.restricted.selectors import open_anywhere

PAGE = 50
LONGEST_SEARCH = 60


@dataclass(frozen=True)
class Asked:
    """A list's address, read: unknown names are left out, so that an old bookmark still opens.

    `chosen` holds the values set for each filter; `sort` is a column's name, with `-` for descending, or "".
    """

    register: Register
    text: str = ""
    chosen: Mapping[str, list[str]] = field(default_factory=dict)
    sort: str = ""
    page: int = 1
    on: date | None = None
    columns: tuple[Column, ...] = ()
    grant: Grant | None = None
    """A grant that the rows must meet beside `view`."""
    usable: tuple[Filter, ...] = ()
    """The filters that may be used now."""
    _options: dict[str, list[Option]] = field(default_factory=dict, compare=False)

    def options(self, item: Filter) -> list[Option]:
        """The values that a filter offers, asked for once; empty when its value is typed."""
        if item.name not in self._options:
            self._options[item.name] = list(item.options()) if item.options else []
        return self._options[item.name]

    @property
    def sorted_by(self) -> str:
        """Name of the column in whose order the rows stand."""
        return self.sort.removeprefix("-")

    @property
    def parameters(self) -> list[tuple[str, str]]:
        """The address again, in one fixed order, without the page."""
        found = [("q", self.text)] if self.text else []
        found += [(key, value) for item in self.chosen for key, value in _written(self.register, item, self.chosen)]
        if self.on:
            found.append(("on", self.on.isoformat()))
        if self.sort:
            found.append(("sort", self.sort))
        if self.columns != self.register.listed:
            found += [("columns", column.name) for column in self.columns]
        return found

    def rows(self) -> "QuerySet[Any]":
        """The rows meant, in order, visible to the person now acting; not yet cut into pages."""
        rows = self.register.visible(self.on).filter(self.condition())
        if self.grant is not None:
            rows = self.register.within(rows, self.grant)
        if self.text:
            rows = self.register.match(rows, self.text)
        return rows.order_by(*self.order())

    def condition(self) -> Q:
        """All filters together."""
        found = self.register.by_default(self.chosen, self.on)
        for name, values in self.chosen.items():
            item = self.register.all_filters[name]
            known = {str(value) for value, _label in self.options(item)}
            found &= item.q([value for value in values if item.options is None or value in known])
            if item.domain:
                found &= restricted.get(item.domain).scope().q(*self.register.units_of)
        return found

    def order(self) -> list[str]:
        """ORM paths of the order, the primary key last, so that pages neither repeat nor lose a row."""
        if self.sort:
            paths = self.register.sorting(self.sorted_by)
            order = [turned(path) for path in paths] if self.sort.startswith("-") else list(paths)
        else:
            order = list(self.register.order)
        return order if {"pk", "-pk"} & set(order) else [*order, "pk"]


def usable_filters(register: Register) -> list[Filter]:
    """The filters that the person now acting may use: those of a restricted domain only while it is open."""
    every = register.all_filters.values()
    closed = {domain for domain in {item.domain for item in every} if domain and not open_anywhere(domain)}
    return [item for item in every if item.domain not in closed]


def _written(register: Register, name: str, chosen: Mapping[str, list[str]]) -> Iterable[tuple[str, str]]:
    if register.all_filters[name].kind != "days":
        return [(name, value) for value in chosen[name]]
    start, _dots, end = chosen[name][0].partition("..")
    return [(f"{name}_{part}", value) for part, value in (("from", start), ("to", end)) if value]


def read(register: Register, parameters: QueryDict, *, grant: Grant | None = None) -> Asked:
    """Read a list's parameters; `grant` narrows the rows further."""
    usable = usable_filters(register)
    chosen = {item.name: values for item in usable if (values := _values(item, parameters))}
    sort = parameters.get("sort", "")
    name = sort.removeprefix("-")
    return Asked(
        register=register,
        text=parameters.get("q", "").strip()[:LONGEST_SEARCH],
        chosen=chosen,
        sort=sort if name in register.by_name and register.sorting(name) else "",
        page=_page(parameters.get("page", "")),
        on=_day(parameters.get("on", "")) if register.dated else None,
        columns=_columns(register, parameters.getlist("columns")),
        grant=grant,
        usable=tuple(usable),
    )


def _values(item: Filter, parameters: QueryDict) -> list[str]:
    if item.kind == "days":
        start, end = (parameters.get(f"{item.name}_{part}", "") for part in ("from", "to"))
        return [f"{start}..{end}"] if start or end else []
    return [value for value in parameters.getlist(item.name) if value]


def _page(given: str) -> int:
    return max(1, int(given)) if given.isdecimal() and len(given) < 7 else 1


def _day(given: str) -> date | None:
    try:
        return parse_date(given)
    except ValueError:
        return None


def _columns(register: Register, names: list[str]) -> tuple[Column, ...]:
    """The columns chosen, in the register's own order; its first one always, for it leads to the row's page."""
    if not names:
        return register.listed
    wanted = {register.listed[0].name, *names}
    first = [column for column in register.listed if column.name in wanted]
    return tuple(first + [column for column in register.columns if column.name in wanted and column not in first])
