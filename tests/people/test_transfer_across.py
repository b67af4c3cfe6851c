"""Transfer out of the county and into it, and the correction of a mistaken transfer."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
import time_machine
from django.utils import timezone

from tests.factories.people import id_number
from tests.people.transferring import NAME, NUMBER, Scene, make_scene, noon, papers
from xianxue.kernel.access import in_reach, whole_county
from xianxue.kernel.commands import Refused
from xianxue.people.choices import IdentifierKind
from xianxue.people.models import ClassMembership, Enrolment, Identifier, Person, Transfer
from xianxue.people.procedures import Suspend, TransferCorrection, TransferIn, TransferOut
from xianxue.people.selectors import enrolled

pytestmark = pytest.mark.django_db


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(noon(2024, 10, 14), tick=False) as traveller:
        yield traveller


@pytest.fixture
def scene(clock: time_machine.Traveller) -> Scene:
    return make_scene()


def state(scene: Scene, transfer: Transfer) -> str:
    return str(scene.fresh(transfer).matter.state)


# Out.


def open_out(scene: Scene, part: str = "registrar", **changes: Any) -> Transfer:
    with in_reach(scene.cast.reach(part)):
        pupil = Enrolment.objects.filter(pk=scene.old.pk).first() or scene.old
    given = {
        "pupil": pupil, "place_name": "浙江省杭州市", "place_code": "330100", "other_school": "甲地小学",
        "reason": "migration", "papers": papers("application"),
    } | changes  # fmt: skip
    transfer: Transfer = scene.act(part, TransferOut.open_out.run, **given)
    return transfer


def test_the_child_is_counted_here_until_the_other_side_has_accepted(scene: Scene) -> None:
    transfer = open_out(scene)
    scene.act("head", TransferOut.agree_out.run, transfer)
    scene.act("county_officer", TransferOut.issue.run, transfer, letter_no="转函〔2024〕7号", national_no="KS-1")
    with in_reach(scene.cast.reach("registrar")):
        assert enrolled(timezone.localdate()).count() == 1
    scene.act("county_officer", TransferOut.accepted.run, transfer, accepted_on=date(2024, 10, 12), acceptance_no="接7")
    done = scene.fresh(transfer)
    assert (done.matter.state, done.is_open, done.acceptance_no, done.letter_no) == (
        "done",
        False,
        "接7",
        "转函〔2024〕7号",
    )
    assert (done.enrolment.ended_on, done.enrolment.exit_reason) == (date(2024, 10, 12), "transferred")
    assert done.enrolment.keeper_id == scene.cast.county.pk
    with in_reach(scene.cast.reach("registrar")):
        assert not Person.objects.filter(name=NAME).exists()
    with in_reach(scene.cast.reach("county_officer")):
        assert enrolled(date(2024, 10, 11)).count() == 1
        assert enrolled(date(2024, 10, 12)).count() == 0


@pytest.mark.parametrize("day", [date(2024, 10, 15), date(2024, 9, 1), date(2020, 1, 1)])
def test_an_acceptance_of_an_impossible_day_is_refused(scene: Scene, day: date) -> None:
    transfer = open_out(scene)
    scene.act("head", TransferOut.agree_out.run, transfer)
    scene.act("county_officer", TransferOut.issue.run, transfer, letter_no="7")
    with pytest.raises(Refused, match="未能录入对方接收"):
        scene.act("county_officer", TransferOut.accepted.run, transfer, accepted_on=day, acceptance_no="7")


@pytest.mark.parametrize(
    ("steps", "last", "note"),
    [
        (("agree_out",), ("county_officer", "reject_out"), "材料不全"),
        (("agree_out", "issue"), ("county_officer", "not_accepted"), "对方学位已满"),
        ((), ("registrar", "withdraw_out"), "家长不转了"),
        (("agree_out", "issue"), ("registrar", "withdraw_out"), "家长不转了"),
    ],
)
def test_a_child_who_does_not_leave_stays_enrolled(scene: Scene, steps: Any, last: Any, note: str) -> None:
    transfer = open_out(scene)
    people = {"agree_out": ("head", {}), "issue": ("county_officer", {"letter_no": "7"})}
    for code in steps:
        part, given = people[code]
        scene.act(part, TransferOut.steps[code].run, transfer, **given)
    scene.act(last[0], TransferOut.steps[last[1]].run, transfer, note=note)
    assert scene.fresh(transfer).is_open is False
    with in_reach(scene.cast.reach("registrar")):
        assert enrolled(timezone.localdate()).count() == 1
    assert open_out(scene).pk


@pytest.mark.parametrize("part", ["head", "class_teacher", "other_registrar", "county_officer"])
def test_only_the_registrar_of_the_school_opens_a_transfer_out(scene: Scene, part: str) -> None:
    with pytest.raises(Refused, match="您没有这项权限"):
        open_out(scene, part)


def test_one_child_has_one_open_transfer_whatever_its_kind(scene: Scene) -> None:
    scene.open()
    with pytest.raises(Refused, match="已有在办的转学"):
        open_out(scene)
    Transfer.unguarded.update(is_open=False)
    open_out(scene)
    with pytest.raises(Refused, match="没有查到可以转入本校的学生"):
        scene.open()


# In.

FACTS = {
    "student_no": "G999999201509010631", "name": "方外来", "sex": "男", "born_on": "2015-09-01",
    "id_number": "999999201509010631", "grade": "一年级", "class_number": "9", "entered_on": "2024-10",
    "guardian1_name": "方大来", "guardian1_relation": "父亲", "guardian1_phone": "13900000009",
}  # fmt: skip


def facts(**changes: str) -> dict[str, str]:
    number = id_number(date(2015, 9, 1), sequence=63)
    return FACTS | {"student_no": f"G{number}", "id_number": number} | changes


def open_in(scene: Scene, part: str = "other_registrar", **changes: Any) -> Transfer:
    given = {
        "to_school": scene.cast.second_primary, "place_name": "福建省厦门市", "place_code": "350200",
        "reason": "work", "national_no": "KR-9", "papers": papers("application", "residence"), **facts(),
    } | changes  # fmt: skip
    transfer: Transfer = scene.act(part, TransferIn.open_in.run, **given)
    return transfer


def test_a_child_from_outside_is_entered_when_the_county_approves_with_the_old_number(scene: Scene) -> None:
    transfer = open_in(scene)
    assert not Person.unguarded.filter(name="方外来").exists()
    assert "方外来" not in str(Transfer.unguarded.filter(pk=transfer.pk).extra(select={"raw": "cells"}).values("raw"))
    scene.act("other_head", TransferIn.agree_in.run, transfer)
    scene.act("county_officer", TransferIn.approve_in.run, transfer)
    done = scene.fresh(transfer)
    new = done.new_enrolment
    assert (done.matter.state, done.is_open, done.cells, done.national_no) == ("done", False, "", "KR-9")
    assert (new.school_id, new.classroom_id, new.entry_mode, new.source) == (
        scene.cast.second_primary.pk, scene.new_class.pk, "08", "3",
    )  # fmt: skip
    with whole_county("test"):
        number = Identifier.objects.get(person=done.pupil, kind=IdentifierKind.STUDENT_NO)
    assert number.value == facts()["student_no"]


def test_the_row_of_a_child_from_outside_is_checked_when_it_is_opened(scene: Scene) -> None:
    for changes, said in (
        ({"sex": "女"}, "身份证号里是"), ({"class_number": "4"}, "没有 4 班"), ({"born_on": "昨天"}, "出生日期"),
    ):  # fmt: skip
        with pytest.raises(Refused, match=said):
            open_in(scene, **changes)
    assert not Transfer.unguarded.exists()


def test_a_child_enrolled_in_the_county_does_not_come_from_outside(scene: Scene) -> None:
    with pytest.raises(Refused, match="该生已在另一所学校就读"):
        open_in(scene, student_no=NUMBER, id_number=NUMBER[1:], name=NAME)


def test_a_child_who_was_here_before_goes_on_with_the_old_file(scene: Scene, clock: time_machine.Traveller) -> None:
    out = open_out(scene)
    scene.act("head", TransferOut.agree_out.run, out)
    scene.act("county_officer", TransferOut.issue.run, out, letter_no="7")
    scene.act("county_officer", TransferOut.accepted.run, out, accepted_on=date(2024, 10, 10), acceptance_no="7")
    clock.move_to(noon(2024, 12, 2))
    given = {"student_no": NUMBER, "id_number": NUMBER[1:], "name": NAME, "entered_on": "2024-11"}
    with pytest.raises(Refused, match="县内已有该生的档案") as refused:
        open_in(scene, **given)
    assert refused.value.field == "confirmed"
    transfer = open_in(scene, **given, confirmed=True)
    scene.act("other_head", TransferIn.agree_in.run, transfer)
    scene.act("county_officer", TransferIn.approve_in.run, transfer)
    assert scene.fresh(transfer).pupil_id == scene.child.pk
    with in_reach(scene.cast.reach("registrar")):
        assert not Person.objects.filter(pk=scene.child.pk).exists()


def test_papers_are_asked_for_and_a_refusal_leaves_no_record_of_the_child(scene: Scene) -> None:
    transfer = open_in(scene)
    scene.act("other_head", TransferIn.agree_in.run, transfer)
    scene.act("county_officer", TransferIn.ask_in.run, transfer, note="缺接收函")
    assert scene.fresh(transfer).matter.paused_on
    scene.act("other_registrar", TransferIn.supply_in.run, transfer, papers=papers("letter"))
    scene.act("county_officer", TransferIn.reject_in.run, transfer, note="学籍信息与来源地不符，核实后可再申请")
    assert state(scene, transfer) == "refused"
    assert not Person.unguarded.filter(name="方外来").exists()


# Correction.


def corrected(scene: Scene) -> tuple[Transfer, Transfer]:
    moved = scene.walk(scene.open())
    with in_reach(scene.cast.reach("county_officer")):
        given = Transfer.objects.get(pk=moved.pk)
    correction = scene.act("county_officer", TransferCorrection.open_correction.run, corrects=given, note="同名办错")
    return moved, correction


def test_a_mistaken_transfer_is_taken_back_as_if_it_had_never_been(scene: Scene) -> None:
    moved, correction = corrected(scene)
    scene.act("other_head", TransferCorrection.undo.run, correction)
    with whole_county("test"):
        old = Enrolment.objects.get(pk=scene.old.pk)
        new = Enrolment.objects.get(pk=moved.new_enrolment_id)
        seats = list(ClassMembership.objects.filter(enrolment=old).values_list("started_on", "ended_on"))
    assert (old.status, old.ended_on, old.exit_reason, old.keeper_id) == ("active", None, "", None)
    assert (new.status, new.exit_reason, new.ended_on) == ("left", "invalid", new.entered_on)
    assert seats == [(date(2024, 9, 1), None)]
    with in_reach(scene.cast.reach("registrar")):
        assert Person.objects.filter(pk=scene.child.pk).exists()
    for part in ("other_registrar", "other_head"):
        with in_reach(scene.cast.reach(part)):
            assert not Person.objects.filter(pk=scene.child.pk).exists()
            assert not Transfer.objects.filter(pk=correction.pk).exists()


@pytest.mark.parametrize(("started_on", "seat_until"), [(2, date(2024, 10, 2)), (14, date(2024, 10, 14))])
def test_a_pupil_who_was_on_leave_is_on_leave_again(scene: Scene, started_on: int, seat_until: date) -> None:
    leave = scene.act(
        "registrar", Suspend.ask.run, enrolment=scene.old, reason="illness", started_on=date(2024, 10, started_on),
        expected_on=date(2025, 3, 3), papers=papers("application", "evidence"),
    )  # fmt: skip
    scene.act("head", Suspend.agree.run, leave)
    scene.act("county_officer", Suspend.approve.run, leave)
    _moved, correction = corrected(scene)
    scene.act("other_head", TransferCorrection.undo.run, correction)
    with whole_county("test"):
        old = Enrolment.objects.get(pk=scene.old.pk)
        seats = list(ClassMembership.objects.filter(enrolment=old).values_list("started_on", "ended_on"))
    assert (old.status, old.ended_on) == ("suspended", None)
    assert seats == [(date(2024, 9, 1), seat_until)]


def test_the_present_school_may_say_no_and_the_county_may_withdraw(scene: Scene) -> None:
    _moved, correction = corrected(scene)
    scene.act("other_head", TransferCorrection.keep.run, correction, note="学生确在我校")
    assert (state(scene, correction), scene.fresh(correction).is_open) == ("refused", False)


@pytest.mark.parametrize("part", ["head", "registrar", "other_registrar", "county_officer"])
def test_only_the_head_of_the_present_school_agrees_to_a_correction(scene: Scene, part: str) -> None:
    _moved, correction = corrected(scene)
    with pytest.raises(Refused):
        scene.act(part, TransferCorrection.undo.run, correction)


@pytest.mark.parametrize("part", ["head", "other_head", "registrar", "director"])
def test_only_the_county_opens_a_correction(scene: Scene, part: str) -> None:
    moved = scene.walk(scene.open())
    with pytest.raises(Refused):
        scene.act(part, TransferCorrection.open_correction.run, corrects=moved, note="x")


def test_an_unfinished_transfer_and_one_corrected_before_are_not_corrected(scene: Scene) -> None:
    unfinished = scene.open()
    with pytest.raises(Refused, match="还没有办结"):
        scene.act("county_officer", TransferCorrection.open_correction.run, corrects=unfinished, note="x")
    scene.walk(unfinished)
    moved = scene.fresh(unfinished)
    correction = scene.act("county_officer", TransferCorrection.open_correction.run, corrects=moved, note="x")
    scene.act("other_head", TransferCorrection.undo.run, correction)
    with pytest.raises(Refused, match="已经更正过了"):
        scene.act("county_officer", TransferCorrection.open_correction.run, corrects=moved, note="x")
