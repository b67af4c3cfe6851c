"""A class filled in at once: what is right is written, what is not comes back with the words of the Excel door."""

import json
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.cast import TODAY, Cast
from tests.contracts.filled import fewest_queries, form_of, values_in
from tests.factories.people import MembershipFactory
from tests.factories.projects import CapitalProjectFactory, ProjectGateFactory
from xianxue.kernel import resources
from xianxue.kernel.history.selectors import events_of, last_number
from xianxue.kernel.sheets.models import NumberMatch, SentRow
from xianxue.people.models import Enrolment, Person
from xianxue.projects.models import ProjectGate

NAMES = ("陈小一", "李小二", "王小三")


@pytest.fixture
def pupils(standing_cast: Cast) -> Iterator[list[Enrolment]]:
    with time_machine.travel(TODAY, tick=True):
        room = standing_cast.first_class
        yield [MembershipFactory(classroom=room, enrolment__person__name=name).enrolment for name in NAMES]


@pytest.fixture
def href(standing_cast: Cast, pupils: list[Enrolment]) -> str:
    return resources.get("pupils").url("grid", standing_cast.first_class.pk)


@pytest.fixture
def clerk(standing_cast: Cast) -> Client:
    return standing_cast.client("registrar")


def cell(pupil: Enrolment, name: str) -> str:
    return f"c.{pupil.person_id}.{name}"


def address(pupil: Enrolment) -> str:
    return str(Person.unguarded.get(pk=pupil.person_id).address)


def sent(client: Client, href: str, *rows: dict[str, Any]) -> list[dict[str, Any]]:
    answer = client.post(href, json.dumps({"rows": rows}), content_type="application/json")
    assert answer.status_code == 200, answer.content.decode()
    found: list[dict[str, Any]] = answer.json()["answers"]
    return found


def row(form: dict[str, str], pupil: Enrolment, key: str = "", **cells: str) -> dict[str, Any]:
    line = str(pupil.person_id)
    return {"key": key or str(uuid4()), "line": line, "cells": cells, "seen": form[f"s.{line}"]}


def test_a_whole_class_is_saved_without_a_script_each_child_with_its_history(
    clerk: Client, href: str, pupils: list[Enrolment]
) -> None:
    form = form_of(clerk, href)
    typed = {cell(pupil, "class_no"): str(at) for at, pupil in enumerate(pupils, 1)}
    typed[cell(pupils[0], "phone")] = "13800000001"
    answer = clerk.post(href, form | typed, follow=True)
    assert "已保存 3 行。" in answer.content.decode()
    assert list(Enrolment.unguarded.order_by("pk").values_list("class_no", flat=True)) == ["1", "2", "3"]
    assert Person.unguarded.get(pk=pupils[0].person_id).phone == "13800000001"
    (event,) = events_of("people.person", pupils[1].person_id)
    assert (event.action, event.label, event.changes) == ("sheets.save_rows", "李小二", {"class_no": [None, "2"]})
    # A number in full is never on the page, and a form sent back untouched keeps it.
    page = clerk.get(href).content.decode()
    assert "13800000001" not in page
    assert "138••••0001" in page
    clerk.post(href, form_of(clerk, href))
    assert Person.unguarded.get(pk=pupils[0].person_id).phone == "13800000001"


def test_one_wrong_cell_comes_back_with_its_words_and_keeps_no_other_line_from_being_written(
    clerk: Client, href: str, pupils: list[Enrolment]
) -> None:
    form = form_of(clerk, href)
    typed = {
        cell(pupils[0], "address"): "东街 1 号",
        cell(pupils[1], "phone"): "12345",
        cell(pupils[1], "address"): "西街 2 号",
    }
    answer = clerk.post(href, form | typed)
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "已保存 1 行。另有 1 行没有保存" in text
    assert "“联系电话”写成“•••••”，不是电话号码。" in text
    assert (address(pupils[0]), address(pupils[1])) == ("东街 1 号", "")
    # Nothing typed is lost, and what is mended goes through.
    again = values_in("".join(answer.context["page"].lines))
    assert again[cell(pupils[1], "address")] == "西街 2 号"
    mended = clerk.post(href, form | again | {cell(pupils[1], "phone"): "13800000002"})
    assert mended.status_code == 302
    assert address(pupils[1]) == "西街 2 号"


def test_what_somebody_else_wrote_meanwhile_is_shown_and_not_overwritten(
    standing_cast: Cast, clerk: Client, href: str, pupils: list[Enrolment]
) -> None:
    mine, theirs = form_of(clerk, href), form_of(standing_cast.client("county_officer"), href)
    standing_cast.client("county_officer").post(href, theirs | {cell(pupils[0], "address"): "新街 1 号"})
    (answer,) = sent(clerk, href, row(mine, pupils[0], address="旧街 2 号"))
    assert not answer["done"]
    assert "您填写时，别人已改为“新街 1 号”。" in answer["html"]
    assert address(pupils[0]) == "新街 1 号"
    # A cell that nobody else touched is mine all the same.
    (answer,) = sent(clerk, href, row(mine, pupils[0], class_no="7"))
    assert answer["done"]
    assert address(pupils[0]) == "新街 1 号"
    # Once it was shown, mine counts.
    fresh = form_of(clerk, href)
    (answer,) = sent(clerk, href, row(fresh, pupils[0], address="旧街 2 号"))
    assert answer["written"]
    assert address(pupils[0]) == "旧街 2 号"


