"""Registers with a sheet: form and workbook are one door, with one result."""

import io
from collections.abc import Iterable, Mapping
from typing import Any, cast

import openpyxl
import pytest
from django import forms

from tests.contracts.declared import Sample, samples
from tests.contracts.stage import Stage
from xianxue.kernel import resources, sheets
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.resources import Register
from xianxue.kernel.sheets import imports

WRITABLE = [item for item in resources.all_registers() if item.sheet]
FORMED = [item for item in WRITABLE if item.creates]
every_sheet = pytest.mark.parametrize("register", WRITABLE, ids=str)
every_form = pytest.mark.parametrize("register", FORMED, ids=str)


def form_texts(sheet: sheets.Sheet, cells: Mapping[str, str]) -> dict[str, str]:
    """Cell texts as a form sends them: what is chosen from a list goes by its key."""
    found = {}
    for name, text in cells.items():
        column = sheet.by_name[name]
        field = column.form_field()
        found[name] = text
        if isinstance(field, forms.ChoiceField):
            canonical = column.canonical(text)
            keys = {str(key) for key, _label in cast("Iterable[tuple[Any, Any]]", field.choices)}
            found[name] = canonical if canonical in keys else column.display(canonical, mask=False)
    return found


def workbook(sheet: sheets.Sheet, *rows: Mapping[str, str]) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    page = book.create_sheet()
    names = list(dict.fromkeys(name for row in rows for name in row))
    page.append([str(sheet.by_name[name].label) for name in names])
    for row in rows:
        page.append([row.get(name, "") for name in names])
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


class Desk:
    """Somebody who may change everything in a register, with the sample at hand."""

    def __init__(self, stage: Stage, register: Register) -> None:
        self.stage, self.register = stage, register
        self.part = stage.changer(register)
        self.client = stage.cast.client(self.part)
        self.sheet = sheets.get(register.sheet)
        self.sample: Sample = samples()[register.code]
        self._cells: dict[str, str] | None = None
        assert self.sample.cells, "the sample of a register with a sheet needs the cells of a new row"

    def count(self) -> int:
        return len(self.stage.visible(self.register, self.part))

    def texts(self, only: Mapping[str, str] | None = None) -> dict[str, str]:
        with in_reach(self.stage.cast.reach(self.part)):
            return form_texts(self.sheet, self.cells() if only is None else only)

    def cells(self) -> dict[str, str]:
        if self._cells is None:
            self._cells = dict(self.sample.cells_for(self.stage.cast))
        return self._cells

    def make(self) -> int:
        """Fill the form for a new row; returns its key."""
        answer = self.client.post(self.register.url("new"), {**self.texts(), "confirmed": "1"})
        assert answer.status_code == 302, answer.context["page"].form.errors
        return int(answer.headers["Location"].rstrip("/").rpartition("/")[2])

    def events(self, pk: int) -> list[Any]:
        with in_reach(self.stage.cast.reach(self.part)):
            row = self.register.fetched(self.register.visible().filter(pk=pk))[0]
        return events_of(self.sheet.writer.subject_type, self.register.record_of(row))

    def run(self, content: bytes, **options: Any) -> dict[str, Any]:
        user = self.stage.cast.users[self.part]
        with in_reach(self.stage.cast.reach(self.part)):
            report = imports.run(
                [("sample.xlsx", content)],
                by=Actor(user.pk, user.name, via="cli"),
                options={"sheet": self.sheet.code},
                **options,
            )
        (job,) = report["jobs"]
        return dict(job)


@pytest.fixture
def desk(stage: Stage, register: Register) -> Desk:
    return Desk(stage, register)


@pytest.mark.postgres
@every_form
def test_a_form_makes_a_row_and_leaves_one_event(desk: Desk) -> None:
    before = desk.count()
    pk = desk.make()
    assert desk.count() == before + 1
    (event,) = desk.events(pk)
    assert (event.actor, event.via) == (desk.stage.cast.users[desk.part].name, "page")
    page = desk.client.get(desk.register.url("detail", pk)).content.decode()
    assert event.action_label in page


