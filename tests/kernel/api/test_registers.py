"""What every register keeps through the API, whoever declares it: the page's rows, words, refusals and traces."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import PARTS
from tests.contracts.declared import samples
from tests.contracts.stage import Stage
from tests.kernel.api.program import Program, program_of
from xianxue.kernel import resources, restricted, sheets
from xianxue.kernel.access import Actor, in_reach
from xianxue.kernel.api import scopes as words
from xianxue.kernel.history.models import Event
from xianxue.kernel.resources import Register, paths, reading
from xianxue.kernel.restricted.models import ReadRecord
from xianxue.kernel.restricted.selectors import inside
from xianxue.kernel.sheets.single import check_one
from xianxue.organisations.selectors import codes

REGISTERS = resources.all_registers()
every_register = pytest.mark.parametrize("register", REGISTERS, ids=str)
every_creating = pytest.mark.parametrize(
    "register", [item for item in REGISTERS if item.sheet and item.creates], ids=str
)
EVERY = "every"


def reader_of(stage: Stage, register: Register) -> Program:
    return program_of(stage.cast, stage.reader(register))


def purpose_for(register: Register) -> str:
    """A purpose that opens the register's sealed values; empty where none is asked for."""
    return next(iter(restricted.get(register.reveal_domain).purposes)) if register.reveal_domain else ""


def everything(register: Register) -> dict[str, str]:
    """The parameters that take away what a list hides by default."""
    status = register.all_filters.get("status")
    values = [value for value, _label in status.options()] if status and status.options else []
    return {"status": EVERY} if EVERY in values else {}