def test_the_same_sending_twice_writes_once(
    standing_cast: Cast, clerk: Client, href: str, pupils: list[Enrolment]
) -> None:
    form = form_of(clerk, href)
    once = row(form, pupils[0], key="11111111-1111-4111-8111-111111111111", address="东街 1 号")
    (first,) = sent(clerk, href, once)
    assert (first["done"], first["written"]) == (True, True)
    # Its answer got lost; before it comes again, somebody else corrects the address.
    fresh = form_of(clerk, href)
    sent(clerk, href, row(fresh, pupils[0], address="东街 3 号"))
    events = last_number()
    (second,) = sent(clerk, href, once)
    assert (second["done"], second["written"]) == (True, False)
    assert (address(pupils[0]), last_number()) == ("东街 3 号", events)
    # The key is of this sender alone.
    (other,) = sent(standing_cast.client("county_officer"), href, once)
    assert not other["done"]
    assert SentRow.objects.count() == 2


def test_a_line_of_another_class_is_not_written(
    standing_cast: Cast, clerk: Client, href: str, pupils: list[Enrolment]
) -> None:
    stranger = MembershipFactory(classroom=standing_cast.second_class, enrolment__person__name="别校生").enrolment
    entry = {"key": str(uuid4()), "line": str(stranger.person_id), "cells": {"address": "某街"}, "seen": "{}"}
    (answer,) = sent(clerk, href, entry)
    assert (answer["done"], answer["html"]) == (False, "")
    assert "没有保存：这一行已经不在这里了。" in answer["why"]
    assert address(stranger) == ""


def test_where_everything_is_refused_what_was_typed_stays(
    standing_cast: Cast, clerk: Client, href: str, pupils: list[Enrolment]
) -> None:
    form = form_of(clerk, href)
    matches = {"user_id": standing_cast.users["registrar"].pk, "sheet": "pupils", "door": "page", "rows": 1, "hits": 1}
    NumberMatch.objects.bulk_create(NumberMatch(**matches) for _at in range(20))
    typed = {cell(pupils[0], "phone"): "13800000001", cell(pupils[1], "address"): "西街 2 号"}
    answer = clerk.post(href, form | typed)
    assert answer.status_code == 422
    assert "为防止试号，暂时不能再填写号码" in answer.content.decode()
    again = values_in("".join(answer.context["page"].lines))
    assert {name: again[name] for name in typed} == typed
    assert clerk.post(href, form | again | {cell(pupils[0], "phone"): ""}).status_code == 302
    assert address(pupils[1]) == "西街 2 号"


def test_a_class_without_children_says_so(standing_cast: Cast, clerk: Client) -> None:
    page = clerk.get(resources.get("pupils").url("grid", standing_cast.first_class.pk)).content.decode()
    assert "这里还没有可以填写的行" in page
    assert "<table" not in page


def test_what_is_no_sending_is_told(clerk: Client, href: str) -> None:
    for body in ("[]", "{}", '{"rows": [{"line": 1}]}', '{"rows": 3}', "x"):
        assert clerk.post(href, body, content_type="application/json").status_code == 400


def test_lines_without_a_record_become_one_once_and_stand_in_their_place(standing_cast: Cast) -> None:
    project = CapitalProjectFactory(unit=standing_cast.first_primary.unit)
    ProjectGateFactory(project=project, gate=3, planned_on=TODAY, reached_on=None)
    href = resources.get("project-gates").url("grid", project.pk)
    office = standing_cast.client("project_officer")
    form = form_of(office, href)
    lines = [name.split(".")[1] for name in form if name.endswith(".planned_on")]
    gate = ProjectGate.unguarded.get()
    assert lines == ["gate1", "gate2", str(gate.pk), *(f"gate{at}" for at in range(4, 15))]
    entry = {"key": str(uuid4()), "line": "gate1", "cells": {"planned_on": "2024-05-01"}, "seen": "{}"}
    (answer,) = sent(office, href, entry)
    assert answer["written"]
    made = ProjectGate.unguarded.get(gate=1)
    assert (made.project_id, str(made.planned_on), made.reached_on) == (project.pk, "2024-05-01", None)
    assert f'data-line="{made.pk}"' in answer["html"]
    assert [one["done"] for one in sent(office, href, entry)] == [True]
    assert ProjectGate.unguarded.count() == 2


def test_fifty_five_children_are_shown_and_saved_with_as_many_queries_as_three(
    standing_cast: Cast, clerk: Client, href: str
) -> None:
    counts = []
    for more in (0, 52):
        for at in range(more):
            MembershipFactory(classroom=standing_cast.first_class, enrolment__person__name=f"张小{at}")
        shown = fewest_queries(clerk, href)
        page = clerk.get(href).context["page"]
        form = values_in("".join(page.lines))
        rows = [
            {
                "key": str(uuid4()),
                "line": name[2:],
                "cells": {"address": f"{more} 号", "class_no": name[2:]},
                "seen": seen,
            }
            for name, seen in form.items()
            if name.startswith("s.")
        ]
        with CaptureQueriesContext(connection) as saved:
            assert all(answer["written"] for answer in sent(clerk, href, *rows))
        counts.append((len(rows), shown, len(saved)))
    assert [lines for lines, *_counts in counts] == [3, 55]
    assert counts[0][1] == counts[1][1] <= 20
    assert max(saved for _lines, _shown, saved in counts) <= 75