@every_form
def test_a_form_changes_a_row_and_tells_what_was_before(desk: Desk) -> None:
    assert desk.sample.changed, "the sample needs a change"
    pk = desk.make()
    address = desk.register.url("edit", pk)
    assert desk.client.get(address).status_code == 200
    filled = {bound.name: bound.value() or "" for bound in desk.client.get(address).context["page"].form}
    changed = {**filled, **desk.texts(only=desk.sample.changed)}
    answer = desk.client.post(address, {**changed, "confirmed": "1"})
    assert answer.status_code == 302, answer.context["page"].form.errors
    latest = desk.events(pk)[0]
    assert set(latest.changes) == set(desk.sample.changed)
    for old, new in latest.changes.values():
        assert old != new
    desk.client.post(address, {**changed, "confirmed": "1"})
    assert len(desk.events(pk)) == 2, "nothing changed the second time, so nothing is recorded"


@every_form
def test_a_wrong_cell_is_refused_at_its_field_and_nothing_is_written(desk: Desk) -> None:
    name, text = desk.sample.wrong
    before, events = desk.count(), Event.objects.count()
    answer = desk.client.post(desk.register.url("new"), {**desk.texts(), name: text})
    assert answer.status_code == 422
    assert list(answer.context["page"].form.errors) == [name]
    assert (desk.count(), Event.objects.count()) == (before, events)


@every_form
def test_who_sees_but_may_not_change_is_told_so(desk: Desk) -> None:
    pk, register, stage = desk.make(), desk.register, desk.stage
    watchers = [part for part in stage.who(register, register.view) if part not in stage.who(register, register.change)]
    assert watchers, "nobody only watches this register; then give everybody the right"
    for sees, part in stage.one_of_each(lambda part: pk in stage.visible(register, part), watchers).items():
        if not sees:
            continue
        client = stage.cast.client(part)
        for address in (register.url("new"), register.url("edit", pk)):
            assert client.get(address).status_code == 403
            assert client.post(address, desk.texts()).status_code == 403
        assert register.url("edit", pk) not in client.get(register.url("detail", pk)).content.decode()
    assert len(desk.events(pk)) == 1


@every_sheet
def test_a_dry_run_tells_what_would_happen_and_writes_nothing(desk: Desk) -> None:
    before = desk.count()
    job = desk.run(workbook(desk.sheet, desk.cells()), dry_run=True)
    assert (job["refused"], job["problems"]) == ("", [])
    assert (job["rows"], job["new"], job["wrong"], job["written"]) == (1, 1, 0, 0)
    assert desk.count() == before


@pytest.mark.postgres
@every_sheet
def test_the_workbook_writes_what_the_form_writes(desk: Desk) -> None:
    job = desk.run(workbook(desk.sheet, desk.cells()))
    assert (job["new"], job["written"]) == (1, 1)
    again = desk.run(workbook(desk.sheet, desk.cells()))
    assert (again["new"], again["changed"], again["same"]) == (0, 0, 1)


@every_sheet
def test_every_bad_row_is_reported_at_once_and_none_of_them_is_written(desk: Desk) -> None:
    name, text = desk.sample.wrong
    before = desk.count()
    wrong = {**desk.cells(), name: text}
    job = desk.run(workbook(desk.sheet, wrong, wrong))
    assert (job["rows"], job["wrong"], job["written"]) == (2, 2, 0)
    assert desk.count() == before


@every_sheet
def test_an_export_sent_in_again_changes_nothing(desk: Desk) -> None:
    desk.run(workbook(desk.sheet, desk.cells()))
    while (exported := desk.client.post(desk.register.url("export"))).status_code == 302:
        desk.stage.open(exported.headers["Location"].split("/restricted/")[1].split("/")[0], desk.part)
    assert exported.status_code == 200
    job = desk.run(exported.getvalue())
    assert job["problems"] == []
    assert (job["new"], job["changed"], job["wrong"]) == (0, 0, 0)
    assert job["same"] == job["rows"] == desk.count()