@every_register
def test_the_list_has_the_rows_of_the_page(stage: Stage, register: Register) -> None:
    for number in range(3):
        stage.row(register, number)
    readers = stage.one_of_each(lambda part: len(stage.visible(register, part)), stage.who(register, register.view))
    for part in readers.values():
        program = program_of(stage.cast, part)
        total = stage.cast.client(part).get(register.url()).context["page"].table.total
        # Few rows a page where there are few, so that cursors are followed; not five hundred pages of codes.
        found = program.every_row(register.code, {"limit": max(2, total // 5)})
        assert len(found) == total
        assert [row["id"] for row in found] == sorted({row["id"] for row in found})
        counted = program.get(f"/registers/{register.code}", {"count": "true", "limit": 1}).json()
        assert counted["count"] == len(found)


@every_register
def test_a_row_says_what_its_page_says(stage: Stage, register: Register) -> None:
    row, program = stage.row(register), reader_of(stage, register)
    found = program.get(f"/registers/{register.code}/{row.pk}")
    assert found.status_code == 200
    body = found.json()
    assert sorted(body["values"]) == sorted(register.by_name)
    with in_reach(stage.cast.reach(stage.reader(register))):
        loaded = register.fetched(register.visible().filter(pk=row.pk))[0]
        assert body["title"] == register.title(loaded)
    if register.sheet:
        assert found.headers["ETag"] == f'"{body["version"]}"'
    # A long page: the test above follows cursors.
    query = {"limit": 200, **everything(register)}
    listed = [item for item in program.every_row(register.code, query) if item["id"] == row.pk]
    assert listed == [body]


@every_register
def test_unknown_parameters_and_foreign_cursors_are_refused(stage: Stage, register: Register) -> None:
    program = reader_of(stage, register)
    wrong = program.get(f"/registers/{register.code}", {"no_such": "1"})
    assert (wrong.status_code, wrong.json()["problems"][0]["column"]) == (422, "no_such")
    assert program.get(f"/registers/{register.code}", {"cursor": "x"}).status_code == 422
    assert program.get(f"/registers/{register.code}", {"limit": "0"}).status_code == 422


@every_register
def test_what_is_out_of_reach_does_not_exist(stage: Stage, register: Register) -> None:
    if not register.units_of:
        pytest.skip("rows belong to no unit, by declaration")
    theirs = stage.row(register, 0, stage.cast.first_primary)
    stage.row(register, 1, stage.cast.second_primary)
    unit = register.unit_of(theirs)

    def decide(part: str) -> tuple[bool, bool]:
        return theirs.pk in stage.visible(register, part), part in changers

    changers = stage.who(register, register.change)
    for (sees, _changes), part in stage.one_of_each(decide, stage.who(register, register.view)).items():
        if sees:
            continue
        program = program_of(stage.cast, part)
        base = f"/registers/{register.code}"
        absent = program.get(f"{base}/999999")
        answers = [program.get(f"{base}/{theirs.pk}"), program.get(f"{base}/{theirs.pk}/history")]
        if register.sheet and f"write:{register.code}" in program.token.scopes:
            answers.append(program.patch(f"{base}/{theirs.pk}", {}))
        if "reveal" in program.token.scopes and (sealed := [item.name for item in register.columns if item.sealed]):
            answers.append(program.post(f"{base}/{theirs.pk}/reveal", {"columns": sealed[:1]}))
        assert {(answer.status_code, answer.content) for answer in answers} == {(404, absent.content)}
        query = {"limit": 200, **everything(register)}
        assert theirs.pk not in [row["id"] for row in program.every_row(register.code, query)]
        assert unit is not None


@pytest.mark.parametrize("part", PARTS)
def test_each_role_is_offered_the_words_of_the_registers_that_it_sees(stage: Stage, part: str) -> None:
    reach = stage.cast.reach(part)
    offered = {word for word, _label in words.open_to(reach)}
    sees = [item.code for item in REGISTERS if item.view.scope(reach)]
    assert [item.code for item in REGISTERS if f"read:{item.code}" in offered] == sees


@every_register
def test_a_register_opens_to_those_who_may_read_it_alone(stage: Stage, register: Register) -> None:
    path, code = f"/registers/{register.code}", register.code
    for sees, part in stage.one_of_each(lambda part: bool(register.view.scope(stage.reach(part)))).items():
        offered = words.opened_to(stage.cast.reach(part))
        elsewhere = next(
            f"read:{item.code}" for item in REGISTERS if item != register and f"read:{item.code}" in offered
        )
        asked = {elsewhere: 403, **({f"read:{code}": 200} if sees else {"read:*": 404})}
        for word, status in asked.items():
            program = program_of(stage.cast, part, [word])
            assert program.get(path).status_code == status, (part, word)
            assert program.post(path, {}).status_code in {403, 404, 405}, (part, word)


@every_register
def test_sealed_values_stay_masked_and_reading_them_leaves_the_trace_of_the_page(
    stage: Stage, register: Register
) -> None:
    sealed = [column for column in register.columns if column.sealed]
    if not sealed:
        pytest.skip("seals nothing, by declaration")
    row = stage.row(register)
    with in_reach(stage.cast.reach(stage.reader(register))):
        loaded = register.fetched(register.visible().filter(pk=row.pk))[0]
    values = {item.name: str(value) for item in sealed if (value := paths.value(loaded, item.orm_path))}
    name, value = next(iter(values.items()))
    address = f"/registers/{register.code}/{row.pk}"
    revealers = stage.who(register, register.reveal)

    def decide(part: str) -> tuple[bool, ...]:
        return row.pk in stage.visible(register, part), part in revealers, row.pk in _revealed_to(stage, register, part)

    for (sees, *_rights), part in stage.one_of_each(decide, stage.who(register, register.view)).items():
        if not sees:
            continue
        plain = program_of(stage.cast, part, [f"read:{register.code}"])
        for page in (address, f"/registers/{register.code}", f"{address}/history"):
            text = plain.get(page).content.decode()
            assert [one for one in values.values() if one in text] == []
        assert plain.post(f"{address}/reveal", {"columns": [name]}).json()["code"] == "scope"
        program = program_of(stage.cast, part)
        before = Event.objects.filter(action="resources.reveal").count()
        wanted = {"columns": [name], "purpose": purpose_for(register)}
        if wanted["purpose"] and "reveal" in program.token.scopes and row.pk in _revealed_to(stage, register, part):
            assert program.post(f"{address}/reveal", {"columns": [name]}).status_code == 422
        answer = program.post(f"{address}/reveal", wanted)
        if "reveal" in program.token.scopes and row.pk in _revealed_to(stage, register, part):
            assert answer.json() == {name: value}
            _assert_traced(register, program, stage.cast.users[part].pk, wanted["purpose"])
            assert Event.objects.filter(action="resources.reveal").count() == before + 1
        else:
            assert answer.status_code == 403
            assert Event.objects.filter(action="resources.reveal").count() == before


def _assert_traced(register: Register, program: Program, user_id: int, purpose: Any) -> None:
    """That the newest event of a value read in full, and the read record where there is a domain, name who read and why."""
    event = Event.objects.filter(action="resources.reveal").latest("seq")
    assert (event.via, event.actor_id) == (f"api:{program.token.pk}", user_id)
    if register.reveal_domain:
        record = ReadRecord.unguarded.latest("pk")
        assert (record.user_id, record.purpose) == (user_id, purpose)


def _revealed_to(stage: Stage, register: Register, part: str) -> list[int]:
    """Keys of the rows that the person may read in full: by the register's grant, and by that of its domain."""
    with in_reach(stage.reach(part)):
        rows = register.fetched(register.within(register.rows(), register.reveal))
        domain = restricted.get(register.reveal_domain) if register.reveal_domain else None
        return [row.pk for row in rows if domain is None or inside(domain.scope(), reading.units_of(register, row))]


@every_creating
def test_a_row_is_made_and_changed_as_on_the_form(stage: Stage, register: Register) -> None:
    sample, part = samples()[register.code], stage.changer(register)
    cells = dict(sample.cells_for(stage.cast))
    program, base = program_of(stage.cast, part), f"/registers/{register.code}"
    made = program.post(f"{base}?confirm=true", cells)
    assert made.status_code == 201, made.content.decode()
    pk, version = made.json()["id"], made.json()["row"]["version"]
    assert made.headers["ETag"] == f'"{version}"'
    event = Event.objects.filter(action="sheets.save_row").latest("seq")
    assert event.via == f"api:{program.token.pk}"
    again = program.post(f"{base}?confirm=true", cells)
    assert again.status_code == 422
    changed = program.patch(f"{base}/{pk}?confirm=true", dict(sample.changed), seen=f'"{version}"')
    assert changed.status_code == 200, changed.content.decode()
    assert changed.json()["row"]["version"] != version
    late = program.patch(f"{base}/{pk}?confirm=true", dict(sample.changed), seen=f'"{version}"')
    assert (late.status_code, late.json()["code"]) == (412, "overtaken")
    assert late.json()["current"] == changed.json()["row"]
    moments = program.get(f"{base}/{pk}/history").json()
    assert {moment["via"] for moment in moments} == {f"api:{program.token.pk}"}
    assert len(moments) == 2


@every_creating
def test_a_wrong_cell_is_refused_with_the_problems_of_the_form(stage: Stage, register: Register) -> None:
    sample, part = samples()[register.code], stage.changer(register)
    name, text = sample.wrong
    cells = dict(sample.cells_for(stage.cast)) | {name: text}
    user = stage.cast.users[part]
    sheet = sheets.get(register.sheet)
    with in_reach(stage.cast.reach(part)):
        whole = {column: cells.get(column, "") for column in sheet.names}
        found = check_one(sheet, whole, by=Actor(user.pk, user.name))
    before = Event.objects.count()
    program = program_of(stage.cast, part)
    issued = Event.objects.count()
    refused = program.post(f"/registers/{register.code}", cells)
    assert (refused.status_code, refused.json()["code"]) == (422, "problems")
    said = [(item["code"], item["column"], item["message"]) for item in refused.json()["problems"]]
    assert said == [(item.code, item.column, item.message) for item in found.problems]
    assert (name in {item["column"] for item in refused.json()["problems"]}) or said
    assert (before, Event.objects.count()) == (issued - 1, issued)


@every_creating
def test_who_may_not_change_is_refused(stage: Stage, register: Register) -> None:
    row = stage.row(register)
    changers = stage.who(register, register.change)
    watchers = [part for part in stage.who(register, register.view) if part not in changers]
    for part in stage.one_of_each(lambda part: row.pk in stage.visible(register, part), watchers).values():
        program = program_of(stage.cast, part)
        program.token.scopes = [*program.token.scopes, f"write:{register.code}"]
        program.token.save()
        base = f"/registers/{register.code}"
        for answer in (program.post(base, {}), program.patch(f"{base}/{row.pk}", {})):
            assert (answer.status_code, answer.json()["code"]) == (403, "grant")


def _queries(program: Program, path: str, query: dict[str, Any]) -> list[str]:
    with CaptureQueriesContext(connection) as captured:
        assert program.get(path, query).status_code == 200
    return [item["sql"] for item in captured.captured_queries]


@every_register
def test_the_number_of_queries_does_not_grow_with_the_rows(
    stage: Stage, register: Register, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(codes, "TRUSTED_SECONDS", 3_600.0)
    program, first = reader_of(stage, register), stage.row(register)
    base = f"/registers/{register.code}"
    listing: dict[str, Any] = {"count": "true", **everything(register)}
    asked = {base: listing, f"{base}/{first.pk}": {}, f"{base}/{first.pk}/history": {}}
    for path, query in asked.items():
        program.get(path, query)
    one = {path: _queries(program, path, query) for path, query in asked.items()}
    for number in (1, 2):
        stage.row(register, number)
    for path, query in asked.items():
        three = _queries(program, path, query)
        assert len(three) == len(one[path]), "\n".join([path, *three])
