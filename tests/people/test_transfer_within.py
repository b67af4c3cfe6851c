"""Transfer within the county: every step by the right person, every refusal, and what the old school sees afterwards."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from tests.factories.organisations import ClassroomFactory
from tests.factories.people import MembershipFactory, PersonFactory
from tests.people.transferring import NAME, NUMBER, Scene, make_scene, noon, papers
from xianxue.kernel.access import in_reach, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.procedures.models import Matter, StepRecord, Todo
from xianxue.people.models import ClassMembership, Enrolment, GuardianLink, Identifier, LookupFailure, Person, Transfer
from xianxue.people.procedures import TransferWithin

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(noon(2024, 10, 14), tick=False) as traveller:
        yield traveller


@pytest.fixture
def scene(clock: time_machine.Traveller) -> Scene:
    return make_scene()


def state(scene: Scene, transfer: Any) -> str:
    return str(scene.fresh(transfer).matter.state)


def test_the_straight_way_moves_child_class_and_dates(scene: Scene) -> None:
    transfer = scene.walk(scene.open())
    today = timezone.localdate()
    old, new = transfer.enrolment, transfer.new_enrolment
    assert transfer.matter.state == "done"
    assert (old.status, old.ended_on, old.exit_reason) == ("left", today, "transferred")
    assert (old.released_on, old.keeper_id) == (today, scene.cast.county.pk)
    assert (new.school_id, new.classroom_id, new.entered_on) == (
        scene.cast.second_primary.pk,
        scene.new_class.pk,
        today,
    )
    assert (new.stage, new.cohort_year, new.status, new.ended_on) == (old.stage, old.cohort_year, "active", None)
    assert (new.is_left_behind, new.province_no, new.class_no) == (True, "3609-7", "")
    assert (new.entry_mode, new.source) == ("08", "3")
    with whole_county("test"):
        seats = list(ClassMembership.objects.order_by("pk").values_list("enrolment_id", "started_on", "ended_on"))
    assert seats == [(old.pk, old.entered_on, today), (new.pk, today, None)]
    assert (transfer.moved_on, transfer.national_no, transfer.is_open) == (today, "ZX2026-001", False)


def test_every_step_is_recorded_with_who_did_it(scene: Scene) -> None:
    transfer = scene.walk(scene.open())
    done = StepRecord.objects.filter(matter=transfer.matter).order_by("number").values_list("step", "place", "user_id")
    users = scene.cast.users
    assert list(done) == [
        ("open_transfer", "receiving", users["other_registrar"].pk),
        ("agree", "receiving", users["other_head"].pk),
        ("confirm", "sending", users["registrar"].pk),
        ("approve", "county", users["county_officer"].pk),
        ("place", "receiving", users["other_registrar"].pk),
    ]
    (move, *_rest) = events_of("people.person", scene.child.pk)
    assert move.action == "people.transfer.place"
    assert move.unit_id == scene.cast.second_primary.pk
    assert move.changes["school"] == [str(scene.cast.first_primary.pk), str(scene.cast.second_primary.pk)]


def test_the_old_school_sees_nothing_of_the_child_after_the_move(scene: Scene) -> None:
    transfer = scene.walk(scene.open())
    for part in ("registrar", "head", "class_teacher"):
        with in_reach(scene.cast.reach(part)):
            assert not Person.objects.filter(name=NAME).exists(), part
            for model in (Enrolment, ClassMembership, GuardianLink, Identifier, Transfer):
                assert not model.objects.exists(), (part, model)
            assert not Matter.objects.filter(pk=transfer.matter_id).exists(), part


def test_the_new_school_sees_child_numbers_guardians_and_the_matter(scene: Scene) -> None:
    transfer = scene.walk(scene.open())
    with in_reach(scene.cast.reach("other_registrar")):
        assert [item.person_id for item in Enrolment.objects.all()] == [scene.child.pk]
        assert Identifier.objects.filter(person=scene.child).count() == 2
        assert GuardianLink.objects.filter(pupil=scene.child).exists()
        assert Matter.objects.filter(pk=transfer.matter_id).exists()


def test_the_county_still_counts_the_child_at_the_old_school_before_the_day(scene: Scene) -> None:
    scene.walk(scene.open())
    with in_reach(scene.cast.reach("county_officer")):
        assert Enrolment.objects.filter(school=scene.cast.first_primary).count() == 1
        assert Enrolment.objects.count() == 2


def test_a_child_who_comes_back_brings_the_file_back(scene: Scene, clock: time_machine.Traveller) -> None:
    scene.walk(scene.open())
    clock.move_to(noon(2024, 12, 2))
    back = scene.open("registrar", school=scene.cast.first_primary)
    scene.step("head", "agree", back)
    scene.step("other_head", "confirm", back)
    scene.step("county_officer", "approve", back)
    scene.step("registrar", "place", back, moved_on=timezone.localdate(), classroom=scene.cast.first_class)
    with in_reach(scene.cast.reach("registrar")):
        assert Enrolment.objects.filter(person=scene.child).count() == 2
    with in_reach(scene.cast.reach("other_registrar")):
        assert not Enrolment.objects.exists()


# Who may not.


@pytest.mark.parametrize(
    ("part", "code"),
    [
        ("other_registrar", "agree"), ("registrar", "agree"), ("head", "agree"), ("county_officer", "agree"),
        ("other_registrar", "decline"), ("class_teacher", "agree"), ("auditor", "agree"),
    ],
)  # fmt: skip
def test_only_the_head_of_the_receiving_school_agrees(scene: Scene, part: str, code: str) -> None:
    transfer = scene.open()
    with pytest.raises(Refused):
        scene.step(part, code, transfer, note="理由")
    assert state(scene, transfer) == "opened"


@pytest.mark.parametrize("part", ["other_registrar", "other_head", "county_officer", "class_teacher", "director"])
def test_only_the_sending_school_confirms(scene: Scene, part: str) -> None:
    transfer = scene.walk(scene.open(), until="agree")
    with pytest.raises(Refused, match="由转出学校办理"):
        scene.step(part, "confirm", transfer)
    assert state(scene, transfer) == "agreed"


@pytest.mark.parametrize("part", ["registrar", "head", "other_registrar", "other_head", "director", "auditor"])
def test_only_the_officer_of_records_approves(scene: Scene, part: str) -> None:
    transfer = scene.walk(scene.open(), until="confirm")
    with pytest.raises(Refused):
        scene.step(part, "approve", transfer)
    assert state(scene, transfer) == "checked"


@pytest.mark.parametrize("part", ["class_teacher", "head", "county_officer", "stranger", "auditor"])
def test_who_may_not_open_is_told_so_whether_the_child_exists_or_not(scene: Scene, part: str) -> None:
    said = set()
    for number, name in ((NUMBER, NAME), (NUMBER, "不相干"), ("G99999920150901999X", NAME)):
        with pytest.raises(Refused) as refused:
            scene.open(part, number=number, name=name)
        said.add(refused.value.message)
    assert said == {"“登记转学”没有办成：这一步由转入学校办理，您没有这项权限。"}
    assert not LookupFailure.objects.exists()


def test_one_person_in_two_roles_does_not_do_two_duties(scene: Scene) -> None:
    from tests.factories.accounts import PostingFactory  # noqa: PLC0415 - app ready

    user = scene.cast.users["other_registrar"]
    PostingFactory(user=user, role="head", unit=scene.cast.second_primary.unit)
    PostingFactory(user=user, role="county_officer", unit=scene.cast.county)
    transfer = scene.open()
    with pytest.raises(Refused, match="“登记转学”是您办理的，这一步须由另一人办理"):
        scene.step("other_registrar", "agree", transfer)
    scene.walk(transfer, until="confirm")
    with pytest.raises(Refused, match="须由另一人办理"):
        scene.step("other_registrar", "approve", transfer)


# Other ways.


def test_missing_papers_refuse_the_opening_and_the_agreement(scene: Scene) -> None:
    with pytest.raises(Refused, match="缺少材料“监护人转学申请”"):
        scene.open(papers=[])
    transfer = scene.open(papers=papers("application"))
    with pytest.raises(Refused, match="缺少材料“户口簿或居住证明”"):
        scene.step("other_head", "agree", transfer)
    scene.step("other_head", "ask_papers", transfer, note="缺居住证明，请三日内补交")
    assert scene.fresh(transfer).matter.paused_on == timezone.localdate()
    scene.step("other_registrar", "supply", transfer, papers=papers("residence"))
    scene.step("other_head", "agree", transfer)
    assert (state(scene, transfer), scene.fresh(transfer).matter.paused_on) == ("agreed", None)


def test_a_refusal_needs_a_reason_and_frees_the_child(scene: Scene) -> None:
    transfer = scene.open()
    with pytest.raises(Refused, match="没有写明理由"):
        scene.step("other_head", "decline", transfer)
    scene.step("other_head", "decline", transfer, note="不在服务范围，已告知可向县局申请核查")
    assert (state(scene, transfer), scene.fresh(transfer).is_open) == ("refused", False)
    assert state(scene, scene.open()) == "opened"


def test_the_sending_school_objects_on_listed_grounds_only_and_the_county_decides(scene: Scene) -> None:
    transfer = scene.walk(scene.open(), until="agree")
    for ground in ("fees", "marks", ""):
        with pytest.raises(Refused, match="理由不在所列范围之内"):
            scene.step("head", "object_to", transfer, ground=ground, note="未结清费用")
    scene.step("head", "object_to", transfer, ground="guardian", note="母亲来电不转")
    assert state(scene, transfer) == "objected"
    with pytest.raises(Refused):
        scene.step("head", "overrule", transfer, note="x")
    scene.step("county_officer", "overrule", transfer, note="已与双方监护人核实")
    assert state(scene, transfer) == "approved"


def test_an_objection_upheld_ends_the_matter_with_the_reason(scene: Scene) -> None:
    transfer = scene.walk(scene.open(), until="agree")
    scene.step("registrar", "object_to", transfer, ground="disputed", note="监护权在诉讼中")
    scene.step("county_officer", "uphold", transfer, note="待法院判决后重新申请")
    assert (state(scene, transfer), scene.fresh(transfer).is_open) == ("refused", False)
    with in_reach(scene.cast.reach("registrar")):
        assert Enrolment.objects.filter(person=scene.child, ended_on=None).exists()


def test_silence_counts_only_once_the_limit_has_passed(scene: Scene, clock: time_machine.Traveller) -> None:
    transfer = scene.walk(scene.open(), until="agree")
    with pytest.raises(Refused, match="转出学校的办理期限还没有过"):
        scene.step("county_officer", "decide_in_silence", transfer, note="逾期")
    clock.move_to(noon(2024, 10, 28))
    with pytest.raises(Refused, match="转出学校的办理期限还没有过"):
        scene.step("county_officer", "decide_in_silence", transfer, note="逾期")
    clock.move_to(noon(2024, 10, 29))
    scene.step("county_officer", "decide_in_silence", transfer, note="逾期未办，直接核办")
    assert state(scene, transfer) == "approved"


def test_each_school_has_ten_working_days_and_the_source_says_it_is_unchecked(scene: Scene) -> None:
    transfer = scene.walk(scene.open(), until="agree")
    (todo,) = Todo.objects.filter(matter=transfer.matter)
    assert (todo.place, todo.due_on) == ("sending", date(2024, 10, 28))
    assert TransferWithin.confirm.within
    assert TransferWithin.confirm.within.count == 10
    assert not TransferWithin.basis[0].is_checked
    assert "教基〔2025〕1号" in str(TransferWithin.basis[0])


def test_the_county_asks_for_papers_and_rejects_with_a_reason(scene: Scene) -> None:
    transfer = scene.walk(scene.open(), until="confirm")
    scene.step("county_officer", "county_asks", transfer, note="居住证明已过期")
    assert scene.fresh(transfer).matter.paused_on
    scene.step("other_registrar", "county_supply", transfer, papers=papers("residence"))
    scene.step("county_officer", "reject", transfer, note="材料不实，可补齐后重新申请")
    assert (state(scene, transfer), scene.fresh(transfer).is_open) == ("refused", False)


@pytest.mark.parametrize("until", ["agree", "confirm", "approve"])
def test_the_receiving_school_withdraws_at_any_time_before_the_move(scene: Scene, until: str) -> None:
    transfer = scene.walk(scene.open(), until=until)
    scene.step("other_registrar", "withdraw", transfer, note="家长改变主意")
    assert (state(scene, transfer), scene.fresh(transfer).is_open) == ("withdrawn", False)
    with in_reach(scene.cast.reach("registrar")):
        assert Enrolment.objects.filter(person=scene.child, ended_on=None).exists()


def test_a_finished_matter_moves_no_more_and_the_move_is_not_done_twice(scene: Scene) -> None:
    transfer = scene.walk(scene.open())
    with pytest.raises(Refused, match="没有重复办理"):
        scene.step("other_registrar", "place", transfer, moved_on=timezone.localdate())
    with pytest.raises(Refused):
        scene.step("other_registrar", "withdraw", transfer, note="x")
    with whole_county("test"):
        assert Enrolment.objects.count() == 2


# The move's own refusals.


@pytest.mark.parametrize(
    ("days", "said"), [(1, "转学日期在今天之后"), (-1, "早于转学申请的日期"), (-4000, "早于转学申请的日期")]
)
def test_the_day_of_the_move_is_neither_to_come_nor_before_the_application(scene: Scene, days: int, said: str) -> None:
    transfer = scene.walk(scene.open(), until="approve")
    day = timezone.localdate() + timedelta(days=days)
    with pytest.raises(Refused, match=said):
        scene.step("other_registrar", "place", transfer, moved_on=day, classroom=scene.new_class)
    assert state(scene, transfer) == "approved"


def test_a_class_of_another_grade_or_school_is_refused(scene: Scene) -> None:
    transfer = scene.walk(scene.open(), until="approve")
    other = ClassroomFactory(school=scene.cast.second_primary, cohort_year=scene.new_class.cohort_year - 1, number=3)
    for room in (other, scene.cast.first_class):
        with pytest.raises(Refused, match="不是本校与该生同年级的班"):
            scene.step("other_registrar", "place", transfer, moved_on=timezone.localdate(), classroom=room)


def test_a_full_class_warns_once_and_takes_the_child(scene: Scene) -> None:
    transfer = scene.walk(scene.open(), until="approve")
    for _number in range(55):
        MembershipFactory(classroom=scene.new_class, enrolment__person=PersonFactory())
    given = {"moved_on": timezone.localdate(), "classroom": scene.new_class}
    with pytest.raises(Refused, match="编入后该班有 56 人，成为大班额") as refused:
        scene.step("other_registrar", "place", transfer, **given)
    assert refused.value.field == "knows_full"
    scene.step("other_registrar", "place", transfer, **given, knows_full=True)
    assert state(scene, transfer) == "done"


def test_a_child_can_be_received_without_a_class_yet(scene: Scene) -> None:
    transfer = scene.walk(scene.open(), until="approve")
    scene.step("other_registrar", "place", transfer, moved_on=timezone.localdate())
    new = scene.fresh(transfer).new_enrolment
    assert (new.classroom_id, ClassMembership.unguarded.filter(enrolment=new).count()) == (None, 0)


def test_a_child_whose_episode_ended_otherwise_is_not_moved(scene: Scene) -> None:
    transfer = scene.walk(scene.open(), until="confirm")
    Enrolment.unguarded.filter(pk=scene.old.pk).update(
        ended_on=timezone.localdate(), exit_reason="graduated", status="left"
    )
    with pytest.raises(Refused, match="在原学校的学籍已经结束"):
        scene.step("county_officer", "approve", transfer)


def test_facts_corrected_while_the_transfer_runs_go_with_the_child(scene: Scene) -> None:
    transfer = scene.walk(scene.open(), until="confirm")
    Person.unguarded.filter(pk=scene.child.pk).update(name="周小改", sex="2")
    Enrolment.unguarded.filter(pk=scene.old.pk).update(disability="2")
    scene.step("county_officer", "approve", transfer)
    scene.step("other_registrar", "place", transfer, moved_on=timezone.localdate(), classroom=scene.new_class)
    with in_reach(scene.cast.reach("other_registrar")):
        new = Enrolment.objects.select_related("person").get()
    assert (new.person.name, new.person.sex, new.disability) == ("周小改", "2", "2")


def test_at_the_end_of_the_school_year_the_cohort_stays_and_the_grade_follows(
    scene: Scene, clock: time_machine.Traveller
) -> None:
    clock.move_to(noon(2025, 6, 20))
    transfer = scene.walk(scene.open(), until="approve")
    clock.move_to(noon(2025, 9, 2))
    scene.step("other_registrar", "place", transfer, moved_on=date(2025, 8, 31), classroom=scene.new_class)
    new = scene.fresh(transfer).new_enrolment
    assert (new.entered_on, new.cohort_year) == (date(2025, 8, 31), scene.old.cohort_year)
