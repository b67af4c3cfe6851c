"""Every constraint has words of its own, and whoever breaks it is answered with them, never with a fault of the program."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from itertools import product
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import IntegrityError, models, transaction
from django.db.models import CheckConstraint, Model, Q, UniqueConstraint
from django.utils import timezone

from tests.contracts.declared import openers
from tests.contracts.stage import Stage
from tests.contracts.test_sheets_of_registers import Desk, workbook
from tests.kernel.api.program import program_of
from xianxue.kernel import procedures, resources
from xianxue.kernel.access import Actor, system_actor, whole_county
from xianxue.kernel.commands import Refused, command, has_words, unique_fields, words_of
from xianxue.kernel.history.models import Event
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.single import SAVED
from xianxue.kernel.sheets.writing.apply import WRITTEN

OURS = [
    model
    for model in apps.get_models()
    if model.__module__.startswith("xianxue.") and not model.__module__.startswith("xianxue.kernel.")
]
# Rows of the others are written along with these, never by a door of their own.
BY_DOORS = {register.model for register in resources.all_registers()} | {
    procedure.subject for procedure in procedures.all_procedures()
}
CONSTRAINED = [
    pytest.param(model, constraint, id=constraint.name)
    for model in OURS
    if model in BY_DOORS
    for constraint in model._meta.constraints
]
FORMED = [
    register
    for register in resources.all_registers()
    if register.sheet and register.creates and (register.model._meta.constraints or any(unique_fields(register.model)))
]


@command("tests.break_constraint", label="破坏约束")
def write(row: Model, values: Mapping[str, Any], *, by: Actor) -> None:
    type(row)._base_manager.filter(pk=row.pk).update(**values)


def test_every_constraint_of_the_apps_says_in_words_what_it_refuses() -> None:
    silent = [constraint.name for model in OURS for constraint in model._meta.constraints if not has_words(constraint)]
    silent += [
        str(field)
        for model in OURS
        for field in unique_fields(model)
        if field.name != "matter" and not words_of(field) and (model in BY_DOORS or not field.one_to_one)
    ]
    assert silent == [], "give it violation_error_message, a unique field error_messages"
    for model in OURS:
        for constraint in model._meta.constraints:
            words = str(constraint.violation_error_message)
            assert (words[:2], words[-1]) == ("未能", "。"), constraint.name


def test_two_constraints_never_share_their_words() -> None:
    words = [str(item.violation_error_message) for model in OURS for item in model._meta.constraints]
    assert len(set(words)) == len(words)


@pytest.mark.postgres
@pytest.mark.parametrize(("model", "constraint"), CONSTRAINED)
def test_whoever_breaks_it_is_answered_in_its_words(stage: Stage, model: type[Model], constraint: Any) -> None:
    rows = list(_rows(stage, model))
    values = _breaking(rows, constraint)
    with whole_county("test"), pytest.raises(Refused) as refusal:
        write(rows[-1], values, by=system_actor("task"))
    assert refusal.value.message == str(constraint.violation_error_message)


@pytest.fixture
def careless(monkeypatch: pytest.MonkeyPatch) -> Callable[[Desk], str]:
    """Makes the writer of a register write what its table refuses; returns the words that are due."""

    def make(desk: Desk) -> str:
        rows = [desk.stage.row(desk.register, number) for number in (0, 1)]
        insert = desk.sheet.writer.insert
        values, words = _breaking_any(rows)

        def breaking(frame: Any, context: Any) -> Any:
            new = insert(frame, context)
            write_over = desk.register.model._base_manager.filter(pk=rows[1].pk)
            assert write_over.update(**values), "the database should have refused"
            return new

        monkeypatch.setattr(desk.sheet.writer, "insert", breaking)
        return words

    return make


@pytest.mark.parametrize("register", FORMED, ids=str)
def test_a_check_that_is_missing_above_is_no_fault_at_any_door(
    stage: Stage, register: resources.Register, careless: Callable[[Desk], str]
) -> None:
    desk = Desk(stage, register)
    cells, texts = desk.cells(), desk.texts()
    words = careless(desk)
    before, written = desk.count(), Event.objects.filter(action__in=(SAVED, WRITTEN))
    events = written.count()
    form = desk.client.post(register.url("new"), {**texts, "confirmed": "1"})
    assert form.status_code == 422
    assert words in str(form.context["page"].form.errors)
    program = program_of(stage.cast, desk.part)
    answer = program.post(f"/registers/{register.code}", cells)
    assert (answer.status_code, answer.json()["message"]) == (422, words)
    job = desk.run(workbook(desk.sheet, cells))
    assert (job["new"], job["written"]) == (1, 0)
    assert ImportJob.objects.get(pk=job["job"]).late[0]["other"] == words
    assert (desk.count(), written.count()) == (before, events)


def _rows(stage: Stage, model: type[Model]) -> Iterator[Model]:
    """Two rows of the model, of its register's sample or as the subject of two matters."""
    for register in resources.all_registers():
        if register.model is model:
            yield from (stage.row(register, number) for number in (0, 1))
            return
    for procedure in procedures.all_procedures():
        if procedure.subject is model:
            yield from (openers()[procedure.code].open(stage.cast, number) for number in (0, 1))
            return


