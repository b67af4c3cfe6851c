"""What happens at one school changes nothing for the neighbour and the stranger: no page, search, count, file or error.

The proof is non-interference: every address is asked before and after the First Primary gains rows in every register, a
matter and papers, and must answer the same to those who have no part in it. Whoever has a part must see the change.
Addresses, registers and operations come from the registries: a new one is covered by being declared.
"""

import io
import re
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.http import QueryDict
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.contracts import addresses
from tests.contracts.addresses import ONLY_POSTED, PAGES
from tests.contracts.declared import openers
from tests.contracts.stage import Stage
from tests.kernel.api.program import Program, program_of
from xianxue.kernel import resources
from xianxue.kernel.access import Reach, everyone_signed_in, in_reach
from xianxue.kernel.files.models import Attachment
from xianxue.kernel.history.selectors import last_number
from xianxue.kernel.resources import Register, asked
from xianxue.organisations.models import School

OUTSIDERS = ("other_registrar", "other_head", "stranger")
TEAM = ("head", "county_officer", "auditor")
# Belong to no unit, so that everybody who sees the register sees each row: the calendar, code lists, rates, users.
SHARED = {item.code for item in resources.all_registers() if not item.units_of}
OF_UNITS = [item for item in resources.all_registers() if item.code not in SHARED]
every_register = pytest.mark.parametrize("register", OF_UNITS, ids=str)
every_outsider = pytest.mark.parametrize("part", OUTSIDERS)
SEARCHES = ("张", "周小明", "第一", "DC", "2024-S")
# Pages about something that belongs to everybody: a procedure's description, a released report, the county's own log.
FOR_ALL = {
    "procedure", "matter-start", "matter-batch", "release", "release-paper", "release-docx", "release-figure", "release-compare",
    "release-file", "figure", "checkpoint", "checkpoint-sheet", "consistency", "template-download", "restricted-open",
}  # fmt: skip
# Not asked: they answer with something new every time (a secret to scan), or end the session.
UNSTEADY = {"factor-enable", "factor-codes", "sign-out"}


@pytest.fixture
def still() -> Iterator[None]:
    """Time stands still, so that two answers can be the same: a minute after the cast signed in."""
    with time_machine.travel(datetime(2024, 10, 15, 0, 1, tzinfo=UTC), tick=False):
        yield


@pytest.fixture
def stage(standing_cast: Cast, still: None) -> Stage:
    return Stage(standing_cast)


def said(answer: Any) -> tuple[int, str]:
    """Status and text of an answer, without what is new every time: tokens against forgery, the number of the request."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    if content[:2] == b"PK":
        content = _unpacked(content)
    text = content.decode("utf-8", "replace")
    text = re.sub(r"[A-Za-z0-9]{64}", "…", text)
    return answer.status_code, f"{answer.headers.get('Location', '')}\n{text}"


def _unpacked(content: bytes) -> bytes:
    """What a workbook or document says, without the hour at which it was packed."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        names = sorted(name for name in archive.namelist() if not name.startswith("docProps/"))
        return b"\n".join(archive.read(name) for name in names)


def steady_addresses() -> list[str]:
    """Every address that is asked without naming a thing, lists and exports of all registers, and searches."""
    plain = [item.name for item in addresses.all_addresses() if not item.arguments]
    hrefs = [reverse(name) for name in plain if name not in ONLY_POSTED | UNSTEADY]
    hrefs += [f"{register.url()}?status=every&page=2" for register in resources.all_registers()]
    return hrefs + [f"{reverse('search')}?q={text}" for text in SEARCHES]


def answers(client: Client, reach: Reach) -> dict[str, Any]:
    """What every such address says now, and which rows a search in each register leads to."""
    pages: dict[str, Any] = {href: said(client.get(href)) for href in steady_addresses()}
    with in_reach(reach):
        for register in resources.all_registers():
            for text in SEARCHES if register.search and register.may_view() else ():
                rows = asked.read(register, QueryDict(f"q={text}")).rows()
                pages[f"{register.code}?q={text}"] = rows.count(), list(rows.values_list("pk", flat=True)[:50])
    return pages


def api_answers(program: Program) -> dict[str, tuple[int, str]]:
    """What the interface for programs says now, of every register."""
    paths = [f"/registers/{item.code}" for item in resources.all_registers()]
    counted = {path: {"count": "true"} for path in [*paths, "/matters"]}
    found = {path: said(program.get(path, query)) for path, query in counted.items()}
    found |= {f"{path}?q": said(program.get(path, {"q": "张"})) for path in paths}
    return found


class NotOfOneSchool(Exception):
    """The second school is party to the matter, and is told of it: taken back."""


def fill(stage: Stage, school: School) -> None:
    """Rows of every register of units, and matters of the procedures that concern one school alone, at one school."""
    for register in OF_UNITS:
        rows_at(stage, register, school)
    for code, opener in openers().items():
        with suppress(NotOfOneSchool, IntegrityError), transaction.atomic():
            matter = opener.open(stage.cast, 7).matter
            if matter.parties.filter(unit_id=stage.cast.second_primary.pk).exists():
                raise NotOfOneSchool(code)


