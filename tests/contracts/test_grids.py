"""What every register that is filled in for a whole unit keeps: declared once, tried for each."""

import json
from typing import Any
from uuid import uuid4

import pytest

from tests.cast import PARTS
from tests.contracts.declared import samples
from tests.contracts.filled import fewest_queries, form_of
from tests.contracts.stage import Stage
from tests.contracts.test_leaks import OUTSIDERS, said
from xianxue.kernel import resources, sheets
from xianxue.kernel.access import in_reach
from xianxue.kernel.history.selectors import last_number
from xianxue.kernel.resources import Grid, Register, paths

FILLED = [item for item in resources.all_registers() if item.grid]
every_grid = pytest.mark.parametrize("register", FILLED, ids=str)
ABSENT = 999_999


def grid_of(register: Register) -> Grid:
    assert register.grid is not None
    return register.grid


def unit_of(register: Register, row: Any) -> int:
    found: int = paths.value(row, grid_of(register).path)
    return found


@every_grid
def test_a_unit_is_filled_in_by_those_who_may_change_its_rows_and_by_them_alone(
    stage: Stage, register: Register
) -> None:
    row = stage.row(register)
    href = register.url("grid", unit_of(register, row))

    def decide(part: str) -> int:
        reach = stage.reach(part)
        if not register.view.scope(reach):
            return 404
        if not register.change.scope(reach):
            return 403
        with in_reach(reach):
            return (
                200
                if grid_of(register).units(register.scope(register.change)).filter(pk=unit_of(register, row))
                else 404
            )

    answers = stage.one_of_each(decide, PARTS)
    assert 200 in answers
    for status, part in answers.items():
        assert stage.cast.client(part).get(href).status_code == status, part


@every_grid
def test_the_unit_of_a_neighbour_answers_as_one_that_does_not_exist(stage: Stage, register: Register) -> None:
    row = stage.row(register, 1, stage.cast.first_primary)
    unit, events = unit_of(register, row), last_number()
    body = json.dumps({"rows": [{"line": str(row.pk), "cells": {}, "seen": "{}", "key": str(uuid4())}]})
    for part in OUTSIDERS:
        client = stage.cast.client(part)
        there, absent = register.url("grid", unit), register.url("grid", ABSENT)
        assert said(client.get(there)) == said(client.get(absent)), part
        assert said(client.post(there)) == said(client.post(absent)), part
        asked = [client.post(href, body, content_type="application/json") for href in (there, absent)]
        assert said(asked[0]) == said(asked[1]), part
        assert asked[0].status_code in {403, 404}
    assert last_number() == events


@every_grid
def test_nothing_typed_writes_nothing_and_a_cell_typed_is_written_with_its_history(
    stage: Stage, register: Register
) -> None:
    row = stage.row(register)
    href = register.url("grid", unit_of(register, row))
    client = stage.cast.client(stage.changer(register))
    untouched = form_of(client, href)
    events = last_number()
    assert client.post(href, untouched).status_code == 302
    assert last_number() == events
    line, name, text = _something(register, untouched, samples()[register.code].changed)
    assert client.post(href, untouched | {f"c.{line}.{name}": text}).status_code == 302
    assert last_number() == events + 1
    sheet = sheets.get(register.sheet)
    with in_reach(stage.cast.reach(stage.changer(register))):
        (now,) = sheet.writer.current([int(line)]).select(name).to_series()
    assert now == sheet.by_name[name].canonical(text)


def _something(register: Register, form: dict[str, str], changed: Any) -> tuple[str, str, str]:
    """A line with a record, a column that is no choice and open, and a text for it."""
    sheet = sheets.get(register.sheet)
    for name in sorted(grid_of(register).columns, key=lambda name: name not in changed):
        column = sheet.by_name[name]
        if not column.sealed and not column.type.options():
            line = next(key.split(".")[1] for key in form if key.startswith("c.") and key.split(".")[1].isdecimal())
            return line, name, changed.get(name) or column.example or "15"
    raise AssertionError(register.code)


@every_grid
def test_the_queries_of_a_unit_do_not_grow_with_its_lines(stage: Stage, register: Register) -> None:
    client = stage.cast.client(stage.changer(register))
    row = stage.row(register)
    unit = unit_of(register, row)
    counts = []
    for others in ((), (1, 2)):
        for number in others:
            beside(stage, register, row, number)
        counts.append(fewest_queries(client, register.url("grid", unit)))
    assert counts[0] == counts[1]


def beside(stage: Stage, register: Register, row: Any, number: int) -> None:
    """One more row of the same unit: a sample that stands in a unit of its own is moved over."""
    other = stage.row(register, number)
    if unit_of(register, other) != unit_of(register, row):
        type(other)._base_manager.filter(pk=other.pk).update(**{grid_of(register).path: unit_of(register, row)})
