"""A meeting from the notice to the lock: roster, order of speaking, recusal, signatures, corrections, late entry."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, transaction
from django.utils import timezone

from tests.factories.people import PersonFactory
from tests.meetings.scene import STARTED, Scene
from xianxue.kernel.commands import Refused
from xianxue.meetings.models import AgendaItem, Amendment, Attendance, Interest, Meeting, Opinion, Seat, Signature
from xianxue.meetings.selectors import known_interests, roster_on
from xianxue.meetings.services import agenda, closing, notices, presence, signing, speaking, voting


def _held(scene: Scene) -> Meeting:
    meeting, item = scene.begun()
    scene.records(voting.open_vote, item, method="hands")
    for seat in scene.seats:
        scene.records(voting.cast, item, person=seat.person, choice="yes")
    scene.records(voting.close_vote, item)
    scene.records(closing.end_item, item, summary="讨论了价格。", resolution="同意购置。")
    made: Meeting = scene.records(closing.end_meeting, meeting)
    return made


def _state(meeting: Meeting) -> str:
    return str(Meeting.unguarded.select_related("matter").get(pk=meeting.pk).matter.state)


def test_the_roster_of_a_day(seven: Scene) -> None:
    last, today = seven.seats[6], timezone.localdate()
    Seat.unguarded.filter(pk=last.pk).update(ended_on=today)
    assert len(roster_on(seven.body, today)) == 7
    assert len(roster_on(seven.body, today + timedelta(days=1))) == 6
    assert len(roster_on(seven.body, STARTED - timedelta(days=1))) == 0


def test_a_member_joins_and_another_leaves_after_the_notice(seven: Scene) -> None:
    meeting, _item = seven.notified()
    gone = seven.seats[6]
    Seat.unguarded.filter(pk=gone.pk).update(ended_on=timezone.localdate() - timedelta(days=1))
    new = seven.sit("秦新来", since=timezone.localdate())
    seven.records(presence.begin, meeting)
    rows = {one.person_id: one for one in seven.called(meeting)}
    assert (rows[new.person_id].role, rows[new.person_id].served_at) == ("member", None)
    left = rows[gone.person_id]
    assert (left.role, left.presence, left.absence_reason) == ("attending", "absent", "会议通知后已不再任职")


def test_two_members_of_the_same_name_are_two(seven: Scene) -> None:
    twin = seven.sit(seven.seats[1].person.name)
    meeting, item = seven.begun()
    seven.records(speaking.recuse, item, person=twin.person, ground="kin", source="declared")
    seven.records(speaking.speak, item, person=seven.seats[1].person, stance="agree")
    with pytest.raises(Refused, match="已经回避，不能发言"):
        seven.records(speaking.speak, item, person=twin.person, stance="agree")
    assert Attendance.objects.filter(meeting=meeting).count() == 8


def test_what_comes_after_the_notice_needs_reason_and_approver(seven: Scene) -> None:
    meeting, _item = seven.notified()
    with pytest.raises(Refused, match="临时动议"):
        seven.add(meeting, "修屋顶", late_reason="漏雨")
    item = seven.add(meeting, "修屋顶", late_reason="漏雨", late_approved_by="周一鸣")
    assert (item.number, item.late_reason, item.late_approved_by, item.materials_at) == (2, "漏雨", "周一鸣", None)


def test_the_notice_needs_an_agenda(seven: Scene) -> None:
    meeting = seven.convene()
    with pytest.raises(Refused, match="还没有议程"):
        seven.records(notices.send_notice, meeting)


def test_a_receipt_is_given_once(seven: Scene) -> None:
    meeting, _item = seven.notified()
    seven.does(seven.seats[2].user, notices.acknowledge, meeting)
    first = seven.called(meeting)[2].read_at
    seven.does(seven.seats[2].user, notices.acknowledge, meeting)
    assert first is not None
    assert seven.called(meeting)[2].read_at == first


def test_the_chief_speaks_last_or_it_is_written_that_it_was_not_so(seven: Scene) -> None:
    _meeting, item = seven.begun()
    chief = seven.seats[0].person
    with pytest.raises(Refused, match="主要负责人应当最后表态") as told:
        seven.records(speaking.speak, item, person=chief, stance="agree")
    assert told.value.field == "confirmed"
    seven.records(speaking.speak, item, person=chief, stance="agree", confirmed=True)
    seven.records(speaking.speak, item, person=seven.seats[1].person, stance="disagree", text="太贵。")
    rows = Opinion.objects.order_by("order").values_list("order", "is_chief", "stance")
    assert list(rows) == [(1, True, "agree"), (2, False, "disagree")]


def test_a_known_interest_is_required(seven: Scene) -> None:
    meeting = seven.convene()
    kin = PersonFactory(name="周小明")
    item = seven.add(meeting, "任职", concerns=[kin, "试验家具厂（宛在）"])
    for seat, facts in ((seven.seats[1], {"related": kin}), (seven.seats[2], {"organisation": "试验 家具厂(宛在) "})):
        Interest.unguarded.create(unit=seven.body.unit, person=seat.person, ground="kin", started_on=STARTED, **facts)
    seven.records(notices.send_notice, meeting)
    seven.records(presence.begin, meeting)
    for one in seven.called(meeting):
        seven.records(presence.arrive, one)
    seven.records(speaking.open_item, item)
    assert {one.person_id for one in known_interests(item)} == {seven.seats[1].person_id, seven.seats[2].person_id}
    with pytest.raises(Refused, match="登记的利害关系表明应当回避"):
        seven.records(voting.open_vote, item, method="hands")
    for seat in seven.seats[1:3]:
        seven.records(speaking.recuse, item, person=seat.person, ground="kin", source="known")
    assert seven.records(voting.open_vote, item, method="hands").method == "hands"


def test_postponed_with_reason_and_date(seven: Scene) -> None:
    _meeting, item = seven.begun()
    until = timezone.localdate() + timedelta(days=7)
    with pytest.raises(Refused, match="没有写缓议的理由"):
        seven.records(closing.postpone, item, reason=" ", until=until)
    done = seven.records(closing.postpone, item, reason="材料不全", until=until)
    assert (done.outcome, done.postponed_until, done.state) == ("postponed", until, "closed")


def test_whoever_put_the_item_there_is_told(seven: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    from xianxue.meetings.rules import provided  # noqa: PLC0415 - app ready

    told: list[tuple[int, str]] = []
    monkeypatch.setattr(provided, "_when_done", [lambda item, _by: told.append((item.pk, item.outcome))])
    _meeting, item = seven.begun()
    seven.records(closing.postpone, item, reason="材料不全")
    assert told == [(item.pk, "postponed")]


def test_the_inspector_adds_an_opinion_and_nothing_else(seven: Scene) -> None:
    meeting, item = seven.begun()
    inspector = seven.cast.users["inspector"]
    seven.does(inspector, speaking.inspect, item, text="程序合规。")
    found = Opinion.objects.get()
    assert (found.role, found.name, found.person_id, found.user_id) == (
        "inspector", inspector.name, None, inspector.pk,
    )  # fmt: skip
    acts: list[tuple[Any, Any, dict[str, Any]]] = [
        (speaking.speak, item, {"person": seven.seats[1].person, "stance": "agree"}),
        (presence.arrive, seven.called(meeting)[0], {}),
        (voting.open_vote, item, {"method": "hands"}),
        (agenda.add_item, meeting, {"kind": "work", "title": "别的"}),
        (closing.end_meeting, meeting, {}),
    ]
    for run, row, given in acts:
        with pytest.raises(Refused, match="没有这项权限"):
            seven.does(inspector, run, row, **given)
    with pytest.raises(Refused, match="没有这项权限"):
        seven.records(speaking.inspect, item, text="我来写。")


def test_everybody_signs_and_then_it_is_locked(seven: Scene) -> None:
    meeting = _held(seven)
    with pytest.raises(Refused, match="没有使用您这个账号的人"):
        seven.does(seven.cast.users["member"], signing.sign, meeting)
    for seat in seven.seats[:6]:
        seven.does(seat.user, signing.sign, meeting)
        assert _state(meeting) == "held"
    with pytest.raises(Refused, match="已经签过名"):
        seven.does(seven.seats[0].user, signing.sign, meeting)
    with pytest.raises(Refused, match="已有成员签名"):
        seven.records(speaking.sum_up, AgendaItem.objects.get(), summary="别的")
    seven.does(seven.seats[6].user, signing.sign, meeting)
    assert _state(meeting) == "signed"
    locked = seven.records(signing.lock, meeting)
    assert {locked.record_digest} == set(Signature.objects.values_list("digest", flat=True))
    assert len(locked.record_digest) == 64


def test_a_signature_on_paper_needs_its_scan(seven: Scene) -> None:
    meeting = _held(seven)
    person = seven.seats[0].person
    with pytest.raises(Refused, match="扫描"):
        seven.records(signing.sign_on_paper, meeting, person=person)
    scan = SimpleUploadedFile("scan.pdf", b"%PDF-1.4 scan")
    seven.records(signing.sign_on_paper, meeting, person=person, papers=[("scan", scan)])
    assert list(Signature.objects.values_list("person_id", "way")) == [(person.pk, "paper")]


def test_taken_back_and_signed_anew(seven: Scene) -> None:
    meeting = _held(seven)
    seven.does(seven.seats[0].user, signing.sign, meeting)
    old = Signature.objects.get().digest
    seven.records(signing.take_back, meeting, note="金额写错")
    seven.records(speaking.sum_up, AgendaItem.objects.get(), summary="讨论了价格和质量。")
    seven.does(seven.seats[0].user, signing.sign, meeting)
    assert Signature.objects.get().digest != old


def test_what_was_changed_behind_the_signatures_is_not_locked(seven: Scene) -> None:
    meeting = _held(seven)
    for seat in seven.seats:
        seven.does(seat.user, signing.sign, meeting)
    AgendaItem.objects.update(title="别的事")
    with pytest.raises(Refused, match="记录与签名时不一致"):
        seven.records(signing.lock, meeting)


def test_a_locked_record_is_corrected_beside_it(seven: Scene) -> None:
    meeting = _held(seven)
    with pytest.raises(Refused, match="不在可以这样做的阶段"):
        seven.records(signing.amend, meeting, text="应为 42 组", reason="笔误")
    for seat in seven.seats:
        seven.does(seat.user, signing.sign, meeting)
    locked = seven.records(signing.lock, meeting)
    for _press in range(2):
        seven.records(signing.amend, meeting, text="应为 42 组", reason="笔误")
    assert list(Amendment.objects.values_list("number", "text", "reason")) == [(1, "应为 42 组", "笔误")]
    for rows in (Meeting.unguarded.filter(pk=meeting.pk), Amendment.objects.all()):
        with pytest.raises(DatabaseError, match="read only"), transaction.atomic():
            rows.update(**({"title": "别的"} if rows.model is Meeting else {"reason": "别的"}))
    assert Meeting.unguarded.get(pk=meeting.pk).record_digest == locked.record_digest


def test_a_paper_meeting_entered_five_days_later(seven: Scene) -> None:
    began = timezone.now().replace(microsecond=0) - timedelta(days=5)
    meeting = seven.convene(starts_at=began)
    item = seven.add(meeting)
    seven.records(notices.send_notice, meeting, at=began - timedelta(days=4))
    seven.records(presence.begin, meeting, at=began)
    for one in seven.called(meeting):
        seven.records(presence.arrive, one, at=began)
    minute = timedelta(minutes=1)
    seven.records(speaking.open_item, item, at=began + minute)
    seven.records(voting.open_vote, item, method="hands", at=began + 2 * minute)
    for seat in seven.seats:
        seven.records(voting.cast, item, person=seat.person, choice="yes", at=began + 3 * minute)
    seven.records(voting.close_vote, item, at=began + 4 * minute)
    seven.records(closing.end_item, item, at=began + 5 * minute)
    seven.records(closing.end_meeting, meeting, at=began + 6 * minute)
    found = Meeting.unguarded.get(pk=meeting.pk)
    assert (found.began_at, found.ended_at) == (began, began + 6 * minute)
    assert found.entered_at is not None
    assert found.entered_at - found.ended_at > timedelta(days=4, hours=23)


def test_nothing_happens_in_the_future(seven: Scene) -> None:
    meeting, _item = seven.notified()
    with pytest.raises(Refused, match="时间在将来"):
        seven.records(presence.begin, meeting, at=timezone.now() + timedelta(hours=1))


def test_a_recorder_of_another_school_writes_nothing(seven: Scene) -> None:
    meeting, item = seven.begun()
    with pytest.raises(Refused, match="没有这项权限"):
        seven.does(seven.cast.users["other_recorder"], speaking.sum_up, item, summary="别的")
    assert meeting.revision == Meeting.unguarded.get(pk=meeting.pk).revision - 8
