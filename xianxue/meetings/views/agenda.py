"""The page of a meeting's agenda and guests: what is put on, taken off, moved; who is invited."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused
from xianxue.kernel.resources.command_view import actor_of
from xianxue.meetings.choices import AgendaKind, AttendanceRole
from xianxue.meetings.models import AgendaItem, Attendance, Meeting
from xianxue.meetings.selectors.agenda import agenda_of, inspectors_of, staff_of
from xianxue.meetings.services import agenda, guests
from xianxue.meetings.views.desk import recorded

KINDS = (AgendaKind.STUDY, AgendaKind.REPORT, AgendaKind.WORK)
"""What is put on by hand; what is decided comes from whoever prepared it, with its rules."""
ROLES = (AttendanceRole.ATTENDING, AttendanceRole.RECORDER)


@require_safe
@never_cache
def agenda_page(request: HttpRequest, pk: int) -> HttpResponse:
    """Agenda and guests of one meeting, for its recorder."""
    meeting = recorded(pk)
    shown = {
        "agenda": agenda_of(meeting),
        "kinds": [(kind.value, kind.label) for kind in KINDS],
        "roles": [(role.value, role.label) for role in ROLES],
        "staff": staff_of(meeting),
        "inspectors": inspectors_of(meeting),
    }
    return render(request, "meetings/agenda.html", shown)


@require_POST
def agenda_act(request: HttpRequest, pk: int) -> HttpResponse:
    """One act of the page: `act` says which."""
    meeting = recorded(pk)
    doing = ACTS.get(request.POST.get("act", ""), _unknown)
    try:
        done = doing(request, meeting, actor_of(request))
    except Refused as refused:
        messages.error(request, refused.message)
    else:
        messages.success(request, done)
    return HttpResponseRedirect(reverse("meeting-agenda", args=(pk,)))


def _add(request: HttpRequest, meeting: Meeting, by: Actor) -> str:
    kind = request.POST.get("kind", "")
    agenda.add_item(
        meeting,
        by=by,
        kind=kind if kind in KINDS else "",
        title=request.POST.get("title", ""),
        late_reason=request.POST.get("late_reason", ""),
        late_approved_by=request.POST.get("late_approved_by", ""),
    )
    return _("已列入议程。")


def _drop(request: HttpRequest, meeting: Meeting, by: Actor) -> str:
    agenda.drop_item(_row(request, AgendaItem, meeting), by=by, reason=request.POST.get("reason", ""))
    return _("已从议程上撤下。")


def _move(request: HttpRequest, meeting: Meeting, by: Actor) -> str:
    agenda.move_item(_row(request, AgendaItem, meeting), by=by, up=request.POST.get("up") == "1")
    return _("议程顺序已调整。")


def _invite(request: HttpRequest, meeting: Meeting, by: Actor) -> str:
    person, name = _chosen(request, "person"), request.POST.get("name", "")
    role = request.POST.get("role", "")
    guests.invite(
        meeting,
        by=by,
        role=role if role in ROLES else "",
        person=staff_of(meeting).filter(pk=person).first() if person else None,
        name="" if person else name,
        duty=request.POST.get("duty", ""),
    )
    return _("已登记。")


def _watch(request: HttpRequest, meeting: Meeting, by: Actor) -> str:
    user = inspectors_of(meeting).filter(pk=_chosen(request, "user")).first()
    guests.invite(meeting, by=by, role=AttendanceRole.INSPECTOR, user=user, duty=_("派驻监督"))
    return _("已登记。")


def _uninvite(request: HttpRequest, meeting: Meeting, by: Actor) -> str:
    guests.uninvite(_row(request, Attendance, meeting), by=by)
    return _("已从名单上去掉。")


def _unknown(_request: HttpRequest, _meeting: Meeting, _by: Actor) -> str:
    raise Refused(_("未能办理：没有这种操作。请刷新页面后再试。"))


def _chosen(request: HttpRequest, name: str) -> int:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 19 else 0


def _row(request: HttpRequest, model: Any, meeting: Meeting) -> Any:
    rows = model.objects.filter(meeting=meeting).select_related("meeting")
    return get_object_or_404(rows, pk=_chosen(request, "row"))


Doing = Callable[[HttpRequest, Meeting, Actor], str]
ACTS: dict[str, Doing] = {
    "add": _add, "drop": _drop, "move": _move, "invite": _invite, "watch": _watch, "uninvite": _uninvite,
}  # fmt: skip
