"""What is under way about a child at the old school goes on at the new one; the old school reads none of it any more."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from tests.kernel.procedures.waiting import todos_for
from tests.people.transferring import NAME, Scene, make_scene, noon, papers
from xianxue.kernel.access import in_reach, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.files.models import Attachment
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.procedures.models import SUBJECT_TYPE, Matter, Notice, Party
from xianxue.kernel.procedures.notices import notice, unseen
from xianxue.kernel.procedures.selectors import visible_matters
from xianxue.people.access import SCHOOL
from xianxue.people.models import DropOutCase, KeyFactChange, Suspension
from xianxue.people.procedures import DropOut, KeyFacts, Suspend, TransferCorrection

pytestmark = pytest.mark.django_db
OLD, NEW = ("registrar", "head", "class_teacher"), ("other_registrar", "other_head")


@pytest.fixture
def scene() -> Iterator[Scene]:
    with time_machine.travel(noon(2024, 10, 14), tick=False):
        yield make_scene()


def under_way(scene: Scene) -> list[Any]:
    """A fact to be corrected, leave asked for, and a child to be looked for, all at the old school."""
    change = scene.act(
        "registrar", KeyFacts.open_change.run, enrolment=scene.old, cause="mistake", cells={"name": "周小传"},
        papers=papers("evidence"),
    )  # fmt: skip
    leave = scene.act(
        "registrar", Suspend.ask.run, enrolment=scene.old, reason="illness", started_on=date(2024, 10, 14),
        expected_on=date(2025, 9, 1), papers=papers("application", "evidence"),
    )  # fmt: skip
    case = scene.act(
        "class_teacher", DropOut.teacher_raises.run, enrolment=scene.old, ground="absent", since=date(2024, 10, 8)
    )
    return [change, leave, case]


def told(scene: Scene, part: str) -> bool:
    """Whether any list of what is under way names the child."""
    client = scene.cast.client(part)
    pages = ("/todo/", "/registers/matters/", "/registers/pupils/", "/", f"/registers/search/?q={NAME}")
    return any(f">{NAME}" in client.get(page).content.decode() for page in pages)


def matters_seen(scene: Scene, part: str) -> list[int]:
    with in_reach(scene.cast.reach(part)):
        return sorted(visible_matters().filter(finished_on=None).values_list("pk", flat=True))


def test_the_old_school_sees_nothing_of_a_matter_that_was_under_way(scene: Scene) -> None:
    matters = [subject.matter for subject in under_way(scene)]
    numbers = sorted(matter.pk for matter in matters)
    notice(f"{NAME}：请补材料", to=SCHOOL, unit_id=scene.cast.first_primary.pk, matter=matters[0]).save()
    files = Attachment.objects.filter(subject_type=SUBJECT_TYPE, subject_id__in=numbers)
    hrefs = [f"/files/{pk}/" for pk in files.values_list("pk", flat=True)]
    assert len(hrefs) == 3
    for matter in matters:
        hrefs += [reverse("matter", args=(matter.pk,)), reverse("matter-record", args=(matter.pk,))]
    before = {part: (told(scene, part), matters_seen(scene, part)) for part in ("registrar", "head")}
    assert before == {"registrar": (True, numbers), "head": (True, numbers)}
    with in_reach(scene.cast.reach("registrar")):
        assert unseen(scene.cast.reach("registrar")).count() == 1

    scene.walk(scene.open())

    for part in OLD:
        client = scene.cast.client(part)
        assert {href: client.get(href).status_code for href in hrefs} == dict.fromkeys(hrefs, 404), part
        assert (told(scene, part), matters_seen(scene, part)) == (False, []), part
        with in_reach(scene.cast.reach(part)):
            assert not todos_for(scene.cast.reach(part)).exists()
            assert not unseen(scene.cast.reach(part)).exists()
            for model in (KeyFactChange, Suspension, DropOutCase):
                assert not model.objects.exists()
    assert Notice.objects.exists()


def test_the_new_school_takes_them_over_and_finishes_them(scene: Scene) -> None:
    change, leave, case = under_way(scene)
    scene.walk(scene.open())
    numbers = sorted(subject.matter.pk for subject in (change, leave, case))
    assert {part: matters_seen(scene, part) for part in NEW} == dict.fromkeys(NEW, numbers)
    with in_reach(scene.cast.reach("other_head")):
        waiting = set(todos_for(scene.cast.reach("other_head")).values_list("matter_id", flat=True))
    assert waiting == set(numbers)
    with pytest.raises(Refused, match="由现在的学校重新办理"):
        scene.act("other_head", KeyFacts.agree.run, change)
    scene.act("other_registrar", KeyFacts.withdraw.run, change, note="重新办理")
    with pytest.raises(Refused, match="学籍已经结束"):
        scene.act("other_head", Suspend.agree.run, leave)
    scene.act("other_head", Suspend.decline.run, leave, note="已转学")
    scene.act("other_registrar", DropOut.report_back.run, case, outcome_on=date(2024, 10, 14))
    scene.act("county_officer", DropOut.confirm_closing.run, case)
    assert not Matter.unguarded.filter(pk__in=numbers, finished_on=None).exists()
    (moved,) = [event for event in events_of("people.person", scene.child.pk) if "matters" in event.facts]
    assert sorted(moved.facts["matters"]) == numbers


def test_the_class_of_the_old_school_gives_its_place_to_the_new_class_or_to_nobody(scene: Scene) -> None:
    _change, _leave, case = under_way(scene)
    place = Party.objects.get(matter=case.matter, place="class")
    assert (place.unit_id, place.released_on) == (scene.cast.first_class.pk, None)
    scene.walk(scene.open())
    place.refresh_from_db()
    assert (place.unit_id, place.released_on) == (scene.new_class.pk, None)


def test_a_mistaken_transfer_gives_the_matters_back(scene: Scene) -> None:
    numbers = sorted(subject.matter.pk for subject in under_way(scene))
    moved = scene.walk(scene.open())
    correction = scene.act(
        "county_officer", TransferCorrection.steps["open_correction"].run, corrects=moved, note="选错学生",
    )  # fmt: skip
    scene.act("other_head", TransferCorrection.steps["undo"].run, correction)
    assert [pk for pk in numbers if pk not in matters_seen(scene, "registrar")] == []
    assert [pk for pk in numbers if pk in matters_seen(scene, "other_registrar")] == []
    with whole_county("test"):
        waiting = {
            unit
            for todo in Matter.objects.filter(pk__in=numbers)
            for unit in todo.todos.values_list("unit_id", flat=True)
        }
    assert waiting <= {scene.cast.first_primary.pk, scene.cast.first_class.pk, scene.cast.county.pk}


def test_what_the_other_school_began_meanwhile_goes_back_with_the_child(scene: Scene) -> None:
    moved = scene.walk(scene.open())
    case = scene.act(
        "other_registrar", DropOut.raise_alert.run, enrolment=moved.new_enrolment, ground="absent",
        since=date(2024, 10, 8),
    )  # fmt: skip
    correction = scene.act(
        "county_officer", TransferCorrection.steps["open_correction"].run, corrects=moved, note="选错学生",
    )  # fmt: skip
    scene.act("other_head", TransferCorrection.steps["undo"].run, correction)
    assert case.matter.pk in matters_seen(scene, "registrar")
    assert case.matter.pk not in matters_seen(scene, "other_registrar")
    assert todos_for(scene.cast.reach("registrar")).filter(matter=case.matter).exists()