def own_rows(stage: Stage) -> None:
    """Something that the second school has itself; what samples share, such as a programme of aid, is there from now."""
    for register in OF_UNITS:
        rows_at(stage, register, stage.cast.second_primary, most=1)


def rows_at(stage: Stage, register: Register, school: School, *, most: int = 3) -> int:
    """Up to three rows of a register; samples of two registers may want the same class, and one of them gives way."""
    made = 0
    for number in range(12):
        try:
            with transaction.atomic():
                stage.row(register, number, school)
        except (IntegrityError, IndexError):
            continue
        made += 1
        if made == most:
            break
    assert made, register.code
    return made


@every_outsider
def test_what_the_neighbour_gains_changes_no_answer(stage: Stage, part: str) -> None:
    client = stage.cast.client(part)
    own_rows(stage)
    before = answers(client, stage.cast.reach(part))
    fill(stage, stage.cast.first_primary)
    after = answers(client, stage.cast.reach(part))
    assert [href for href in before if before[href] != after[href]] == []


@pytest.mark.parametrize("part", ["other_registrar", "stranger"])
def test_what_the_neighbour_gains_changes_no_answer_to_a_program(stage: Stage, part: str) -> None:
    program = program_of(stage.cast, part)
    own_rows(stage)
    before = api_answers(program)
    fill(stage, stage.cast.first_primary)
    after = api_answers(program)
    assert [path for path in before if before[path] != after[path]] == []


@pytest.mark.parametrize("part", TEAM)
def test_whoever_has_a_part_sees_what_was_gained(stage: Stage, part: str) -> None:
    seen = [item for item in OF_UNITS if part in stage.who(item, item.view)]
    before = {item.code: len(stage.visible(item, part)) for item in seen}
    for item in seen:
        rows_at(stage, item, stage.cast.first_primary)
    grown = {item.code for item in seen if len(stage.visible(item, part)) > before[item.code]}
    # One school is there from the beginning, and its first sample is that school.
    assert {item.code for item in seen} - grown <= {"schools"}


@every_register
def test_a_row_of_the_neighbour_answers_as_one_that_does_not_exist(stage: Stage, register: Register) -> None:
    """To one who sees the register and not the row, and to one who sees no register."""
    row = stage.row(register, 1, stage.cast.first_primary)

    def decide(part: str) -> tuple[bool, bool]:
        return row.pk in stage.visible(register, part), bool(register.view.scope(stage.reach(part)))

    outsiders = stage.one_of_each(decide, OUTSIDERS)
    events = last_number()
    for (sees, _opens), part in outsiders.items():
        for page, more in _pages_of_a_row(register) if not sees else ():
            client = stage.cast.client(part)
            there, absent = (register.url(page, pk, *more) for pk in (row.pk, 999_999))
            for ask in (client.get, client.post):
                assert said(ask(there)) == said(ask(absent)), (part, page)
    assert last_number() == events
    assert [sees for sees, _opens in outsiders if not sees] or register.view is everyone_signed_in


def _pages_of_a_row(register: Register) -> Iterator[tuple[str, list[str]]]:
    sealed = [column.name for column in register.columns if column.sealed]
    yield "detail", []
    if register.sheet:
        yield "edit", []
    if sealed:
        yield "reveal", sealed[:1]
    if register.papers:
        yield "attach", []


@pytest.mark.parametrize("name", sorted(set(PAGES) - FOR_ALL - UNSTEADY))
def test_a_page_about_the_neighbour_is_not_there(stage: Stage, name: str) -> None:
    page = PAGES[name]
    arguments = dict(page.about(stage))
    if not arguments:
        pytest.skip("is about nothing in particular: compared as a whole above")
    if name in {"matter", "matter-step", "matter-extend", "matter-record"}:
        # The second school is party to the sample: only the stranger is an outsider.
        outsiders: tuple[str, ...] = ("stranger",)
    else:
        outsiders = OUTSIDERS
    events = last_number()
    for part in outsiders:
        client = stage.cast.client(part)
        for ask in (client.get, client.post):
            answer = ask(reverse(name, kwargs=arguments), dict(page.query))
            assert answer.status_code in {403, 404, 405}, (part, answer.status_code)
            assert "张小明" not in said(answer)[1]
    assert last_number() == events


@pytest.mark.parametrize("part", OUTSIDERS)
def test_papers_of_the_neighbour_are_not_there(stage: Stage, part: str) -> None:
    opened = stage.matter()
    found = Attachment.objects.order_by("-pk").first()
    assert found is not None
    client = stage.cast.client(part)
    there, absent = (client.get(reverse("file", kwargs={"pk": pk})) for pk in (found.pk, 999_999))
    with in_reach(stage.cast.reach(part)):
        is_party = type(opened).objects.filter(pk=opened.pk).exists()
    if is_party:
        assert there.status_code == 200
    else:
        assert said(there) == said(absent)
