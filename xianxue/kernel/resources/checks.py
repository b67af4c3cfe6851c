"""A wrong declaration stops the server, and says how it is mended."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.core.checks import CheckMessage, Error
from django.db.models import Field
from django.db.models.constants import LOOKUP_SEP

from xianxue.kernel import sheets
from xianxue.kernel.access.grants import NobodyGrant
from xianxue.kernel.resources import paths
from xianxue.kernel.resources.filters import filter_of_column
from xianxue.kernel.resources.grid import Grid
from xianxue.kernel.resources.panels import Fields
from xianxue.kernel.resources.register import Register, all_registers
from xianxue.kernel.ui.systems import systems

RESERVED = {"q", "sort", "page", "columns", "on"}


def check_registers(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    """All faults of all registers."""
    return [fault for item in all_registers() for fault in faults(item)]


def faults(item: Register) -> Iterator[CheckMessage]:
    """What is wrong with the declaration of one register."""
    yield from _required(item)
    yield from _columns(item)
    yield from _filters(item)
    yield from _paths(item)
    yield from _panels(item)
    yield from _sheet(item)
    yield from _grid(item)


def _error(item: Register, number: str, message: str) -> CheckMessage:
    return Error(f"{type(item).__name__}{message}", obj=type(item), id=f"resources.{number}")


def _required(item: Register) -> Iterator[CheckMessage]:
    if not item.columns:
        yield _error(item, "E001", ".columns is empty; name at least one column.")
    if isinstance(item.view, NobodyGrant):
        yield _error(item, "E002", ".view is missing: nobody could see the register. Give a grant, such as holds(…).")
    if item.system not in systems():
        yield _error(item, "E003", f'.system "{item.system}" is no system{_meant(item.system, systems())}.')
    if not item.code.replace("-", "").isalnum() or item.code == "search":
        yield _error(item, "E004", f'.code "{item.code}" cannot stand in an address; use letters, digits and "-".')


def _columns(item: Register) -> Iterator[CheckMessage]:
    names = [column.name for column in item.columns]
    for name in sorted({name for name in names if names.count(name) > 1}):
        yield _error(item, "E010", f'.columns has "{name}" twice.')
    for name in sorted(RESERVED & set(names)):
        yield _error(item, "E011", f'.columns has "{name}", a word that the address of a list uses; rename it.')
    for name in item.list_columns:
        if name not in names:
            yield _error(item, "E012", f'.list_columns names "{name}", which is no column{_meant(name, names)}.')
    for name in item.sort_paths:
        if name not in names:
            yield _error(item, "E013", f'.sort_paths names "{name}", which is no column{_meant(name, names)}.')
    for column in item.columns:
        _relations, field, missing = paths.walk(item.model, column.orm_path)
        if field is None and missing and not _is_attribute(item, column.orm_path):
            known = paths.names_at(item.model, column.orm_path)
            yield _error(
                item,
                "E014",
                f'.columns: the path "{column.orm_path}" breaks at "{missing}"; '
                f"{item.model.__name__} has no such field or property{_meant(missing, known)}.",
            )


def _is_attribute(item: Register, path: str) -> bool:
    """Whether the path ends at a property of a model, or at an annotation that the register names."""
    relations, _field, missing = paths.walk(item.model, path)
    if path in item.annotations:
        return True
    here: Any = item.model
    for part in relations:
        here = here._meta.get_field(part).related_model
    return not path.endswith(LOOKUP_SEP) and path.rpartition(LOOKUP_SEP)[2] == missing and hasattr(here, missing)


def _filters(item: Register) -> Iterator[CheckMessage]:
    names = [column.name for column in item.columns]
    seen: set[str] = set()
    for given in item.filters:
        name = given if isinstance(given, str) else given.name
        if name in seen or name in RESERVED:
            yield _error(item, "E020", f'.filters has "{name}" twice, or it is a word that addresses use.')
        seen.add(name)
        if not isinstance(given, str):
            continue
        if given not in names:
            yield _error(item, "E021", f'.filters names "{given}", which is no column{_meant(given, names)}.')
            continue
        column = item.by_name[given]
        if not paths.is_field(item.model, column.orm_path):
            yield _error(item, "E022", f'.filters: "{given}" is no field of the database; declare a Filter for it.')
            continue
        try:
            filter_of_column(column)
        except TypeError as error:
            yield _error(item, "E023", f".filters: {error}")


def _paths(item: Register) -> Iterator[CheckMessage]:
    groups: list[tuple[str, Iterable[str]]] = [
        ("search", item.search),
        ("order", (path.removeprefix("-") for path in item.order)),
        ("unit_paths", item.units_of),
        *(("sort_paths", (path.removeprefix("-") for path in given)) for given in item.sort_paths.values()),
    ]
    for attribute, given in groups:
        for path in given:
            _relations, field, missing = paths.walk(item.model, path.removesuffix("_id"))
            if not isinstance(field, Field) and path not in item.annotations:
                known = paths.names_at(item.model, path)
                yield _error(
                    item,
                    "E030",
                    f'.{attribute} names "{path}", but {item.model.__name__} has no "{missing}" there'
                    f"{_meant(missing, known)}.",
                )


def _panels(item: Register) -> Iterator[CheckMessage]:
    names = [column.name for column in item.columns]
    for panel in item.panels:
        for name in panel.names if isinstance(panel, Fields) else ():
            if name not in names:
                yield _error(item, "E040", f'.panels: Fields names "{name}", which is no column{_meant(name, names)}.')


def _sheet(item: Register) -> Iterator[CheckMessage]:
    if not item.sheet:
        if not isinstance(item.change, NobodyGrant) and not item.actions:
            yield _error(item, "E050", ".change is given, but there is no .sheet that could make the form.")
        return
    known = [sheet.code for sheet in sheets.all()]
    if item.sheet not in known:
        yield _error(item, "E051", f'.sheet "{item.sheet}" is not registered{_meant(item.sheet, known)}.')


def _grid(item: Register) -> Iterator[CheckMessage]:
    grid = item.grid
    if grid is None:
        return
    sheet = next((sheet for sheet in sheets.all() if sheet.code == item.sheet), None)
    if sheet is None:
        yield _error(item, "E060", ".grid is given, but there is no .sheet that could write its rows.")
        return
    yield from _grid_columns(item, grid, sheet)
    if not grid.fixed or not grid.columns:
        yield _error(item, "E064", ".grid needs a column that names the line and one that is filled.")
    if grid.filter and grid.filter not in item.all_filters:
        yield _error(
            item, "E065", f'.grid.filter names "{grid.filter}", no filter{_meant(grid.filter, item.all_filters)}.'
        )
    codes = [register.code for register in all_registers()]
    if grid.home and grid.home not in codes:
        yield _error(item, "E067", f'.grid.home names "{grid.home}", no register{_meant(grid.home, codes)}.')
    _relations, field, _missing = paths.walk(item.model, grid.path.removesuffix("_id"))
    if not isinstance(field, Field):
        yield _error(item, "E066", f'.grid.path names "{grid.path}", which {item.model.__name__} has not.')


def _grid_columns(item: Register, grid: Grid, sheet: sheets.Sheet) -> Iterator[CheckMessage]:
    for name in grid.columns:
        column = sheet.by_name.get(name)
        if column is None:
            yield _error(
                item, "E061", f'.grid.columns names "{name}", no column of its sheet{_meant(name, sheet.names)}.'
            )
        elif column.domain or name in sheet.held:
            yield _error(
                item, "E062", f'.grid.columns has "{name}", which is restricted or changed by a procedure alone.'
            )
    for name in grid.fixed:
        if name not in item.by_name or item.by_name[name].domain:
            known = [column.name for column in item.columns if not column.domain]
            yield _error(item, "E063", f'.grid.fixed names "{name}", which is no open column{_meant(name, known)}.')


def _meant(word: str, known: Iterable[str]) -> str:
    return paths.did_you_mean(word, known)
