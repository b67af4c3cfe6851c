"""A member's meetings: the notice and its receipt, the vote, the record to sign; for an inspector, the opinion."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from xianxue.kernel.access import Actor, current_reach
from xianxue.kernel.commands import Refused
from xianxue.kernel.procedures.presenting import state_pill
from xianxue.kernel.procedures.selectors import visible_matters
from xianxue.kernel.resources.command_view import actor_of
from xianxue.meetings.access import INSPECTS, READS, RECORDS, SITS
from xianxue.meetings.choices import BallotChoice
from xianxue.meetings.models import AgendaItem, Attendance, Meeting
from xianxue.meetings.selectors.desk import ItemLine, desk_of
from xianxue.meetings.services import notices, speaking, voting
from xianxue.meetings.services.frame import BEFORE, OPEN
from xianxue.meetings.services.signing import amend
from xianxue.meetings.views.desk import readable

SHOWN = 60


@require_safe
@never_cache
def my_meetings(request: HttpRequest) -> HttpResponse:
    """Meetings to which the person is called, latest first; for an inspector and a recorder those of their schools."""
    reach = current_reach()
    if not SITS.scope(reach):
        raise PermissionDenied
    rows = Meeting.objects.filter(matter__in=visible_matters()).select_related("matter", "unit", "body")
    if not (INSPECTS | RECORDS).scope(reach):
        called = Attendance.objects.filter(user_id=reach.user_id).values("meeting_id")
        rows = rows.filter(pk__in=called)
    found = list(rows.order_by("-starts_at")[:SHOWN])
    return render(request, "meetings/mine.html", {"meetings": [(one, state_pill(one.matter.current)) for one in found]})


@require_safe
@never_cache
def member_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One meeting as its members, and those who may read it, see it."""
    meeting = readable(pk)
    reach, state = current_reach(), meeting.matter.state
    desk = desk_of(meeting)
    me = next((one for one in desk.attendances if reach.user_id and one.user_id == reach.user_id), None)
    signers = set(meeting.signatures.values_list("person_id", flat=True))
    for line in desk.items:
        _fill_turn(line, me)
    shown = {
        "desk": desk,
        "me": me,
        "pill": state_pill(meeting.matter.current),
        "ballots": BallotChoice.choices,
        "signatures": list(meeting.signatures.order_by("pk")),
        "amendments": list(meeting.amendments.select_related("item").order_by("number")),
        "has_signed": me is not None and me.person_id in signers,
        "may_read": state in notices.HELD,
        "may_inspect": state in OPEN and meeting.unit_id in INSPECTS.scope(reach),
        "may_record": state in (*BEFORE, *OPEN) and meeting.unit_id in RECORDS.scope(reach),
        "may_amend": state == "locked" and meeting.unit_id in RECORDS.scope(reach),
    }
    return render(request, "meetings/member.html", shown)


def _fill_turn(line: ItemLine, me: Attendance | None) -> None:
    """How the person stands to the item's open vote: `open`, `cast`; nothing where the person has no vote."""
    mine = next((one for one in line.voters if me and one.attendance.pk == me.pk), None)
    if line.is_voting and mine is not None:
        line.turn = "cast" if line.is_secret and mine.has_cast else "open"
        line.mine = mine.choice


@sensitive_post_parameters()
@require_POST
def member_act(request: HttpRequest, pk: int) -> HttpResponse:
    """A receipt, a ballot, an inspector's opinion, or a recorder's correction of a locked record."""
    meeting = readable(pk)
    by = actor_of(request)
    if meeting.unit_id not in READS.scope(current_reach()):
        raise PermissionDenied
    try:
        done = _act(request, meeting, by)
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("meeting-member", args=(pk,)))


def _act(request: HttpRequest, meeting: Meeting, by: Actor) -> str:
    act, text = request.POST.get("act", ""), request.POST.get("text", "")
    if act == "read":
        notices.acknowledge(meeting, by=by)
        return _("已阅知会议通知。")
    if act == "amend":
        amend(meeting, by=by, text=text, reason=request.POST.get("reason", ""))
        return _("更正已追加，原文保留。")
    number = request.POST.get("item", "")
    item = get_object_or_404(AgendaItem.objects.filter(meeting=meeting), pk=int(number) if number.isdecimal() else 0)
    if act == "vote":
        voting.cast_own(item, by=by, choice=request.POST.get("choice", ""))
        return _("已投票。")
    if act == "inspect":
        speaking.inspect(item, by=by, text=text)
        return _("监督意见已记入。")
    raise Refused(_("未能办理：没有这种操作。请刷新页面后再试。"))
