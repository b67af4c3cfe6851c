"""Limits in working days: weekends, 调休, pauses, extensions, years without a calendar; reminders and escalation."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from tests.factories.organisations import DayOverrideFactory
from tests.kernel.procedures import parcels
from tests.kernel.procedures.conftest import noon, paper
from tests.kernel.procedures.parcels import actor, do, reach, stand
from xianxue.kernel.access import in_reach
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.models import Event
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.procedures.calendar import LateDays, is_known
from xianxue.kernel.procedures.extending import extend_matter
from xianxue.kernel.procedures.models import Extension, Matter, Notice, StepRecord, Todo
from xianxue.kernel.procedures.notices import mark_seen, notice, unseen
from xianxue.kernel.procedures.reminding import Told, remind_and_escalate

Send = Callable[..., Any]


def due(parcel: Any) -> date | None:
    found: date | None = Todo.objects.get(matter=parcel.matter).due_on
    return found


@pytest.mark.parametrize(
    ("today", "approve_by", "finish_by"),
    [
        ((2024, 10, 14), date(2024, 10, 17), date(2024, 10, 28)),  # a Monday: one weekend lies within ten days
        (
            (2024, 9, 27),
            date(2024, 10, 8),
            date(2024, 10, 16),
        ),  # 调休: Sunday 29 September and Saturday 12 October work
        ((2024, 12, 30), date(2025, 1, 3), date(2025, 1, 14)),  # the year turns: 1 January is free
    ],
)
def test_limits_are_counted_in_working_days(
    send: Send, clock: Any, today: tuple[int, int, int], approve_by: date, finish_by: date
) -> None:
    clock.move_to(noon(*today))
    parcel = send()
    assert (due(parcel), stand(parcel).finish_due_on) == (approve_by, finish_by)


def test_a_step_may_be_due_on_a_day_that_its_subject_names(send: Send, monkeypatch: pytest.MonkeyPatch) -> None:
    days = {1: date(2025, 3, 3)}
    monkeypatch.setattr(parcels.ParcelSending.approve, "due", lambda parcel: days.get(parcel.weight))
    assert due(send()) == date(2025, 3, 3)
    days.clear()
    assert due(send()) == date(2024, 10, 17), "without a day of its own the working days count"


def test_the_county_s_own_free_day_moves_the_limit(send: Send) -> None:
    DayOverrideFactory(day=date(2024, 10, 16))
    assert due(send()) == date(2024, 10, 18)


def test_in_a_year_without_a_calendar_weekdays_count_and_the_work_goes_on(send: Send, clock: Any) -> None:
    clock.move_to(noon(2039, 5, 9))  # a Monday
    parcel = send()
    assert (due(parcel), stand(parcel).finish_due_on) == (date(2039, 5, 12), date(2039, 5, 23))
    clock.move_to(noon(2039, 5, 10))
    assert remind_and_escalate() == Told(1, 0), "two weekdays before"
    clock.move_to(noon(2039, 5, 13))
    assert remind_and_escalate() == Told(1, 2), "late by an unknown number of days: everybody is told"
    assert not is_known(date(2039, 5, 12))
    assert is_known(date(2024, 10, 12))


def test_a_pause_moves_the_limit_by_the_working_days_that_passed(send: Send, clock: Any) -> None:
    parcel = send()
    do("county_officer", "ask", parcel, note="缺照片")
    assert stand(parcel).paused_on == date(2024, 10, 14)
    clock.move_to(noon(2024, 10, 21))  # five working days later
    do("registrar", "mend", parcel, papers=[paper("photo", "照片.pdf")])
    matter = stand(parcel)
    assert (matter.paused_on, matter.finish_due_on) == (None, date(2024, 11, 4))


def test_a_matter_that_ends_while_it_pauses_is_finished_in_time(send: Send, clock: Any) -> None:
    parcel = send()
    do("county_officer", "ask", parcel, note="缺照片")
    clock.move_to(noon(2024, 12, 2))
    do("registrar", "withdraw", parcel)
    matter = stand(parcel)
    assert matter.finished_on == date(2024, 12, 2)
    assert matter.finish_due_on is not None
    assert matter.finished_on <= matter.finish_due_on


def test_both_clocks_end_at_their_steps(send: Send, clock: Any) -> None:
    parcel = send()
    clock.move_to(noon(2024, 10, 15))
    do("county_officer", "approve", parcel)
    clock.move_to(noon(2024, 10, 17))
    do("other_registrar", "receive", parcel)
    matter = stand(parcel)
    assert (matter.accepted_on, matter.finished_on) == (date(2024, 10, 15), date(2024, 10, 17))
    assert not Todo.objects.filter(matter=matter).exists()


def test_a_step_after_its_limit_is_recorded_as_late(send: Send, clock: Any) -> None:
    parcel = send()
    clock.move_to(noon(2024, 10, 18))
    do("county_officer", "approve", parcel)
    row = StepRecord.objects.get(matter=parcel.matter, step="approve")
    assert (row.due_on, row.was_late) == (date(2024, 10, 17), True)
    assert StepRecord.objects.get(matter=parcel.matter, step="send").was_late is False


def test_an_optional_step_in_the_same_state_moves_nobody_s_limit(send: Send, clock: Any) -> None:
    parcel = send()
    clock.move_to(noon(2024, 10, 16))
    do("county_officer", "check", parcel)
    assert due(parcel) == date(2024, 10, 17)
    assert stand(parcel).state_since == date(2024, 10, 14)


def test_days_late_are_counted_for_a_whole_page_with_one_question(sending: Any, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(1):
        late = LateDays(date(2024, 10, 15), date(2024, 9, 30))
        assert [late.of(day) for day in (date(2024, 9, 30), date(2024, 10, 11), date(2024, 10, 14))] == [7, 3, 1]
        assert [late.of(day) for day in (date(2024, 10, 15), date(2024, 11, 1), None)] == [0, 0, 0]
    assert LateDays(date(2039, 5, 9), date(2039, 5, 1)).of(date(2039, 5, 1)) is None


def extend(parcel: Any, until: date, part: str = "county_officer", clock: str = "finish", reason: str = "放假") -> Any:
    with in_reach(reach(part)):
        return extend_matter(stand(parcel), clock=clock, until=until, reason=reason, by=actor(part))


def test_an_extension_is_granted_recorded_and_bounded(send: Send) -> None:
    parcel = send()
    for part in ("registrar", "other_registrar", "head", "auditor", "stranger"):
        with pytest.raises(Refused, match="没有这项权限"):
            extend(parcel, date(2024, 11, 1), part)
    refused = {
        date(2024, 10, 28): "须晚于原期限", date(2024, 11, 5): "每次至多延长 5 个工作日，最晚到 2024-11-04",
    }  # fmt: skip
    for until, words in refused.items():
        with pytest.raises(Refused, match=words):
            extend(parcel, until)
    with pytest.raises(Refused, match="没有写明理由"):
        extend(parcel, date(2024, 11, 1), reason=" ")
    extend(parcel, date(2024, 11, 4))
    assert stand(parcel).finish_due_on == date(2024, 11, 4)
    (entry, *_rest) = events_of("procedures.matter", parcel.matter_id)
    assert (entry.action, entry.changes, entry.note) == (
        "procedures.extend", {"finish_due_on": ["2024-10-28", "2024-11-04"]}, "放假",
    )  # fmt: skip
    extend(parcel, date(2024, 11, 6))
    with pytest.raises(Refused, match="至多延期 2 次"):
        extend(parcel, date(2024, 11, 7))
    assert [item.new_due_on for item in Extension.objects.order_by("number")] == [date(2024, 11, 4), date(2024, 11, 6)]


def test_a_step_s_limit_is_put_off_within_that_of_the_matter(send: Send) -> None:
    parcel = send()
    extend(parcel, date(2024, 10, 21), clock="step")
    assert due(parcel) == date(2024, 10, 21)
    Matter.unguarded.filter(pk=parcel.matter_id).update(finish_due_on=date(2024, 10, 22))
    with pytest.raises(Refused, match="超过办结期限 2024-10-22"):
        extend(parcel, date(2024, 10, 23), clock="step")


def test_a_finished_or_paused_matter_is_not_put_off(send: Send) -> None:
    parcel = send()
    do("county_officer", "ask", parcel, note="缺")
    with pytest.raises(Refused, match="暂停计时"):
        extend(parcel, date(2024, 11, 1))
    do("registrar", "withdraw", parcel)
    with pytest.raises(Refused, match="已办结"):
        extend(parcel, date(2024, 11, 1))


def told(part: str) -> list[str]:
    return [item.text for item in unseen(reach(part))]


def test_reminders_come_before_the_limit_on_its_day_and_after_each_once(send: Send, clock: Any) -> None:
    parcel = send()
    do("county_officer", "approve", parcel)
    days = {
        (2024, 10, 16): 0, (2024, 10, 17): 1, (2024, 10, 18): 0, (2024, 10, 21): 1, (2024, 10, 22): 1, (2024, 10, 23): 0,
    }  # fmt: skip
    for day, expected in days.items():
        clock.move_to(noon(*day))
        assert remind_and_escalate().reminders == expected, day
        assert remind_and_escalate() == Told(0, 0)
    texts = told("other_registrar")
    assert len(texts) == 3
    assert "已到期" in texts[0]
    assert "今天截止" in texts[1]
    assert told("registrar") == [], "it is not their move"
    assert told("third_registrar") == []


def test_a_day_that_the_job_missed_is_made_up_for(send: Send, clock: Any) -> None:
    parcel = send()
    do("county_officer", "approve", parcel)
    clock.move_to(noon(2024, 10, 18))  # the reminder was due the day before
    assert remind_and_escalate().reminders == 1


def test_what_is_late_is_told_to_those_above_once_a_level_and_recorded(send: Send, clock: Any) -> None:
    parcel = send()
    clock.move_to(noon(2024, 10, 18))  # two working days late to accept it, one to approve it
    assert remind_and_escalate() == Told(1, 1)
    assert any("已逾期 2 个工作日" in text for text in told("county_officer"))
    assert told("director") == [], "and the director does not read parcels anyway"
    todo = Todo.objects.get(matter=parcel.matter)
    assert (todo.escalated_level, todo.escalated_on) == (1, date(2024, 10, 18))
    assert remind_and_escalate() == Told(0, 0)
    clock.move_to(noon(2024, 10, 21))  # three
    assert remind_and_escalate() == Told(0, 1)
    assert Todo.objects.get(matter=parcel.matter).escalated_level == 2
    escalations = Event.objects.filter(action="procedures.escalate", subject_id=parcel.matter_id)
    assert escalations.count() == 2
    assert events_of("procedures.matter", parcel.matter_id)[0].action_label == "逾期上报"


def test_a_matter_late_as_a_whole_is_late_though_its_step_is_not(send: Send, clock: Any) -> None:
    parcel = send()
    do("county_officer", "approve", parcel)
    Matter.unguarded.filter(pk=parcel.matter_id).update(finish_due_on=date(2024, 10, 15))
    clock.move_to(noon(2024, 10, 16))
    assert remind_and_escalate() == Told(1, 1)


def test_notices_of_a_matter_go_when_it_moves_on(send: Send, clock: Any) -> None:
    parcel = send()
    clock.move_to(noon(2024, 10, 18))
    remind_and_escalate()
    assert Notice.objects.filter(matter=parcel.matter).count() == 2
    do("county_officer", "approve", parcel)
    assert not Notice.objects.exists()


def test_a_notice_seen_by_one_is_seen_for_all_to_whom_it_went(sending: Any) -> None:
    notice("检查", to=parcels.ParcelSending.approve.by, unit_id=parcels.COUNTY).save()
    notice("本人", user_id=5).save()
    assert told("county_officer") == ["本人", "检查"]
    assert told("second_officer") == ["检查"]
    assert told("registrar") == []
    with in_reach(reach("second_officer")):
        mark_seen([item.pk for item in unseen(reach("second_officer"))], by=actor("second_officer"))
    assert told("county_officer") == ["本人"]
