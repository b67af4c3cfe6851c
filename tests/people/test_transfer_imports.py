"""Workbooks of the old school after the child has gone: no second enrolment, nobody closed elsewhere, no undoing."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
import time_machine

from tests.factories.people import id_number
from tests.people.sending import Sending
from tests.people.transferring import Scene, make_scene, noon
from tests.people.workbooks import ROW, sent
from xianxue.kernel.access import Actor, in_reach, whole_county
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.sheets import imports
from xianxue.kernel.sheets.models import ImportJob
from xianxue.kernel.sheets.writer import Context
from xianxue.people.models import Enrolment, Person, Transfer
from xianxue.people.sheets import PUPILS

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(noon(2024, 10, 14), tick=False) as traveller:
        yield traveller


@pytest.fixture
def scene(clock: time_machine.Traveller) -> Scene:
    return make_scene()


@pytest.fixture
def moved(scene: Scene) -> Transfer:
    walked: Transfer = scene.walk(scene.open())
    return walked


def sheet_of(scene: Scene, part: str) -> Sending:
    school = scene.cast.first_primary if part == "registrar" else scene.cast.second_primary
    return Sending(PUPILS, scene.cast.reach(part), unit_id=school.pk)


def test_the_old_school_s_roster_names_the_child_as_enrolled_elsewhere(scene: Scene, moved: Transfer) -> None:
    sender = sheet_of(scene, "registrar")
    result = sender.check(ROW)
    assert [(code, column) for _row, code, column in sender.problems(ROW)] == [("P511", "student_no")]
    assert "第二小学" not in str(result.problems.to_dicts())
    sender.send(ROW)
    with whole_county("test"):
        assert Enrolment.objects.filter(person=scene.child).count() == 2
        assert Enrolment.objects.get(person=scene.child, ended_on=None).school_id == scene.cast.second_primary.pk


def test_the_new_school_s_roster_changes_nothing(scene: Scene, moved: Transfer) -> None:
    row = ROW | {"class_number": "9", "entered_on": "2024-10"}
    assert sheet_of(scene, "other_registrar").send(row) == {"same": 1}


def test_a_full_roster_of_the_old_school_closes_nobody_elsewhere(scene: Scene, moved: Transfer) -> None:
    with in_reach(scene.cast.reach("registrar")):
        assert PUPILS.writer.roster([scene.cast.first_primary.pk]).is_empty()
    by = Actor(scene.cast.users["registrar"].pk, "某")
    with in_reach(scene.cast.reach("registrar")):
        PUPILS.writer.close([], Context(by))
    with whole_county("test"):
        assert Enrolment.objects.filter(person=scene.child, ended_on=None).exists()


def test_the_file_of_a_child_with_a_transfer_is_not_taken_back_with_the_import_that_made_it(
    scene: Scene, moved: Transfer
) -> None:
    by = Actor(scene.cast.users["registrar"].pk, "某", via="import:1")
    with in_reach(scene.cast.reach("registrar")):
        kept = PUPILS.writer.remove([scene.child.pk], Context(by))
    assert list(kept) == [scene.child.pk]
    assert "已有“转学”记录，不能撤回" in kept[scene.child.pk]
    assert Person.unguarded.filter(pk=scene.child.pk).exists()


def test_a_class_number_of_the_old_school_s_import_is_not_written_to_the_new_seat(
    scene: Scene, moved: Transfer
) -> None:
    with in_reach(scene.cast.reach("registrar")):
        assert PUPILS.writer.current([scene.child.pk]).is_empty()


def test_a_child_being_transferred_can_still_be_corrected_by_the_old_school(scene: Scene) -> None:
    scene.open()
    assert sheet_of(scene, "registrar").send(ROW | {"ethnic_group": "汉"}) == {"changed": 1}


def test_the_transfer_leaves_an_event_after_the_import_s_so_that_undoing_keeps_the_child(
    scene: Scene, moved: Transfer
) -> None:
    assert events_of("people.person", scene.child.pk)[0].facts["transfer"] == moved.pk


def undone(scene: Scene, job: ImportJob) -> list[str]:
    """Reasons why something stayed."""
    user = scene.cast.users["registrar"]
    with in_reach(scene.cast.reach("registrar")):
        imports.undo(job, by=Actor(user.pk, user.name))
    job.refresh_from_db()
    return [item["reason"] for item in job.late]


def test_undoing_the_import_that_made_the_child_is_refused_with_the_reason(scene: Scene, folder: Path) -> None:
    number = f"G{id_number(date(2015, 9, 1), sequence=45)}"
    job = sent(scene, folder, ROW | {"student_no": number, "name": "孙小来", "id_number": number[1:]})
    scene.walk(scene.open(number=number, name="孙小来"))
    assert undone(scene, job) == ["导入后又被改过，没有删除。请核对后单独处理。"]
    with whole_county("test"):
        child = Person.objects.get(name="孙小来")
        assert Enrolment.objects.get(person=child, ended_on=None).school_id == scene.cast.second_primary.pk


def test_undoing_an_import_writes_nothing_to_a_child_who_has_gone(scene: Scene, folder: Path) -> None:
    Person.unguarded.filter(pk=scene.child.pk).update(address="老街 1 号")
    job = sent(scene, folder, ROW, blank_clears="1")
    assert Person.unguarded.get(pk=scene.child.pk).address == ""
    scene.walk(scene.open())
    assert set(undone(scene, job)) == {"导入后又被改过，保留现在的值。"}
    assert Person.unguarded.get(pk=scene.child.pk).address == ""
