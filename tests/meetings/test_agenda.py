"""The agenda before and during a meeting: what is put on, moved, taken off; guests; whoever put an item there."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from tests.factories.accounts import UserFactory
from tests.factories.people import StaffPostFactory
from tests.meetings.scene import STARTED, Scene
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.selectors import events_of
from xianxue.meetings.models import AgendaItem, Attendance, Body, Meeting, Opinion, Seat
from xianxue.meetings.services import agenda, closing, convening, guests, notices, presence, rosters, speaking


def order(meeting: Meeting) -> list[tuple[int, str]]:
    """The agenda, as it is numbered."""
    return list(AgendaItem.objects.filter(meeting=meeting).order_by("number").values_list("number", "title"))


def three(scene: Scene) -> tuple[Meeting, list[AgendaItem]]:
    """A planned meeting with three items."""
    meeting = scene.convene()
    return meeting, [scene.add(meeting, title) for title in ("甲", "乙", "丙")]


def test_waiting_items_change_places(seven: Scene) -> None:
    meeting, items = three(seven)
    seven.records(agenda.move_item, items[2], up=True)
    assert order(meeting) == [(1, "甲"), (2, "丙"), (3, "乙")]
    seven.records(agenda.move_item, items[0], up=False)
    assert order(meeting) == [(1, "丙"), (2, "甲"), (3, "乙")]
    with pytest.raises(Refused, match="前面没有待议的议程"):
        seven.records(agenda.move_item, items[2], up=True)
    with pytest.raises(Refused, match="后面没有待议的议程"):
        seven.records(agenda.move_item, items[1], up=False)


def test_what_was_dealt_with_stays_where_it_is(seven: Scene) -> None:
    meeting, items = three(seven)
    seven.records(notices.send_notice, meeting)
    seven.records(presence.begin, meeting)
    seven.records(speaking.open_item, items[1])
    seven.records(agenda.move_item, items[2], up=True)
    assert order(meeting) == [(1, "丙"), (2, "乙"), (3, "甲")]
    for run, given in ((agenda.move_item, {"up": True}), (agenda.drop_item, {"reason": "不议了"})):
        with pytest.raises(Refused, match="已经开始讨论或者议毕"):
            seven.records(run, items[1], **given)


def test_an_item_is_taken_off_with_its_reason_and_the_others_close_up(seven: Scene) -> None:
    meeting, items = three(seven)
    with pytest.raises(Refused, match="没有写撤下的理由"):
        seven.records(agenda.drop_item, items[0], reason=" ")
    seven.records(agenda.drop_item, items[0], reason="材料还没有齐")
    assert order(meeting) == [(1, "乙"), (2, "丙")]
    last = Event.objects.filter(action="meetings.item_dropped").get()
    assert (last.subject_type, last.subject_id) == ("meetings.meeting", meeting.pk)


def test_during_the_meeting_the_others_keep_their_numbers(seven: Scene) -> None:
    meeting, items = three(seven)
    seven.records(notices.send_notice, meeting)
    seven.records(presence.begin, meeting)
    seven.records(agenda.drop_item, items[1], reason="承办人请假")
    assert order(meeting) == [(1, "甲"), (3, "丙")]
    assert seven.add(meeting, "丁", late_reason="急", late_approved_by="周一鸣").number == 4


def test_whoever_put_it_there_is_told_of_what_is_taken_off_and_of_a_meeting_called_off(
    seven: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    from xianxue.meetings.rules import provided  # noqa: PLC0415 - app ready

    told: list[tuple[str, str]] = []
    monkeypatch.setattr(provided, "_when_dropped", [lambda item, reason, _by: told.append((item.title, reason))])
    meeting, items = three(seven)
    seven.records(agenda.drop_item, items[1], reason="撤下")
    seven.records(convening.cancel, meeting, note="书记外出")
    assert told == [("乙", "撤下"), ("甲", "会议取消"), ("丙", "会议取消")]


def test_a_guest_neither_counts_nor_votes_and_is_served_the_notice(seven: Scene) -> None:
    meeting = seven.convene()
    seven.add(meeting)
    staff = StaffPostFactory(school=seven.cast.first_primary).person
    invited = seven.records(guests.invite, meeting, role="attending", person=staff, duty="总务主任")
    outside = seven.records(guests.invite, meeting, role="attending", name=" 李律师 ", duty="某律师事务所")
    seven.records(notices.send_notice, meeting)
    seven.records(presence.begin, meeting)
    rows = {one.pk: one for one in seven.called(meeting)}
    assert len(rows) == 9
    assert rows[invited.pk].served_at == rows[outside.pk].served_at is not None
    assert (rows[outside.pk].name, rows[outside.pk].person_id) == ("李律师", None)
    assert sum(one.role == "member" for one in rows.values()) == 7


def test_members_and_people_already_listed_are_not_invited(seven: Scene) -> None:
    meeting = seven.convene()
    with pytest.raises(Refused, match="周一鸣是应到成员"):
        seven.records(guests.invite, meeting, role="attending", person=seven.seats[0].person)
    with pytest.raises(Refused, match="不能在这里登记"):
        seven.records(guests.invite, meeting, role="member", name="李律师")
    with pytest.raises(Refused, match="没有选人员，也没有写姓名"):
        seven.records(guests.invite, meeting, role="attending", name=" ")
    seven.records(guests.invite, meeting, role="attending", name="李律师", duty="甲所")
    with pytest.raises(Refused, match="已经在名单上"):
        seven.records(guests.invite, meeting, role="attending", name="李律师", duty="甲所")
    seven.records(guests.invite, meeting, role="attending", name="李律师", duty="乙所")
    assert Attendance.objects.filter(meeting=meeting, person=None).count() == 2


def test_a_guest_is_struck_off_before_the_meeting_and_a_member_never(seven: Scene) -> None:
    meeting = seven.convene()
    seven.add(meeting)
    guest = seven.records(guests.invite, meeting, role="attending", name="李律师")
    seven.records(notices.send_notice, meeting)
    member = next(one for one in seven.called(meeting) if one.role == "member")
    with pytest.raises(Refused, match="应到成员不能从名单上去掉"):
        seven.records(guests.uninvite, member)
    seven.records(guests.uninvite, guest)
    assert not Attendance.objects.filter(pk=guest.pk).exists()
    late = seven.records(guests.invite, meeting, role="attending", name="王会计")
    seven.records(presence.begin, meeting)
    with pytest.raises(Refused, match="不在可以这样做的阶段"):
        seven.records(guests.uninvite, late)


def test_a_guest_who_becomes_a_member_is_one_line(seven: Scene) -> None:
    today = timezone.localdate()
    meeting = seven.convene()
    seven.add(meeting)
    staff = StaffPostFactory(school=seven.cast.first_primary).person
    seven.records(guests.invite, meeting, role="attending", person=staff)
    facts = {"body": seven.body, "person": staff, "duty": "委员", "started_on": today}
    seven.records(rosters.seat, **facts)
    seven.records(notices.send_notice, meeting)
    found = Attendance.objects.get(meeting=meeting, person=staff)
    assert (found.role, found.duty, found.served_at is not None) == ("member", "委员", True)
    assert Attendance.objects.filter(meeting=meeting).count() == 8


def test_a_guest_who_becomes_a_member_after_the_notice_is_one_line(seven: Scene) -> None:
    today = timezone.localdate()
    meeting, _item = seven.notified()
    staff = StaffPostFactory(school=seven.cast.first_primary).person
    seven.records(guests.invite, meeting, role="attending", person=staff)
    seven.records(rosters.seat, body=seven.body, person=staff, duty="委员", started_on=today)
    seven.records(presence.begin, meeting)
    found = Attendance.objects.get(meeting=meeting, person=staff)
    assert (found.role, found.served_at is not None) == ("member", True)


def test_a_change_of_duty_on_the_day_of_the_meeting_calls_the_member_once(seven: Scene) -> None:
    today = timezone.localdate()
    seat = seven.seats[2]
    seven.records(rosters.unseat, seat, ended_on=today)
    seven.records(rosters.seat, body=seven.body, person=seat.person, duty="副书记", started_on=today)
    meeting, _item = seven.notified()
    assert [one.duty for one in seven.called(meeting) if one.person_id == seat.person_id] == ["副书记"]
    assert len(seven.called(meeting)) == 7


def test_a_member_is_a_person_of_the_register(seven: Scene) -> None:
    meeting = seven.convene()
    with pytest.raises(IntegrityError), transaction.atomic():
        Attendance.objects.create(meeting=meeting, name="谁", role="member")


def test_an_inspector_from_outside_is_listed_and_the_opinion_is_theirs(seven: Scene) -> None:
    meeting = seven.convene()
    item = seven.add(meeting)
    user = seven.cast.users["inspector"]
    listed = seven.records(guests.invite, meeting, role="inspector", user=user, duty="派驻监督")
    with pytest.raises(Refused, match="已经在名单上"):
        seven.records(guests.invite, meeting, role="inspector", user=user)
    seven.records(notices.send_notice, meeting)
    seven.records(presence.begin, meeting)
    seven.records(presence.arrive, listed)
    seven.records(speaking.open_item, item)
    seven.does(user, speaking.inspect, item, text="程序合规。")
    assert (Opinion.objects.get().name, Opinion.objects.get().user_id) == (user.name, user.pk)


def post(scene: Scene, meeting: Meeting, part: str = "recorder", **data: Any) -> Any:
    """The page after an act."""
    return scene.cast.client(part).post(f"/meetings/{meeting.pk}/agenda/act/", data, follow=True)


def test_the_page_puts_on_moves_takes_off_and_invites(seven: Scene) -> None:
    meeting = seven.convene()
    staff = StaffPostFactory(school=seven.cast.first_primary).person
    stranger = StaffPostFactory(school=seven.cast.second_primary).person
    post(seven, meeting, act="add", kind="study", title="学习全会精神")
    post(seven, meeting, act="add", kind="report", title="通报安全检查")
    second = AgendaItem.objects.get(number=2)
    assert order(meeting) == [(1, "学习全会精神"), (2, "通报安全检查")]
    post(seven, meeting, act="move", row=second.pk, up="1")
    post(seven, meeting, act="drop", row=second.pk, reason="另行通报")
    assert order(meeting) == [(1, "学习全会精神")]
    post(seven, meeting, act="invite", person=staff.pk, role="attending", duty="总务主任")
    post(seven, meeting, act="invite", name="李律师", role="attending")
    post(seven, meeting, act="watch", user=seven.cast.users["inspector"].pk)
    names = [(one.name, one.role) for one in seven.called(meeting)]
    inspector = seven.cast.users["inspector"].name
    assert names == [(staff.name, "attending"), ("李律师", "attending"), (inspector, "inspector")]
    page = post(seven, meeting, act="invite", person=stranger.pk, role="attending").content.decode()
    assert "没有选人员，也没有写姓名" in page
    page = post(seven, meeting, act="uninvite", row=seven.called(meeting)[1].pk).content.decode()
    assert "李律师" not in page
    assert "学习全会精神" in page


def test_what_is_decided_is_not_put_on_by_hand(seven: Scene) -> None:
    meeting = seven.convene()
    page = post(seven, meeting, act="add", kind="decision", title="购置书架").content.decode()
    assert "没有写议程名称，或没有选类别" in page
    assert "没有这种操作" in post(seven, meeting, act="x").content.decode()
    assert order(meeting) == []


def test_rows_of_another_meeting_are_not_there(seven: Scene) -> None:
    meeting, other = seven.convene(), seven.convene()
    item = seven.add(other)
    assert post(seven, meeting, act="drop", row=item.pk, reason="x").status_code == 404
    assert post(seven, meeting, act="drop", row="x", reason="x").status_code == 404
    assert order(other) == [(1, "购置书架")]


@pytest.mark.parametrize(("part", "status"), [("other_recorder", 404), ("inspector", 403), ("member", 403)])
def test_the_agenda_is_the_recorders(seven: Scene, part: str, status: int) -> None:
    meeting = seven.convene()
    assert seven.cast.client(part).get(f"/meetings/{meeting.pk}/agenda/").status_code == status
    assert post(seven, meeting, part, act="add", kind="study", title="x").status_code == status


def test_the_matters_page_leads_to_agenda_and_record(seven: Scene) -> None:
    meeting = seven.convene()
    href = f"/meetings/{meeting.pk}/agenda/"
    address = f"/matters/{meeting.matter_id}/"
    assert href in seven.cast.client("recorder").get(address).content.decode()
    page = seven.cast.client("inspector").get(address).content.decode()
    assert href not in page
    assert f"/meetings/{meeting.pk}/member/" in page


def test_a_study_item_is_noted_without_a_vote(seven: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    from xianxue.meetings.rules import provided  # noqa: PLC0415 - app ready

    monkeypatch.setattr(provided, "_rules", [])
    meeting = seven.convene()
    item = seven.records(agenda.add_item, meeting, kind="study", title="学习全会精神")
    seven.records(notices.send_notice, meeting)
    seven.records(presence.begin, meeting)
    seven.records(speaking.open_item, item)
    assert seven.records(closing.end_item, item, summary="集体学习。").outcome == "noted"


def test_what_has_an_opinion_on_it_is_not_dropped_but_put_off(seven: Scene) -> None:
    meeting, items = three(seven)
    seven.records(notices.send_notice, meeting)
    seven.records(presence.begin, meeting)
    seven.does(seven.cast.users["inspector"], speaking.inspect, items[1], text="请先公开询价。")
    with pytest.raises(Refused, match="已经记有意见或回避"):
        seven.records(agenda.drop_item, items[1], reason="不议了")
    assert Opinion.objects.count() == 1


def test_nobody_speaks_on_an_item_whose_turn_has_not_come(seven: Scene) -> None:
    meeting, items = three(seven)
    seven.records(notices.send_notice, meeting)
    seven.records(presence.begin, meeting)
    for one in seven.called(meeting):
        seven.records(presence.arrive, one)
    with pytest.raises(Refused, match="还没有开始讨论"):
        seven.records(speaking.speak, items[0], person=seven.seats[1].person, stance="agree")


def test_the_agenda_of_a_meeting_entered_later_stood_in_its_notice(seven: Scene) -> None:
    now = timezone.now()
    meeting = seven.convene(starts_at=now - timedelta(days=3))
    item = seven.add(meeting)
    seven.records(notices.send_notice, meeting, at=now - timedelta(days=6))
    item.refresh_from_db()
    assert item.added_at == now - timedelta(days=6)
    early = seven.convene(title="下次会议", starts_at=now + timedelta(days=3))
    another = seven.add(early)
    seven.records(notices.send_notice, early, at=now - timedelta(days=1))
    another.refresh_from_db()
    assert another.added_at > now - timedelta(hours=1), "what is put on today was not in yesterday's notice"


def test_the_list_says_what_the_seat_says_on_the_day(seven: Scene) -> None:
    meeting, _item = seven.notified()
    old, new = seven.seats[0], seven.seats[3]
    Seat.objects.filter(pk=old.pk).update(is_chief=False, duty="委员")
    account = UserFactory(username="new-account")
    Seat.objects.filter(pk=new.pk).update(is_chief=True, duty="书记", user=account)
    seven.records(presence.begin, meeting)
    assert [one.name for one in seven.called(meeting) if one.is_chief] == [new.person.name]
    assert Attendance.objects.get(meeting=meeting, person=new.person).user_id == account.pk
    told = events_of("meetings.meeting", meeting.pk)[0].changes["duties"][1] or ""
    assert sorted(told.split("、")) == sorted([old.person.name, new.person.name])


def test_an_account_speaks_for_one_person_only(seven: Scene) -> None:
    first, third = seven.seats[0], seven.seats[2]
    congress = Body.objects.create(unit=seven.body.unit, kind="administrative", name="校长办公会议", started_on=STARTED)
    facts = {"body": congress, "duty": "委员", "started_on": STARTED}
    with pytest.raises(Refused, match="已经是另一名成员的账号"):
        seven.records(rosters.seat, person=third.person, user=first.user, **facts)
    seven.records(rosters.seat, person=first.person, user=first.user, **facts)
    with pytest.raises(Refused, match="是应到成员，不用登记列席"):
        seven.records(guests.invite, seven.convene(), role="inspector", user=first.user)


def test_a_discipline_member_s_opinion_is_hers(seven: Scene) -> None:
    inspector = seven.cast.users["inspector"]
    Seat.objects.filter(pk=seven.seats[4].pk).update(user=inspector, is_discipline=True)
    _meeting, item = seven.begun()
    said = seven.does(inspector, speaking.inspect, item, text="程序合规。")
    assert (said.person_id, said.role) == (seven.seats[4].person_id, "inspector")
