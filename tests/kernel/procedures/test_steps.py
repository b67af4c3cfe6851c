"""A step is done by whom, when and as often as declared; everything else is refused, with the reason."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.kernel.procedures import parcels
from tests.kernel.procedures.conftest import paper
from tests.kernel.procedures.parcels import PEOPLE, do, stand
from xianxue.kernel.access import Actor, Delegated, Reach, UnitScope, in_reach, system_actor, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.files.models import Attachment
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.selectors import entries
from xianxue.kernel.procedures.models import Matter, Party, StepRecord, Todo
from xianxue.kernel.procedures.selectors import visible_matter

Send = Callable[..., Any]
STATES = {
    "sent": (),
    "returned": (("county_officer", "ask", {"note": "缺照片"}),),
    "approved": (("county_officer", "approve", {}),),
    "received": (("county_officer", "approve", {}), ("other_registrar", "receive", {})),
    "refused": (("county_officer", "refuse", {"note": "不合规定"}),),
    "withdrawn": (("registrar", "withdraw", {}),),
}
MAY = {
    "approve": {"county_officer", "second_officer"},
    "check": {"county_officer", "second_officer"},
    "ask": {"county_officer", "second_officer"},
    "refuse": {"county_officer", "second_officer"},
    "mend": {"registrar"},
    "withdraw": {"registrar"},
    "remark": {"registrar"},
    "receive": {"other_registrar"},
}
GIVEN: dict[str, dict[str, Any]] = {"ask": {"note": "补"}, "refuse": {"note": "否"}}


def brought(send: Send, state: str) -> Any:
    parcel = send()
    for part, step, given in STATES[state]:
        do(part, step, parcel, **given)
    assert stand(parcel).state == state
    return parcel


def given_for(step: str) -> dict[str, Any]:
    return {"papers": [paper("photo", "照片.pdf")]} if step == "mend" else GIVEN.get(step, {})


@pytest.mark.parametrize("state", STATES)
@pytest.mark.parametrize("step", MAY)
def test_a_step_is_done_only_by_its_actors_and_only_from_its_states(send: Send, state: str, step: str) -> None:
    parcel = brought(send, state)
    before = Event.objects.count()
    for part in PEOPLE:
        if part in MAY[step] and state in parcels.ParcelSending.steps[step].states:
            continue
        with pytest.raises(Refused) as refused:
            do(part, step, parcel, **given_for(step))
        assert refused.value.message.endswith("。")
        assert (stand(parcel).state, Event.objects.count()) == (state, before), part


@pytest.mark.parametrize("step", MAY)
def test_each_actor_can_do_the_step_from_each_of_its_states(send: Send, step: str) -> None:
    declared = parcels.ParcelSending.steps[step]
    for state in declared.states:
        for part in MAY[step]:
            parcel = brought(send, state)
            do(part, step, parcel, **given_for(step))
            assert stand(parcel).state == declared.to


def test_opening_makes_matter_parties_record_and_todo_at_once(send: Send) -> None:
    parcel = send(note="两张")
    matter = stand(parcel)
    assert (matter.title, matter.state, matter.steps_done, matter.unit_id) == ("寄送课桌", "sent", 1, parcels.FIRST)
    assert (matter.opened_on, matter.accept_due_on, matter.finish_due_on) == (
        date(2024, 10, 14), date(2024, 10, 16), date(2024, 10, 28),
    )  # fmt: skip
    assert dict(matter.parties.values_list("place", "unit_id")) == {
        "sender": parcels.FIRST, "receiver": parcels.SECOND, "county": parcels.COUNTY,
    }  # fmt: skip
    (todo,) = Todo.objects.filter(matter=matter)
    assert (todo.place, todo.unit_id, todo.due_on) == ("county", parcels.COUNTY, date(2024, 10, 17))
    (row,) = StepRecord.objects.filter(matter=matter)
    assert (row.number, row.step, row.to_state, row.actor, row.note) == (1, "send", "sent", "registrar 某", "两张")
    (attached,) = Attachment.objects.filter(subject_type="procedures.matter", subject_id=matter.pk)
    assert row.first_seq <= attached.event_seq < row.event_seq
    numbers = range(row.first_seq, row.event_seq + 1)
    assert {entry.subject_id for entry in entries(list(numbers))} == {matter.pk}


def test_an_opening_by_somebody_else_leaves_nothing(sending: Any) -> None:
    with pytest.raises(ValueError, match="not enough values"):
        do("county_officer", "send", receiver=parcels.SECOND, content="桌", papers=[paper()])
    assert not Matter.unguarded.exists()
    assert not Party.objects.exists()


def test_without_its_papers_a_step_is_not_done_and_says_which_are_missing(send: Send) -> None:
    with pytest.raises(Refused, match="缺少材料“物品清单”") as refused:
        send(papers=[])
    assert refused.value.field == "paper_list"
    assert not Matter.unguarded.exists()
    parcel = brought(send, "returned")
    with pytest.raises(Refused, match="照片"):
        do("registrar", "mend", parcel)
    do("registrar", "mend", parcel, papers=[paper("photo", "照片.pdf")])
    do("county_officer", "ask", parcel, note="再补")
    do("registrar", "mend", parcel)  # the photograph is there already


def test_papers_that_the_step_does_not_take_are_a_mistake_of_the_caller(send: Send) -> None:
    parcel = send()
    with pytest.raises(ValueError, match="takes no papers"):
        do("county_officer", "approve", parcel, papers=[paper()])


def test_a_reason_is_asked_for_where_one_must_be_given(send: Send) -> None:
    parcel = send()
    with pytest.raises(Refused, match="没有写明理由") as refused:
        do("county_officer", "refuse", parcel, note="  ")
    assert refused.value.field == "note"
    assert stand(parcel).state == "sent"


def test_a_rule_says_why_not(send: Send) -> None:
    parcel = send(weight=21)
    with pytest.raises(Refused, match="重量超过 20 千克"):
        do("county_officer", "approve", parcel)


def test_who_checked_may_not_approve_and_a_colleague_may(send: Send) -> None:
    parcel = send()
    do("county_officer", "check", parcel)
    with pytest.raises(Refused, match="“核对”是您办理的"):
        do("county_officer", "approve", parcel)
    do("second_officer", "approve", parcel)
    assert stand(parcel).state == "approved"


def test_pressed_twice_is_done_once_and_says_when(send: Send) -> None:
    parcel = send()
    do("county_officer", "approve", parcel)
    with pytest.raises(Refused, match="这一步已于 2024 年 10 月 14 日 12:00 办理，没有重复办理"):
        do("county_officer", "approve", parcel)
    assert StepRecord.objects.filter(matter=parcel.matter).count() == 2


def test_a_step_that_leads_back_to_its_state_is_pressed_twice_only_from_one_page(send: Send) -> None:
    parcel = send()
    do("county_officer", "check", parcel, seen=1)
    with pytest.raises(Refused, match="没有重复办理"):
        do("county_officer", "check", parcel, seen=1)
    do("county_officer", "check", parcel, seen=2)
    assert StepRecord.objects.filter(matter=parcel.matter, step="check").count() == 2


def test_a_start_page_sent_twice_opens_one_matter(send: Send) -> None:
    send(once="a" * 32)
    with pytest.raises(Refused, match="已经提交过"):
        send(once="a" * 32)
    send(once="b" * 32)
    assert Matter.unguarded.count() == 2


def test_a_page_that_is_out_of_date_is_told_what_happened(send: Send) -> None:
    parcel = send()
    do("second_officer", "check", parcel)
    with pytest.raises(Refused, match="已由他人办理，现为“待核准”"):
        do("county_officer", "approve", parcel, seen=1)
    do("county_officer", "approve", parcel, seen=2)


def test_the_actor_must_be_the_person_whose_reach_is_set(send: Send) -> None:
    parcel = send()
    with in_reach(parcels.reach("county_officer")), pytest.raises(RuntimeError, match="not the person"):
        parcels.ParcelSending.approve.run(parcel, by=Actor(99, "别人"))


def test_the_system_does_only_what_is_declared_for_it(send: Send) -> None:
    parcel = send()
    by = system_actor("task")
    with whole_county("测试"):
        with pytest.raises(Refused, match="系统不能代办"):
            parcels.ParcelSending.approve.run(parcel, by=by)
        parcels.ParcelSending.refuse.run(parcel, by=by, note="逾期自动退回")
    assert stand(parcel).state == "refused"


def test_a_released_party_sees_nothing_and_does_nothing(send: Send) -> None:
    parcel = brought(send, "received")
    with in_reach(parcels.reach("registrar")):
        assert visible_matter(parcel.matter_id) is None
        assert not Matter.objects.filter(pk=parcel.matter_id).exists()
        assert not parcels.Parcel.objects.exists()
    with in_reach(parcels.reach("other_registrar")):
        assert visible_matter(parcel.matter_id) == parcel.matter
    with pytest.raises(Refused):
        do("registrar", "remark", parcel)


def test_reading_needs_the_grant_and_not_only_the_reach(send: Send) -> None:
    parcel = send()
    seen = {}
    for part in PEOPLE:
        with in_reach(parcels.reach(part)):
            seen[part] = visible_matter(parcel.matter_id) is not None
    readers = {"registrar", "other_registrar", "head", "county_officer", "second_officer", "auditor"}
    assert {part for part, may in seen.items() if may} == readers


def delegated(taker: str, giver: str) -> Reach:
    """The taker, with what the giver has handed over besides their own."""
    own, others = parcels.reach(taker), parcels.reach(giver)
    handed = tuple(Delegated(role, scope, others.user_id or 0, others.label) for role, scope in others.roles.items())
    roles = {**own.roles}
    for item in handed:
        roles[item.role] = roles.get(item.role, UnitScope()) | item.scope
    return Reach(roles=roles, user_id=own.user_id, label=own.label, own_roles=own.roles, acting_for=handed)


def test_a_delegate_acts_in_the_giver_s_stead_and_the_record_says_so(send: Send) -> None:
    parcel = send()
    with in_reach(delegated("director", "county_officer")):
        parcels.ParcelSending.approve.run(parcel, by=parcels.actor("director"))
    row = StepRecord.objects.get(matter=parcel.matter, step="approve")
    assert (row.actor, row.user_id, row.for_actor, row.for_user_id) == ("director 某", 8, "county_officer 某", 5)
    (entry,) = entries([row.event_seq])
    assert (entry.actor, entry.facts["for_actor"]) == ("director 某", "county_officer 某")


def test_who_holds_the_right_acts_in_their_own_name_though_another_delegated_it_too(send: Send) -> None:
    parcel = send()
    with in_reach(delegated("second_officer", "county_officer")):
        parcels.ParcelSending.approve.run(parcel, by=parcels.actor("second_officer"))
    assert StepRecord.objects.get(matter=parcel.matter, step="approve").for_actor == ""


@pytest.mark.parametrize(("first", "second"), [("giver", "taker"), ("taker", "giver")])
def test_duties_stay_apart_for_giver_and_taker_as_for_one_person(send: Send, first: str, second: str) -> None:
    parcel = send()
    reaches = {"giver": parcels.reach("county_officer"), "taker": delegated("director", "county_officer")}
    actors = {"giver": parcels.actor("county_officer"), "taker": parcels.actor("director")}
    with in_reach(reaches[first]):
        parcels.ParcelSending.check.run(parcel, by=actors[first])
    with in_reach(reaches[second]), pytest.raises(Refused, match="须由另一人办理"):
        parcels.ParcelSending.approve.run(parcel, by=actors[second])


def test_a_step_that_only_moves_the_matter_writes_nothing_else(send: Send) -> None:
    parcel = send()
    before = parcels.Parcel.unguarded.filter(pk=parcel.pk).values().get()
    do("county_officer", "ask", parcel, note="清单不全")
    assert parcels.Parcel.unguarded.filter(pk=parcel.pk).values().get() == before
    assert Matter.unguarded.get(pk=parcel.matter_id).state == "returned"
