"""Name, sex, birth date and identity number of a pupil change by the procedure alone, with evidence and two approvals."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from tests.factories.people import IdentifierFactory, MembershipFactory, id_number
from tests.people.transferring import NAME, NUMBER, Scene, make_scene, noon, paper, papers
from xianxue.kernel import sheets
from xianxue.kernel.access import Actor, in_reach, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.sheets.single import check_one, save_one
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import Identifier, KeyFactChange
from xianxue.people.procedures import KeyFacts

pytestmark = pytest.mark.django_db
OTHER = id_number(date(2015, 9, 1), sequence=9)


@pytest.fixture
def scene() -> Iterator[Scene]:
    with time_machine.travel(noon(2024, 10, 14), tick=False):
        yield make_scene()


def ask(scene: Scene, part: str = "registrar", cause: str = "mistake", **cells: str) -> KeyFactChange:
    made: KeyFactChange = scene.act(
        part,
        KeyFacts.open_change.run,
        enrolment=scene.old,
        cause=cause,
        cells=cells or {"name": "周小传"},
        papers=papers("evidence"),
    )
    return made


def step(scene: Scene, part: str, code: str, change: KeyFactChange, **given: Any) -> None:
    scene.act(part, KeyFacts.steps[code].run, change, **given)


def approve(scene: Scene, change: KeyFactChange) -> None:
    step(scene, "head", "agree", change)
    step(scene, "county_officer", "approve", change)


def numbers(scene: Scene) -> list[tuple[str, str, date | None]]:
    with whole_county("test"):
        found = Identifier.objects.filter(person=scene.child).exclude(kind=IdentifierKind.STUDENT_NO).order_by("pk")
        return [(item.kind, item.value, item.valid_to) for item in found]


def test_the_straight_way_writes_the_name_with_its_spelling_and_leaves_the_event(scene: Scene) -> None:
    approve(scene, ask(scene))
    scene.child.refresh_from_db()
    assert (scene.child.name, scene.child.initials) == ("周小传", "zxc")
    event = events_of("people.person", scene.child.pk)[0]
    assert (event.action, event.changes) == ("people.key_facts.approve", {"name": [NAME, "周小传"]})
    assert not KeyFactChange.unguarded.get().is_open


def test_nothing_is_written_before_the_county_approves(scene: Scene) -> None:
    step(scene, "head", "agree", ask(scene))
    scene.child.refresh_from_db()
    assert scene.child.name == NAME


def test_a_number_that_the_police_changed_keeps_the_old_one_with_its_last_day(scene: Scene) -> None:
    approve(scene, ask(scene, cause="police", id_number=OTHER))
    assert numbers(scene) == [("id_card", OTHER, None), ("id_card", NUMBER[1:], date(2024, 10, 14))]


def test_of_several_documents_the_one_by_which_the_pupil_is_known_is_kept(scene: Scene) -> None:
    with whole_county("test"):
        Identifier.objects.filter(person=scene.child, kind=IdentifierKind.ID_CARD).delete()
        IdentifierFactory(person=scene.child, kind=IdentifierKind.PASSPORT, value="E12345678")
        IdentifierFactory(person=scene.child, value=NUMBER[1:])
    approve(scene, ask(scene, cause="police", id_number=OTHER))
    assert numbers(scene) == [
        ("passport", "E12345678", None), ("id_card", OTHER, None), ("id_card", NUMBER[1:], date(2024, 10, 14)),
    ]  # fmt: skip


def test_a_mistyped_number_is_corrected_in_place(scene: Scene) -> None:
    approve(scene, ask(scene, id_number=OTHER))
    assert numbers(scene) == [("id_card", OTHER, None)]


@pytest.mark.parametrize(("part", "code"), [
    ("registrar", "agree"), ("other_head", "agree"), ("county_officer", "agree"), ("head", "approve"),
    ("class_teacher", "agree"), ("stranger", "withdraw"), ("auditor", "decline"),
])  # fmt: skip
def test_only_the_right_person_does_a_step(scene: Scene, part: str, code: str) -> None:
    change = ask(scene)
    given = {"note": "理由"} if KeyFacts.steps[code].needs_note else {}
    with pytest.raises(Refused, match=r"没有这项权限|不在可办这一步"):
        step(scene, part, code, change, **given)


@pytest.mark.parametrize(("cells", "reason"), [
    ({"name": NAME}, "没有填写与现有信息不同的内容"),
    ({"id_number": "360922201509010017"}, "证件号"),
    ({"born_on": "2015-02-30"}, "出生日期"),
])  # fmt: skip
def test_a_change_is_refused_when_it_changes_nothing_or_is_wrong(
    scene: Scene, cells: dict[str, str], reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        ask(scene, **cells)
    assert not KeyFactChange.unguarded.exists()


def test_without_evidence_it_is_not_opened(scene: Scene) -> None:
    with pytest.raises(Refused, match="户口簿"):
        scene.act("registrar", KeyFacts.open_change.run, enrolment=scene.old, cause="mistake", cells={"name": "周小传"})


def test_a_pupil_has_one_open_change(scene: Scene) -> None:
    ask(scene)
    with pytest.raises(Refused, match="已有在办的关键信息变更"):
        ask(scene, name="周小船")


def test_the_neighbour_school_cannot_ask(scene: Scene) -> None:
    with pytest.raises(Refused, match="没有这项权限"):
        ask(scene, "other_registrar")


def test_refused_or_withdrawn_the_pupil_may_be_asked_for_again(scene: Scene) -> None:
    step(scene, "head", "decline", ask(scene), note="材料看不清")
    step(scene, "registrar", "withdraw", ask(scene), note="填错了")
    ask(scene)
    assert KeyFactChange.unguarded.filter(is_open=True).count() == 1


def test_the_county_asks_for_papers_and_the_clock_stands_still(scene: Scene) -> None:
    change = ask(scene)
    step(scene, "head", "agree", change)
    step(scene, "county_officer", "ask_papers", change, note="缺公安证明")
    change = KeyFactChange.unguarded.select_related("matter").get()
    assert (change.matter.state, change.matter.paused_on) == ("lacking", date(2024, 10, 14))
    step(scene, "registrar", "supply", change, papers=papers("evidence"))
    step(scene, "county_officer", "approve", change)
    scene.child.refresh_from_db()
    assert scene.child.name == "周小传"


def test_facts_changed_otherwise_in_between_stop_the_approval(scene: Scene) -> None:
    change = ask(scene)
    step(scene, "head", "agree", change)
    scene.child.name = "周小砖"
    scene.child.save(update_fields=["name"])
    with pytest.raises(Refused, match="申请之后这些信息已有变化"):
        step(scene, "county_officer", "approve", change)


def test_a_number_that_is_another_pupils_is_refused(scene: Scene) -> None:
    other = MembershipFactory(classroom=scene.cast.first_class).enrolment
    with whole_county("test"):
        IdentifierFactory(person=other.person, value=OTHER)
    with pytest.raises(Refused, match=r"另一条记录|另一个人|已经"):
        ask(scene, id_number=OTHER)


@pytest.mark.parametrize(("name", "text"), [
    ("name", "周小传"), ("sex", "女"), ("born_on", "2015-09-02"), ("id_number", OTHER),
])  # fmt: skip
def test_the_form_refuses_what_the_procedure_changes(scene: Scene, name: str, text: str) -> None:
    sheet, user = sheets.get("pupils"), scene.cast.users["registrar"]
    by = Actor(user.pk, user.name)
    with in_reach(scene.cast.reach("registrar")):
        assert "P504" in {problem.code for problem in check_one(sheet, {name: text}, by=by, pk=scene.child.pk).problems}
        with pytest.raises(Refused, match="请办理“关键信息变更”"):
            save_one(sheet, {name: text}, by=by, pk=scene.child.pk)


def test_an_empty_fact_is_filled_in_without_the_procedure(scene: Scene) -> None:
    with whole_county("test"):
        Identifier.objects.filter(person=scene.child).exclude(kind=IdentifierKind.STUDENT_NO).delete()
    user = scene.cast.users["registrar"]
    with in_reach(scene.cast.reach("registrar")):
        save_one(sheets.get("pupils"), {"id_number": OTHER}, by=Actor(user.pk, user.name), pk=scene.child.pk)
    assert numbers(scene) == [("id_card", OTHER, None)]


def test_the_pages_show_the_button_the_form_and_the_matter_masked(scene: Scene) -> None:
    client = scene.cast.client("registrar")
    page = client.get(reverse("pupils-detail", args=(scene.old.pk,)))
    start = next(action.href for action in page.context["page"].actions if action.label == "关键信息变更")
    assert client.get(start).status_code == 200
    edit = client.get(reverse("pupils-edit", args=(scene.old.pk,))).context["page"].form
    assert edit.fields["name"].disabled
    change = ask(scene, id_number=OTHER)
    text = client.get(reverse("matter", args=(change.matter_id,))).content.decode()
    assert OTHER not in text
    assert NUMBER[1:] not in text
    assert "关键信息变更" in text


def test_what_is_typed_on_the_page_reaches_the_command(scene: Scene) -> None:
    given = {"enrolment": scene.old.pk, "cause": "mistake", "name": "周小传", "paper_evidence": paper("evidence.pdf")}
    answer = scene.cast.client("registrar").post("/matters/start/people.key_facts/open_change/", given)
    assert answer.status_code == 302
    with whole_county("test"):
        assert json.loads(KeyFactChange.objects.get().cells) == {"name": [NAME, "周小传"]}
