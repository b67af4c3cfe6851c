"""Leave, renewal and return: status, seat and the day expected; refused to the wrong persons; taken back exactly."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.urls import reverse

from tests.factories.organisations import ClassroomFactory
from tests.people.transferring import Scene, make_scene, noon, papers
from xianxue.kernel import indicators
from xianxue.kernel.access import Actor, in_reach, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.indicators import Period
from xianxue.kernel.procedures.models import Matter, Todo
from xianxue.kernel.procedures.reminding import remind_and_escalate
from xianxue.people import selectors
from xianxue.people.choices import ExitReason
from xianxue.people.models import ClassMembership, Enrolment, Suspension
from xianxue.people.procedures import Suspend
from xianxue.people.rules.standing import longest_from
from xianxue.people.services import episodes
from xianxue.people.services.transfers.moving import end

pytestmark = pytest.mark.django_db
MONDAY, BACK = date(2024, 10, 14), date(2025, 3, 3)


@pytest.fixture
def scene() -> Iterator[Scene]:
    with time_machine.travel(noon(2024, 10, 14), tick=False):
        yield make_scene()


def ask(scene: Scene, part: str = "registrar", **changes: Any) -> Suspension:
    given = {
        "enrolment": scene.old, "reason": "illness", "started_on": MONDAY, "expected_on": BACK,
        "papers": papers("application", "evidence"),
    } | changes  # fmt: skip
    made: Suspension = scene.act(part, Suspend.ask.run, **given)
    return made


def step(scene: Scene, part: str, code: str, suspension: Suspension, **given: Any) -> None:
    scene.act(part, Suspend.steps[code].run, suspension, **given)


def suspended(scene: Scene) -> Suspension:
    made = ask(scene)
    step(scene, "head", "agree", made)
    step(scene, "county_officer", "approve", made)
    return fresh(made)


def fresh(suspension: Suspension) -> Suspension:
    found: Suspension = Suspension.unguarded.select_related("matter").get(pk=suspension.pk)
    return found


def stands(scene: Scene) -> tuple[Any, ...]:
    with whole_county("test"):
        row = Enrolment.objects.get(pk=scene.old.pk)
        seats = ClassMembership.objects.filter(enrolment=row).order_by("pk")
        return row.status, row.cohort_year, list(seats.values_list("classroom_id", "started_on", "ended_on"))


def test_on_leave_the_pupil_is_on_roll_but_in_no_class_list_and_expected_on_a_day(scene: Scene) -> None:
    room = scene.cast.first_class
    made = suspended(scene)
    assert stands(scene) == ("suspended", 2024, [(room.pk, date(2024, 9, 1), MONDAY)])
    with whole_county("test"):
        assert scene.old in selectors.enrolled(MONDAY)
        assert not selectors.roster(on=MONDAY, classroom=room).filter(enrolment=scene.old).exists()
        assert selectors.roster(on=date(2024, 10, 13), classroom=room).filter(enrolment=scene.old).exists()
        todo = Todo.objects.get(matter=made.matter)
    assert (todo.place, todo.due_on) == ("school", BACK)
    event = events_of("people.person", scene.child.pk)[0]
    assert (event.action, event.changes) == ("people.suspension.approve", {"status": ["active", "suspended"]})


def test_nothing_changes_before_the_county_approves(scene: Scene) -> None:
    before = stands(scene)
    step(scene, "head", "agree", ask(scene))
    assert stands(scene) == before


def test_who_is_not_back_in_time_is_late_on_the_to_do_list(scene: Scene) -> None:
    made = suspended(scene)
    with time_machine.travel(noon(2025, 3, 5), tick=False):
        with whole_county("test"):
            remind_and_escalate()
        page = scene.cast.client("registrar").get(reverse("matter", args=(made.matter_id,))).content.decode()
    assert "逾期" in page


def test_back_into_the_own_grade_with_a_seat_from_that_day(scene: Scene) -> None:
    made, room = suspended(scene), scene.cast.first_class
    with time_machine.travel(noon(2025, 2, 20), tick=False):
        step(scene, "registrar", "ask_return", made, returned_on=date(2025, 2, 17), classroom=room)
        assert stands(scene)[0] == "suspended"
        with pytest.raises(Refused, match="没有这项权限"):
            step(scene, "county_officer", "confirm_return", made)
        step(scene, "head", "confirm_return", made)
    seats = [(room.pk, date(2024, 9, 1), MONDAY), (room.pk, date(2025, 2, 17), None)]
    assert stands(scene) == ("active", 2024, seats)
    assert (fresh(made).is_open, fresh(made).matter.state) == (False, "returned")


def counted(scene: Scene, day: date) -> dict[str, int]:
    """Whether each figure counts the child on a day."""
    period = Period("term", "2024-autumn", "", 2024, date(2024, 9, 1), date(2025, 1, 17), day, "autumn")
    found = {}
    with whole_county("test"):
        for code in ("pupils", "left_behind", "boarders", "pupils_per_teacher"):
            rows = indicators.get(f"people.{code}").build(period).queryset
            found[code] = rows.filter(pk=scene.old.pk).count()
    return found


def test_on_leave_a_pupil_counts_by_enrolment_and_not_where_those_at_school_are_counted(scene: Scene) -> None:
    with whole_county("test"):
        Enrolment.objects.filter(pk=scene.old.pk).update(boarding="boarder", is_left_behind=True)
    here = dict.fromkeys(("pupils", "left_behind", "boarders", "pupils_per_teacher"), 1)
    away = here | {"boarders": 0, "pupils_per_teacher": 0}
    made, room = suspended(scene), scene.cast.first_class
    assert counted(scene, date(2024, 10, 13)) == here, "the day before the leave"
    assert counted(scene, MONDAY) == away
    with time_machine.travel(noon(2024, 12, 20), tick=False):
        step(scene, "registrar", "ask_return", made, returned_on=date(2024, 12, 16), classroom=room)
        assert counted(scene, date(2024, 12, 20)) == away, "a return that is not confirmed"
        step(scene, "head", "confirm_return", made)
    assert counted(scene, date(2024, 12, 15)) == away, "the leave stays on record"
    assert counted(scene, date(2024, 12, 16)) == here


def test_a_leave_asked_for_or_taken_back_keeps_nobody_from_school(scene: Scene) -> None:
    made = ask(scene)
    with whole_county("test"):
        assert scene.old in selectors.attending(MONDAY)
    step(scene, "head", "agree", made)
    step(scene, "county_officer", "approve", made)
    with whole_county("test"):
        assert scene.old not in selectors.attending(MONDAY)
    step(scene, "county_officer", "revoke", made, note="办错了人")
    with whole_county("test"):
        assert scene.old in selectors.attending(MONDAY)


def test_every_figure_of_pupils_says_whether_it_counts_those_on_leave() -> None:
    codes = ("pupils", "pupils_per_teacher", "classes", "large_classes", "large_class_share", "boarders", "left_behind")
    assert [code for code in codes if "休学" not in str(indicators.get(f"people.{code}").definition)] == []


def test_back_one_grade_lower_with_a_reason_is_for_the_county(scene: Scene) -> None:
    made = suspended(scene)
    lower = ClassroomFactory(school=scene.cast.first_primary, cohort_year=2025, number=3)
    with time_machine.travel(noon(2025, 9, 3), tick=False):
        given = {"returned_on": date(2025, 9, 1), "classroom": lower}
        with pytest.raises(Refused, match="没有写明理由"):
            step(scene, "registrar", "ask_return_lower", made, **given)
        with pytest.raises(Refused, match="不是本校原年级的班"):
            step(scene, "registrar", "ask_return", made, **given)
        step(scene, "registrar", "ask_return_lower", made, **given, note="缺课一年")
        step(scene, "county_officer", "confirm_return_lower", made)
    assert stands(scene)[:2] == ("active", 2025)
    assert stands(scene)[2][-1] == (lower.pk, date(2025, 9, 1), None)


def test_a_return_sent_back_is_waited_for_again(scene: Scene) -> None:
    made = suspended(scene)
    with time_machine.travel(noon(2025, 2, 20), tick=False):
        step(scene, "registrar", "ask_return", made, returned_on=date(2025, 2, 17), classroom=scene.cast.first_class)
        step(scene, "head", "send_back_return", made, note="还没有到校")
        assert (fresh(made).matter.state, fresh(made).returned_on) == ("suspended", None)
        assert Todo.objects.get(matter=made.matter).due_on == BACK


def test_a_renewal_moves_the_day(scene: Scene) -> None:
    made = suspended(scene)
    later = date(2026, 2, 27)
    with pytest.raises(Refused, match="续休证明材料"):
        step(scene, "registrar", "ask_renewal", made, wanted_until=later)
    step(scene, "registrar", "ask_renewal", made, wanted_until=later, papers=papers("renewal"))
    step(scene, "county_officer", "approve_renewal", made)
    found = fresh(made)
    assert (found.expected_on, found.renewals, found.wanted_until) == (later, 1, None)
    assert Todo.objects.get(matter=made.matter).due_on == later
    step(scene, "registrar", "ask_renewal", made, wanted_until=date(2026, 6, 1))
    step(scene, "county_officer", "refuse_renewal", made, note="材料不足")
    assert Todo.objects.get(matter=made.matter).due_on == later


@pytest.mark.parametrize(("changes", "reason"), [
    ({"started_on": date(2024, 10, 15)}, "开始日期在今天之后"),
    ({"started_on": date(2024, 9, 1)}, "不晚于入学日期"),
    ({"expected_on": MONDAY}, "应复学日期不晚于开始日期"),
    ({"expected_on": date(2025, 10, 15)}, "一次最长 12 个月"),
])  # fmt: skip
def test_days_that_cannot_be_are_refused(scene: Scene, changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(Refused, match=reason):
        ask(scene, **changes)
    assert not Matter.unguarded.exists()


def test_the_last_day_of_the_limit_is_allowed(scene: Scene) -> None:
    assert longest_from(MONDAY) == date(2025, 10, 14)
    assert longest_from(date(2024, 2, 29)) == date(2025, 2, 28)
    assert ask(scene, expected_on=date(2025, 10, 14)).expected_on == date(2025, 10, 14)


@pytest.mark.parametrize(("part", "code"), [
    ("registrar", "agree"), ("other_head", "agree"), ("class_teacher", "agree"), ("head", "approve"),
    ("county_officer", "agree"), ("auditor", "decline"), ("other_registrar", "withdraw"),
])  # fmt: skip
def test_only_the_right_person_does_a_step(scene: Scene, part: str, code: str) -> None:
    made = ask(scene)
    given = {"note": "理由"} if Suspend.steps[code].needs_note else {}
    with pytest.raises(Refused, match=r"没有这项权限|不在可办这一步"):
        step(scene, part, code, made, **given)


def test_the_neighbour_school_cannot_ask_and_nobody_asks_twice(scene: Scene) -> None:
    with pytest.raises(Refused, match="没有这项权限"):
        ask(scene, "other_registrar")
    ask(scene)
    with pytest.raises(Refused, match="已有未结束的休学"):
        ask(scene)


def test_taken_back_the_enrolment_stands_exactly_as_before(scene: Scene) -> None:
    with whole_county("test"):
        before = episodes.kept([scene.old.pk])
    made = suspended(scene)
    step(scene, "county_officer", "revoke", made, note="办错了人")
    with whole_county("test"):
        assert episodes.kept([scene.old.pk]) == before
    assert ask(scene).pk != made.pk


def test_it_is_not_taken_back_over_a_later_change(scene: Scene) -> None:
    made = suspended(scene)
    with whole_county("test"):
        ClassMembership.objects.create(enrolment=scene.old, classroom=scene.cast.first_class, started_on=MONDAY)
    with pytest.raises(Refused, match="另有变动"):
        step(scene, "county_officer", "revoke", made, note="办错了人")
    with time_machine.travel(noon(2024, 10, 16), tick=False):
        given = {"returned_on": date(2024, 10, 16), "classroom": scene.cast.first_class}
        step(scene, "registrar", "ask_return", made, **given)
        with pytest.raises(Refused, match="又被编入班级"):
            step(scene, "head", "confirm_return", made)


def test_who_leaves_while_on_leave_is_no_longer_waited_for(scene: Scene) -> None:
    made = suspended(scene)
    with pytest.raises(Refused, match="学籍仍在本校"):
        step(scene, "registrar", "close_left", made)
    with whole_county("test"):
        end(Enrolment.objects.get(pk=scene.old.pk), on=date(2024, 10, 15), keeper_id=scene.cast.county.pk,
            reason=ExitReason.TRANSFERRED)  # fmt: skip
    with pytest.raises(Refused, match="学籍已经结束"):
        step(scene, "registrar", "ask_return", made, returned_on=MONDAY, classroom=scene.cast.first_class)
    step(scene, "registrar", "close_left", made)
    assert fresh(made).matter.state == "ended"


def test_the_page_of_the_pupil_leads_to_the_form(scene: Scene) -> None:
    client = scene.cast.client("registrar")
    page = client.get(reverse("pupils-detail", args=(scene.old.pk,)))
    start = next(action.href for action in page.context["page"].actions if action.label == "休学与复学")
    assert "最长 12 个月" in client.get(start).content.decode()
    made = suspended(scene)
    for code in ("ask_return", "ask_return_lower", "ask_renewal"):
        assert client.get(reverse("matter-step", args=(made.matter_id, code))).status_code == 200
    user = scene.cast.users["stranger"]
    with in_reach(scene.cast.reach("stranger")), pytest.raises(Refused):
        Suspend.withdraw.run(made, by=Actor(user.pk, user.name), note="理由")
