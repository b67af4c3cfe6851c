"""Alerts for children out of school: raised by hand and at night, followed up, closed by the county, read by few."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from tests.factories.people import EnrolmentFactory
from tests.people.transferring import Scene, make_scene, noon, papers
from xianxue.kernel.access import in_reach, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.procedures.calendar import add_working_days
from xianxue.kernel.procedures.models import StepRecord, Todo
from xianxue.people.choices import DropOutOutcome, EnrolmentStatus, ExitReason, TransferKind
from xianxue.people.models import ClassMembership, DropOutCase, DropOutVisit, Enrolment, Transfer
from xianxue.people.procedures import DropOut, TransferOut
from xianxue.people.rules.dropout import is_of_school_age
from xianxue.people.services.dropout import look_for_children_out_of_school

pytestmark = pytest.mark.django_db
TODAY = date(2024, 10, 16)
GONE = date(2024, 9, 20)


@pytest.fixture
def scene() -> Iterator[Scene]:
    with time_machine.travel(noon(2024, 10, 16), tick=False):
        yield make_scene()


def alert(scene: Scene, part: str = "registrar", code: str = "raise_alert", **changes: Any) -> DropOutCase:
    given = {"enrolment": scene.old, "ground": "absent", "since": date(2024, 10, 14), "detail": "电话无人接"} | changes
    made: DropOutCase = scene.act(part, DropOut.steps[code].run, **given)
    return made


def step(scene: Scene, part: str, code: str, case: DropOutCase, **given: Any) -> None:
    scene.act(part, DropOut.steps[code].run, case, **given)


def visit(scene: Scene, case: DropOutCase, part: str = "registrar", code: str = "visit") -> None:
    step(scene, part, code, case, visited_on=TODAY, visitor="王老师", result="hesitates", detail="家长外出")


def fresh(case: DropOutCase) -> DropOutCase:
    found: DropOutCase = DropOutCase.unguarded.select_related("matter").get(pk=case.pk)
    return found


def leave(scene: Scene, on: date = GONE, reason: str = ExitReason.WITHDREW) -> None:
    with whole_county("test"):
        ClassMembership.objects.filter(enrolment=scene.old).update(ended_on=on)
        Enrolment.objects.filter(pk=scene.old.pk).update(status=EnrolmentStatus.LEFT, ended_on=on, exit_reason=reason)


def cases() -> int:
    return DropOutCase.unguarded.count()


def test_raised_visited_back_and_closed_by_the_county(scene: Scene) -> None:
    case = alert(scene)
    assert Todo.objects.get(matter=case.matter).due_on == add_working_days(TODAY, 5)
    visit(scene, case)
    visit(scene, case, "class_teacher", "teacher_visits")
    assert DropOutVisit.unguarded.filter(case=case).count() == 2
    step(scene, "head", "report_back", case, outcome_on=TODAY)
    step(scene, "county_officer", "confirm_closing", case)
    found = fresh(case)
    assert (found.matter.state, found.outcome, found.is_open) == ("closed", DropOutOutcome.BACK, False)
    page = scene.cast.client("head").get(reverse("matter", args=(case.matter_id,))).content.decode()
    assert "王老师：尚未同意。家长外出" in page


def test_the_teacher_raises_for_the_own_class_only(scene: Scene) -> None:
    with whole_county("test"):
        other = EnrolmentFactory(school=scene.cast.first_primary)
    with pytest.raises(Refused, match="只有该生所在班的班主任"):
        alert(scene, "class_teacher", "teacher_raises", enrolment=other)
    assert alert(scene, "class_teacher", "teacher_raises").classroom_id == scene.cast.first_class.pk


@pytest.mark.parametrize(("since", "is_enough"), [
    (date(2024, 10, 14), True), (date(2024, 10, 15), False), (date(2024, 10, 12), True), (date(2024, 10, 17), False),
])  # fmt: skip
def test_absence_is_reported_from_the_third_school_day_on(scene: Scene, since: date, is_enough: bool) -> None:
    if is_enough:
        assert alert(scene, since=since).since == since
        return
    with pytest.raises(Refused, match=r"未满 3 天|在今天之后"):
        alert(scene, since=since)


def test_another_risk_may_be_reported_at_once(scene: Scene) -> None:
    assert alert(scene, ground="risk", since=TODAY).ground == "risk"


def test_a_child_has_one_open_case(scene: Scene) -> None:
    case = alert(scene)
    with pytest.raises(Refused, match="已有在办的预警"):
        alert(scene, "class_teacher", "teacher_raises")
    step(scene, "county_officer", "dismiss", case, note="请过病假")
    assert alert(scene).pk != case.pk


@pytest.mark.parametrize(("part", "code"), [
    ("registrar", "confirm_closing"), ("other_head", "visit"), ("class_teacher", "visit"), ("head", "dismiss"),
    ("other_registrar", "report_back"), ("auditor", "escalate_case"), ("aid_officer", "dismiss"),
])  # fmt: skip
def test_only_the_right_person_does_a_step(scene: Scene, part: str, code: str) -> None:
    case = alert(scene)
    with pytest.raises(Refused, match=r"没有这项权限|不在可办这一步"):
        step(scene, part, code, case, note="理由")


def test_elsewhere_and_exempt_need_evidence(scene: Scene) -> None:
    case = alert(scene)
    told = {"outcome_on": TODAY, "outcome_detail": "湖南省浏阳市某小学"}
    with pytest.raises(Refused, match="证明材料"):
        step(scene, "registrar", "report_elsewhere", case, **told)
    step(scene, "registrar", "report_elsewhere", case, **told, papers=papers("evidence"))
    step(scene, "county_officer", "send_back", case, note="查无此人")
    assert (fresh(case).matter.state, fresh(case).outcome) == ("visited", "")
    with pytest.raises(Refused, match="不是依法缓学"):
        step(scene, "registrar", "report_exempt", case, outcome="back", outcome_on=TODAY)
    step(scene, "registrar", "report_exempt", case, outcome="at_home", outcome_on=TODAY)
    assert fresh(case).outcome == DropOutOutcome.AT_HOME


def test_back_at_school_means_enrolled(scene: Scene) -> None:
    leave(scene)
    case = alert(scene, ground="left", since=GONE)
    with pytest.raises(Refused, match="先办理入学"):
        step(scene, "registrar", "report_back", case, outcome_on=TODAY)


def test_the_night_raises_for_who_left_and_is_nowhere_and_only_once(scene: Scene) -> None:
    leave(scene)
    assert look_for_children_out_of_school() == "1 / 0"
    case = DropOutCase.unguarded.get()
    assert (case.ground, case.since, case.school_id) == ("left", GONE, scene.cast.first_primary.pk)
    assert StepRecord.objects.get(matter=case.matter).user_id is None
    assert look_for_children_out_of_school() == ""
    step(scene, "county_officer", "dismiss", case, note="已查明")
    assert look_for_children_out_of_school() == ""
    assert cases() == 1


def test_the_night_waits_ten_working_days(scene: Scene) -> None:
    leave(scene, GONE)
    last = add_working_days(GONE, 10)
    with time_machine.travel(noon(last.year, last.month, last.day), tick=False):
        assert look_for_children_out_of_school() == ""
    after = last + timedelta(days=1)
    with time_machine.travel(noon(after.year, after.month, after.day), tick=False):
        assert look_for_children_out_of_school() == "1 / 0"


@pytest.mark.parametrize("reason", ["graduated", "completed", "abroad", "deceased", "invalid"])
def test_the_night_leaves_alone_who_left_for_an_explained_reason(scene: Scene, reason: str) -> None:
    leave(scene, reason=reason)
    assert look_for_children_out_of_school() == ""


def test_the_night_leaves_alone_who_is_enrolled_anew_too_old_or_long_gone(scene: Scene) -> None:
    leave(scene)
    with whole_county("test"):
        new = EnrolmentFactory(person=scene.child, school=scene.cast.second_primary, entered_on=date(2024, 10, 8))
    assert look_for_children_out_of_school() == ""
    with whole_county("test"):
        new.delete()
        scene.child.born_on = date(2008, 10, 16)
        scene.child.save(update_fields=["born_on"])
    assert look_for_children_out_of_school() == ""
    leave(scene, date(2024, 9, 2))
    with time_machine.travel(noon(2025, 9, 3), tick=False):
        assert look_for_children_out_of_school() == ""


def test_a_transfer_out_is_explained_once_the_other_side_has_accepted(scene: Scene) -> None:
    given = {"pupil": scene.old, "place_name": "江西省宜春市袁州区", "reason": "residence"}
    with time_machine.travel(noon(2024, 9, 18), tick=False):
        out: Transfer = scene.act("registrar", TransferOut.open_out.run, **given, papers=papers("application"))
    leave(scene, reason=ExitReason.TRANSFERRED)
    assert look_for_children_out_of_school() == "1 / 0"
    with whole_county("test"):
        DropOutVisit.objects.all().delete()
    DropOutCase.unguarded.all().delete()
    Transfer.unguarded.filter(pk=out.pk).update(acceptance_no="YZ-7", kind=TransferKind.OUT)
    assert look_for_children_out_of_school() == ""


def test_what_lasts_too_long_goes_to_the_county_by_itself(scene: Scene) -> None:
    case = alert(scene)
    last = add_working_days(TODAY, 20)
    with time_machine.travel(noon(last.year, last.month, last.day), tick=False):
        assert look_for_children_out_of_school() == ""
    after = last + timedelta(days=1)
    with time_machine.travel(noon(after.year, after.month, after.day), tick=False):
        assert look_for_children_out_of_school() == "0 / 1"
        assert look_for_children_out_of_school() == ""
        assert fresh(case).matter.state == "escalated"
        visit(scene, case, "head", "joint_visit")
        step(scene, "registrar", "report_back", case, outcome_on=TODAY)


def test_only_those_who_follow_it_up_read_it(scene: Scene) -> None:
    case = alert(scene)
    href = reverse("matter", args=(case.matter_id,))
    readers = {"county_officer", "director", "auditor", "head", "registrar", "class_teacher"}
    for part in scene.cast.users:
        assert scene.cast.client(part).get(href).status_code == (200 if part in readers else 404), part
    for part in ("other_head", "other_registrar", "stranger"):
        with in_reach(scene.cast.reach(part)):
            assert not DropOutCase.objects.exists()
            assert not DropOutVisit.objects.exists()


@pytest.mark.parametrize(("born_on", "is_of_age"), [
    (date(2018, 10, 16), True), (date(2018, 10, 17), False), (date(2008, 10, 17), True), (date(2008, 10, 16), False),
    (None, True),
])  # fmt: skip
def test_school_age_ends_on_the_birthday(born_on: date | None, is_of_age: bool) -> None:
    assert is_of_school_age(born_on, TODAY) is is_of_age


def test_the_pages_open(scene: Scene) -> None:
    client = scene.cast.client("class_teacher")
    page = client.get(reverse("pupils-detail", args=(scene.old.pk,)))
    start = next(action.href for action in page.context["page"].actions if action.label == "控辍保学预警")
    assert "满 3 个上学日" in client.get(start).content.decode()
    case = alert(scene)
    registrar = scene.cast.client("registrar")
    for code in ("visit", "report_back", "report_elsewhere", "report_exempt"):
        assert registrar.get(reverse("matter-step", args=(case.matter_id, code))).status_code == 200