def _breaking_any(rows: list[Model]) -> tuple[dict[str, Any], str]:
    """Values that break the first constraint of the rows' table, or its first unique field; and the words for it."""
    table = rows[0]._meta
    if table.constraints:
        return _breaking(rows, table.constraints[0]), str(table.constraints[0].violation_error_message)
    field = next(unique_fields(type(rows[0])))
    return {field.name: getattr(rows[0], field.name)}, words_of(field)


def _breaking(rows: list[Model], constraint: Any) -> dict[str, Any]:
    """Values that, written into the last row, break the constraint and no other."""
    tried = _doubles(rows[0], constraint) if isinstance(constraint, UniqueConstraint) else _wrongs(rows[-1], constraint)
    values = next(tried, None)
    assert values is not None, f"nothing tried breaks {constraint.name}: add a value to _of_field"
    return values


def _doubles(first: Model, constraint: UniqueConstraint) -> Iterator[dict[str, Any]]:
    """What makes another row the same as the first, which is brought to where the constraint's condition holds."""
    rows = type(first)._base_manager.filter(pk=first.pk)
    conditioned = sorted(_named(constraint.condition))
    for values in _values(first, conditioned):
        try:
            with transaction.atomic():
                rows.update(**values)
        except IntegrityError:
            continue
        if constraint.condition is None or rows.filter(constraint.condition).exists():
            same = {name: getattr(rows.get(), name) for name in (*conditioned, *constraint.fields)}
            yield same | _apart(first, constraint, same)


def _apart(first: Model, constraint: UniqueConstraint, same: Mapping[str, Any]) -> dict[str, Any]:
    """Numbers that keep the second row from breaking another unique key as well."""
    others = [item for item in first._meta.constraints if isinstance(item, UniqueConstraint) and item is not constraint]
    free = {name for item in others for name in item.fields if name not in same}
    return {name: value + 50 for name in free if isinstance(value := getattr(first, name), int)}


def _wrongs(row: Model, constraint: CheckConstraint) -> Iterator[dict[str, Any]]:
    """What breaks this constraint alone: by its own fields, or by those of the others that speak of them, too."""
    checks = [item for item in type(row)._meta.constraints if isinstance(item, CheckConstraint)]
    own = _named(constraint.condition)
    near = own.union(*(fields for item in checks if (fields := _named(item.condition)) & own))
    for names in (own, near):
        for values in _values(row, sorted(names)):
            for name, value in values.items():
                setattr(row, name, value)
            if [item for item in checks if not _holds(item, row)] == [constraint]:
                yield values


def _holds(constraint: CheckConstraint, row: Model) -> bool:
    try:
        constraint.validate(type(row), row)
    except ValidationError:
        return False
    return True


def _named(condition: Any) -> set[str]:
    """Fields of which a condition speaks, on both sides of its comparisons."""
    if isinstance(condition, Q):
        return {name for child in condition.children for name in _named(child)}
    if not isinstance(condition, tuple):
        return set()
    other = {condition[1].deconstruct()[1][0]} if isinstance(condition[1], models.F) else set()
    return {condition[0].partition("__")[0]} | other


def _values(row: Model, names: list[str]) -> Iterator[dict[str, Any]]:
    """All combinations of what the fields may hold: what they hold, nothing, early and late, little and much."""
    choices = [list(_of_field(row, name)) for name in names]
    return (dict(zip(names, values, strict=True)) for values in product(*choices))


def _of_field(row: Model, name: str) -> Iterator[Any]:
    field: Any = row._meta.get_field(name)
    yield getattr(row, name)
    if field.null:
        yield None
    if isinstance(field, models.DateTimeField):
        yield timezone.now()
    elif isinstance(field, models.DateField):
        yield from (date(1990, 1, 1), date(2050, 1, 1))
    elif isinstance(field, models.BooleanField):
        yield from (True, False)
    elif isinstance(field, models.CharField):
        yield from ("", "x", *(value for value, _label in field.choices or ()))
    elif isinstance(field, models.IntegerField):
        yield from (0, 101)
    elif isinstance(field, models.ForeignKey):
        yield from field.related_model._base_manager.all()[:3]
