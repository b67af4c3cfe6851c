"""Calling a meeting together, and calling it off."""

from datetime import datetime

from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor, current_reach
from xianxue.kernel.commands import Refused
from xianxue.meetings.models import AgendaItem, Body, Meeting
from xianxue.meetings.procedures import MeetingRecord
from xianxue.meetings.rules.provided import tell_dropped
from xianxue.people.models import Person


@MeetingRecord.convene.command
def convene(
    *,
    by: Actor,
    body: Body,
    title: str,
    starts_at: datetime,
    number: str = "",
    place: str = "",
    chair: Person | None = None,
) -> Meeting:
    """A new meeting of a body; `starts_at` may lie in the past, for one that is entered later.

    Without a number it gets the next of the body in that year. Refuses a number that the body has used.
    """
    if body.unit_id not in MeetingRecord.convene.by.scope(current_reach()):
        raise Refused(_("未能召集会议：您不是该单位的会议记录人。请选择本单位的议事机构。"), field="body")
    if body.ended_on is not None and body.ended_on < starts_at.date():
        raise Refused(_("未能召集会议：该机构在开会时间以前已经撤销。请核对机构和时间。"), field="body")
    if not title.strip():
        raise Refused(_("未能召集会议：没有写会议名称。请填写，如：2026年第11次党组织会议。"), field="title")
    chosen = number.strip() or _next_number(body, starts_at.year)
    if Meeting.objects.filter(body=body, number=chosen).exists():
        raise Refused(
            _("未能召集会议：编号 %(number)s 已经用过。请换一个编号，或空着由系统编号。") % {"number": chosen},
            field="number",
        )
    return Meeting(
        body=body,
        unit_id=body.unit_id,
        number=chosen,
        title=title.strip(),
        place=place.strip(),
        starts_at=starts_at,
        chair=chair,
        recorder_id=by.user_id,
    )


def _next_number(body: Body, year: int) -> str:
    used = set(Meeting.objects.filter(body=body, number__startswith=f"{year}-").values_list("number", flat=True))
    return next(number for count in range(1, len(used) + 2) if (number := f"{year}-{count:02d}") not in used)


@MeetingRecord.cancel.command
def cancel(meeting: Meeting, *, by: Actor) -> None:
    """Call it off; what stood on the agenda stays there, and whoever put it there has it back."""
    for item in AgendaItem.objects.filter(meeting=meeting).order_by("number"):
        tell_dropped(item, _("会议取消"), by)
