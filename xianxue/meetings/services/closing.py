"""The end of an item and of the meeting."""

from datetime import date, datetime

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command
from xianxue.kernel.procedures import clock
from xianxue.meetings.choices import AgendaKind, ItemOutcome, ItemState
from xianxue.meetings.models import AgendaItem, Meeting, Vote
from xianxue.meetings.procedures import MeetingRecord
from xianxue.meetings.rules.provided import rules_of, tell_changed, tell_done
from xianxue.meetings.selectors.rosters import is_entered_later
from xianxue.meetings.services.frame import item_for, moment, refusal, trace


@command("meetings.item_ended", label=gettext_lazy("议毕"))
def end_item(
    item: AgendaItem,
    *,
    by: Actor,
    summary: str = "",
    resolution: str = "",
    stated: str = "",
    at: datetime | None = None,
) -> AgendaItem:
    """Close an item with what its vote says; an item without rules is noted. Whoever put it there is told.

    Refused while a decision has not been voted upon. `stated`: passed or rejected, as the paper of a meeting entered
    later says, even without a vote or against its count: it is told as it was, and the checks find it.
    """
    found = _open(item, by)
    vote = Vote.objects.filter(item=found).first()
    if stated:
        _refuse_stated(found, stated)
    if not stated and vote is None and found.kind == AgendaKind.DECISION and rules_of(found) is not None:
        raise refusal(_("这项议程还没有表决。请先表决；不能表决的，写明理由缓议。"))
    if vote is not None and vote.closed_at is None:
        raise refusal(_("正在表决。请先结束表决。"))
    found.summary = summary.strip() or found.summary
    found.resolution = resolution.strip() or found.resolution
    outcome = ItemOutcome.NOTED
    if vote is not None:
        outcome = ItemOutcome.PASSED if vote.is_passed else ItemOutcome.REJECTED
    return _close(found, stated or outcome, moment(at), by)


def _refuse_stated(item: AgendaItem, stated: str) -> None:
    if not is_entered_later(item.meeting):
        raise refusal(_("结果由表决决定，不能填写。补录以前的会议，才能照原记录填写结果。"), field="stated")
    if stated not in {ItemOutcome.PASSED, ItemOutcome.REJECTED} or rules_of(item) is None:
        raise refusal(_("这项议程不能填写这个结果。议决事项填通过或未通过，其他事项空着。"), field="stated")


@command("meetings.postponed", label=gettext_lazy("缓议"))
def postpone(
    item: AgendaItem, *, by: Actor, reason: str, until: date | None = None, at: datetime | None = None
) -> AgendaItem:
    """Put an item off: why, and until when. Refused once it has been voted upon."""
    found = _open(item, by)
    if Vote.objects.filter(item=found).exists():
        raise refusal(_("已经开始表决或表决过，不能缓议。表决还没有结束的，请先作废。"))
    if not reason.strip():
        raise refusal(_("没有写缓议的理由。请填写。"), field="reason")
    if until is not None and until <= timezone.localdate(found.meeting.starts_at):
        raise refusal(_("缓议的日期应在开会那天以后。请核对。"), field="until")
    found.postponed_reason, found.postponed_until = reason.strip(), until
    return _close(found, ItemOutcome.POSTPONED, moment(at), by)


def _open(item: AgendaItem, by: Actor) -> AgendaItem:
    found = item_for(item, by)
    if found.state == ItemState.CLOSED:
        raise refusal(_("这项议程已经议毕。请刷新页面后核对。"))
    if found.state == ItemState.WAITING:
        found.began_at = None
    return found


def _close(item: AgendaItem, outcome: str, at: datetime, by: Actor) -> AgendaItem:
    if item.began_at is not None and at < item.began_at:
        raise refusal(_("议毕时间早于开始讨论的时间。请核对时间。"), field="at")
    if item.began_at is None and outcome != ItemOutcome.POSTPONED:
        raise refusal(_("这项议程还没有开始讨论。请先开始讨论，或写明理由缓议。"))
    item.state, item.outcome, item.ended_at = ItemState.CLOSED, outcome, at
    item.save(
        update_fields=[
            "state", "outcome", "ended_at", "summary", "resolution", "postponed_reason", "postponed_until",
        ]
    )  # fmt: skip
    trace(item.meeting, {"outcome": (None, outcome)}, note=item.postponed_reason, facts={"item": item.number})
    tell_done(item, by)
    return item


@MeetingRecord.end.command
def end_meeting(meeting: Meeting, *, by: Actor, at: datetime | None = None) -> None:
    """End the meeting. `at` is when it ended; when it was entered is written beside it, and not for anybody to choose."""
    meeting.ended_at, meeting.entered_at = moment(at), clock.now()
    if meeting.began_at and meeting.ended_at < meeting.began_at:
        raise refusal(_("结束时间早于开始时间。请核对时间。"), field="at")
    meeting.save(update_fields=["ended_at", "entered_at"])
    trace(meeting, {"ended_at": (None, meeting.ended_at), "entered_at": (None, meeting.entered_at)})
    tell_changed(meeting, by)
