"""Whoever tries whole numbers of children at other schools learns little, leaves a line each time, and is stopped."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.factories.organisations import ClassroomFactory
from tests.factories.people import id_number
from tests.kernel.api.program import program_of
from tests.people.sending import Sending
from tests.people.transferring import NAME, NUMBER, Scene, make_scene, noon
from tests.people.workbooks import ROW, checked
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.sheets.models import NumberMatch
from xianxue.kernel.sheets.telling import SINGLE_A_DAY
from xianxue.people.sheets import PUPILS

pytestmark = [pytest.mark.django_db, pytest.mark.postgres]
ELSEWHERE = "该生已在另一所学校就读，不能再次登记。"
OTHER_NAME = "这一行的学籍号或证件号已登记在另一个姓名之下。"
TYPED = {
    "school": "第二小学", "student_no": NUMBER, "name": NAME, "sex": "男", "born_on": "2015-09-01",
    "id_kind": "居民身份证", "id_number": NUMBER[1:], "grade": "一年级", "class_number": "1", "entered_on": "2024-09",
    "guardian1_name": "周大", "guardian1_relation": "父亲", "guardian1_phone": "13900000031",
}  # fmt: skip

CHOSEN = TYPED | {"sex": "1", "id_kind": "id_card", "grade": "primary1", "guardian1_relation": "51"}


@pytest.fixture
def scene() -> Iterator[Scene]:
    with time_machine.travel(noon(2024, 10, 14), tick=False):
        scene = make_scene()
        ClassroomFactory(
            school=scene.cast.second_primary, cohort_year=scene.cast.first_class.cohort_year, number=11,
        )  # fmt: skip
        yield scene


def typed(client: Client, **changes: str) -> str:
    """What the page says to a new pupil typed into the form."""
    answer = client.post(reverse("pupils-new"), CHOSEN | changes)
    assert answer.status_code == 422
    return answer.content.decode()


def test_a_number_without_its_name_does_not_tell_where_the_child_is(scene: Scene) -> None:
    page = typed(scene.cast.client("other_registrar"), name="猜的名")
    assert (OTHER_NAME in page, ELSEWHERE in page) == (True, False)
    assert ELSEWHERE in typed(scene.cast.client("other_registrar"))


def test_every_hit_on_the_form_is_kept_although_nothing_was_saved(scene: Scene) -> None:
    typed(scene.cast.client("other_registrar"), name="猜的名")
    typed(scene.cast.client("other_registrar"))
    by, unit = scene.cast.users["other_registrar"], scene.cast.second_primary.pk
    facts = ("user_id", "asker", "unit_id", "sheet", "door", "rows", "hits", "codes", "subject_id", "is_single")
    assert list(NumberMatch.objects.order_by("pk").values_list(*facts)) == [
        (by.pk, by.name, unit, "pupils", "page", 1, 1, "P513", scene.child.pk, True),
        (by.pk, by.name, unit, "pupils", "page", 1, 1, "P511", scene.child.pk, True),
    ]
    found = [event for event in events_of("accounts.user", by.pk) if event.action == "sheets.note_match"]
    assert [event.facts["codes"] for event in found] == ["P511", "P513"]
    assert NUMBER not in repr(found)
    assert NAME not in repr(found)


def test_the_pages_of_entry_and_the_api_are_no_way_around(scene: Scene) -> None:
    page = reverse("matter-start", args=["people.entry", "open_entry"])
    scene.cast.client("other_registrar").post(page, CHOSEN | {"to_school": str(scene.cast.second_primary.pk)})
    program_of(scene.cast, "other_registrar").post("/registers/pupils", TYPED)
    assert [door.partition(":")[0] for door in NumberMatch.objects.order_by("pk").values_list("door", flat=True)] == [
        "page",
        "api",
    ]


def test_an_import_leaves_one_line_with_its_rows(scene: Scene, folder: Path) -> None:
    scene.walk(scene.open())
    assert NumberMatch.objects.count() == 0
    new = f"G{id_number(date(2015, 9, 1), sequence=46)}"
    job, _report = checked(scene, folder, ROW, ROW | {"student_no": new, "name": "新来的", "id_number": new[1:]})
    assert list(NumberMatch.objects.values_list("door", "rows", "hits", "codes", "subject_id", "is_single")) == [
        (job.door, 2, 1, "P511", None, False)
    ]


def test_what_the_sender_may_see_anyway_is_not_noted(scene: Scene) -> None:
    officer = Sending(PUPILS, scene.cast.reach("county_officer"), unit_id=scene.cast.second_primary.pk)
    result = officer.check(ROW)
    assert list(result.problems["code"]) == ["P511"]
    assert result.beyond.is_empty()


def test_whoever_tries_too_often_in_a_day_is_told_nothing_more(scene: Scene) -> None:
    client = scene.cast.client("other_registrar")
    for _time in range(SINGLE_A_DAY):
        typed(client)
    page = typed(client)
    assert ("为防止试号" in page, ELSEWHERE in page) == (True, False)
    start = reverse("matter-start", args=["people.entry", "open_entry"])
    entry = client.post(start, CHOSEN | {"to_school": str(scene.cast.second_primary.pk)}).content.decode()
    assert ("为防止试号" in entry, ELSEWHERE in entry) == (True, False)
    assert NumberMatch.objects.count() == SINGLE_A_DAY
    NumberMatch.objects.update(at=timezone.now() - timedelta(days=1, minutes=1))
    assert ELSEWHERE in typed(client)


def test_the_audit_and_the_security_administrator_read_the_lines_and_nobody_else(scene: Scene) -> None:
    typed(scene.cast.client("other_registrar"))
    seen = {}
    for part in ("audit_admin", "security_admin", "system_admin", "county_officer", "other_registrar"):
        answer = scene.cast.client(part).get(reverse("number-matches-list"))
        seen[part] = (answer.status_code, "other_registrar 某" in answer.content.decode())
    assert seen["audit_admin"] == seen["security_admin"] == (200, True)
    assert {status for status, _found in (seen["system_admin"], seen["county_officer"], seen["other_registrar"])} == {
        404
    }
