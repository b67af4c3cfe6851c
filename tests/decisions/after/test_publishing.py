"""A decision is made public for so many working days; objections stop the clock; nothing confidential goes out."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from tests.cast import Cast
from tests.decisions.after import rows
from tests.decisions.after.desk import Desk
from xianxue.decisions.models import Objection, Publication
from xianxue.decisions.rules.publishing import counted, last_day
from xianxue.decisions.services import execution, publishing
from xianxue.kernel.commands import Refused
from xianxue.kernel.history.selectors import events_of
from xianxue.kernel.procedures.calendar import add_working_days

CHINA = ZoneInfo("Asia/Shanghai")
NOTICE = {"place": "校务公开栏", "text": "拟购置图书室书架 42 组。"}


def _next(day: date) -> date:
    """Weekdays alone, for the pure rules."""
    step = {4: 3, 5: 2}.get(day.weekday(), 1)
    return date.fromordinal(day.toordinal() + step)


@pytest.fixture
def clock() -> Iterator[Any]:
    """Tuesday, 8 October 2024; Saturday the 12th is a working day."""
    with time_machine.travel(datetime(2024, 10, 8, 10, tzinfo=CHINA), tick=False) as traveller:
        yield traveller


def on(clock: Any, day: int) -> None:
    clock.move_to(datetime(2024, 10, day, 10, tzinfo=CHINA))


# --- the rule ---


def test_the_first_day_does_not_count_and_days_off_do_not() -> None:
    assert last_day(date(2024, 9, 5), 5, (), today=date(2024, 9, 5), next_working_day=_next) == date(2024, 9, 12)


def test_days_with_an_open_objection_do_not_count_from_the_day_it_came_to_the_day_it_was_settled() -> None:
    stops = [(date(2024, 9, 9), date(2024, 9, 10))]
    start = date(2024, 9, 5)
    end = last_day(start, 5, stops, today=date(2024, 9, 20), next_working_day=_next)
    assert end == date(2024, 9, 16)
    assert counted(start, end, stops, next_working_day=_next) == 5


def test_two_objections_at_once_stop_a_day_once() -> None:
    stops = [(date(2024, 9, 9), date(2024, 9, 10)), (date(2024, 9, 10), date(2024, 9, 11))]
    assert last_day(date(2024, 9, 5), 5, stops, today=date(2024, 9, 20), next_working_day=_next) == date(2024, 9, 17)


@pytest.mark.parametrize(("today", "end"), [(9, 13), (12, 18)])
def test_while_an_objection_is_open_the_last_day_moves_with_today(today: int, end: int) -> None:
    stops = [(date(2024, 9, 9), None)]
    found = last_day(date(2024, 9, 5), 5, stops, today=date(2024, 9, today), next_working_day=_next)
    assert found == date(2024, 9, end)


def test_an_objection_on_a_day_off_stops_no_working_day() -> None:
    stops = [(date(2024, 9, 7), date(2024, 9, 8))]
    assert last_day(date(2024, 9, 5), 5, stops, today=date(2024, 9, 20), next_working_day=_next) == date(2024, 9, 12)


# --- the steps ---


def test_a_publication_runs_the_working_days_of_its_entry(cast: Cast, recorder: Desk, clock: Any) -> None:
    proposal = rows.proposal(cast)
    recorder.does(publishing.publish, proposal, **NOTICE)
    made = Publication.objects.get()
    assert (made.started_on, made.due_on, made.ended_on) == (date(2024, 10, 8), date(2024, 10, 14), None)
    assert made.due_on == add_working_days(made.started_on, 5)
    proposal.matter.refresh_from_db()
    assert proposal.matter.state == "published"
    (event,) = events_of("decisions.publication", made.pk)
    assert event.changes == {"place": [None, "校务公开栏"], "due_on": [None, "2024-10-14"]}


def test_without_days_of_its_own_the_rules_of_its_version_say_how_long(cast: Cast, recorder: Desk, clock: Any) -> None:
    proposal = rows.proposal(cast, entry=rows.entry(cast, publication_days=None))
    proposal.rule_set.rules["checks"]["C21"]["parameters"]["working_days"] = 2
    proposal.rule_set.save()
    recorder.does(publishing.publish, proposal, **NOTICE)
    assert Publication.objects.get().due_on == date(2024, 10, 10)


def test_what_is_confidential_is_not_made_public_and_the_basis_is_told(cast: Cast, recorder: Desk, clock: Any) -> None:
    proposal = rows.proposal(cast, is_confidential=True, confidential_basis="涉及学生个人隐私")
    with pytest.raises(Refused, match="涉及学生个人隐私"):
        recorder.does(publishing.publish, proposal, **NOTICE)
    assert not Publication.objects.exists()


def test_an_objection_moves_the_end_and_its_settling_fixes_it(
    cast: Cast, recorder: Desk, secretary: Desk, clock: Any
) -> None:
    proposal = rows.proposal(cast)
    recorder.does(publishing.publish, proposal, **NOTICE)
    on(clock, 10)
    recorder.does(publishing.object_to, proposal, received_on=date(2024, 10, 10), content="价格偏高")
    made = Publication.objects.get()
    assert made.due_on == date(2024, 10, 15)
    on(clock, 12)
    secretary.does(publishing.settle, proposal, objection=Objection.objects.get(), result="经核实，三家询价，价格属实")
    made.refresh_from_db()
    # 9 counts; 10, 11 and 12 (a working Saturday) do not; then 14, 15, 16, 17.
    assert made.due_on == date(2024, 10, 17)


def test_it_ends_neither_early_nor_with_an_objection_open(
    cast: Cast, recorder: Desk, secretary: Desk, clock: Any
) -> None:
    proposal = rows.proposal(cast)
    recorder.does(publishing.publish, proposal, **NOTICE)
    on(clock, 12)
    with pytest.raises(Refused, match="2024-10-14，还没有期满"):
        recorder.does(publishing.end, proposal)
    recorder.does(publishing.object_to, proposal, received_on=date(2024, 10, 11), content="价格偏高")
    on(clock, 25)
    with pytest.raises(Refused, match="还有 1 条异议没有处理"):
        recorder.does(publishing.end, proposal)
    secretary.does(publishing.settle, proposal, objection=Objection.objects.get(), result="已答复")
    with pytest.raises(Refused, match="还没有期满"):
        recorder.does(publishing.end, proposal)
    on(clock, 30)
    recorder.does(publishing.end, proposal)
    assert Publication.objects.get().ended_on == date(2024, 10, 30)


@pytest.mark.parametrize("day", [date(2024, 10, 7), date(2024, 10, 9)])
def test_an_objection_comes_while_it_is_public_and_not_in_the_future(
    cast: Cast, recorder: Desk, clock: Any, day: date
) -> None:
    proposal = rows.proposal(cast)
    recorder.does(publishing.publish, proposal, **NOTICE)
    with pytest.raises(Refused, match="收到日期") as refused:
        recorder.does(publishing.object_to, proposal, received_on=day, content="价格偏高")
    assert refused.value.field == "received_on"


def test_nothing_is_assigned_before_the_publication_is_over(cast: Cast, recorder: Desk, clock: Any) -> None:
    proposal = rows.proposal(cast)
    task = {"what": "签合同", "owner_name": "钱主任", "due_on": date(2024, 11, 30)}
    with pytest.raises(Refused, match="须公示 5 个工作日"):
        recorder.does(execution.assign, proposal, **task)
    recorder.does(publishing.publish, proposal, **NOTICE)
    with pytest.raises(Refused, match="公示还没有结束，截止2024-10-14"):
        recorder.does(execution.assign, proposal, **task)
    on(clock, 14)
    recorder.does(publishing.end, proposal)
    recorder.does(execution.assign, proposal, **task)
    proposal.matter.refresh_from_db()
    assert proposal.matter.state == "executing"


def test_an_appointment_on_no_list_is_made_public_too(cast: Cast, recorder: Desk, clock: Any) -> None:
    proposal = rows.proposal(cast, entry=None, category="personnel")
    task = {"what": "办理聘任手续", "owner_name": "钱主任", "due_on": date(2024, 11, 30)}
    with pytest.raises(Refused, match="须公示 5 个工作日"):
        recorder.does(execution.assign, proposal, **task)


def test_another_schools_recorder_makes_nothing_public(cast: Cast, clock: Any) -> None:
    with pytest.raises(Refused):
        Desk(cast, "other_recorder").does(publishing.publish, rows.proposal(cast), **NOTICE)
    assert not Publication.unguarded.exists()
