"""The meeting desk: a page of small forms, which a script sends as entries; without it they are sent one by one."""

import json
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from xianxue.kernel.access import current_reach
from xianxue.kernel.procedures.selectors import visible_matters
from xianxue.kernel.resources.command_view import actor_of
from xianxue.meetings.access import RECORDS
from xianxue.meetings.choices import AgendaKind, BallotChoice, RecusalGround, RecusalSource, Stance, VoteMethod
from xianxue.meetings.models import Meeting
from xianxue.meetings.selectors.desk import desk_of
from xianxue.meetings.services.desk import MOST, Answer, Entry, take

LARGEST = 200_000
CHOICES = {
    "stances": Stance, "grounds": RecusalGround, "sources": RecusalSource, "methods": VoteMethod, "ballots": BallotChoice,
    "kinds": AgendaKind,
}  # fmt: skip


def readable(pk: int) -> Meeting:
    """A meeting whose matter the person may read; absent and out of reach look alike."""
    rows = Meeting.objects.filter(pk=pk, matter__in=visible_matters())
    found: Meeting | None = rows.select_related("matter", "unit", "body", "chair").first()
    if found is None:
        raise Http404
    return found


def recorded(pk: int) -> Meeting:
    """A readable meeting, for its unit's recorder; for other readers it is forbidden."""
    meeting = readable(pk)
    if meeting.unit_id not in RECORDS.scope(current_reach()):
        raise PermissionDenied
    return meeting


@require_safe
@never_cache
def desk_page(request: HttpRequest, pk: int) -> HttpResponse:
    """The desk; `?part` gives what changes alone, for the script."""
    meeting = recorded(pk)
    shown = {"desk": desk_of(meeting), **{name: choices.choices for name, choices in CHOICES.items()}}
    name = "meetings/desk/body.html" if "part" in request.GET else "meetings/desk.html"
    return render(request, name, shown)


@require_safe
@never_cache
def desk_revision(_request: HttpRequest, pk: int) -> JsonResponse:
    """The number of the last entry, and where the meeting stands: asked every few seconds."""
    meeting = recorded(pk)
    return JsonResponse({"revision": meeting.revision, "state": meeting.matter.state})


@sensitive_post_parameters()
@require_POST
@never_cache
def desk_entries(request: HttpRequest, pk: int) -> HttpResponse:
    """Entries as JSON ({"sent_at", "entries": [{key, act, noted_at, data}]}), or one from a form without a script.

    `sent_at` is when the recorder's machine thinks it is: by how much its clock is wrong is taken out of every moment.
    """
    meeting = recorded(pk)
    if request.content_type != "application/json":
        return _from_form(request, meeting)
    try:
        entries = _read(request.body)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return JsonResponse({"error": _("未能记入：读不懂送来的内容。请刷新页面后再试。")}, status=400)
    answers = take(meeting, entries, by=actor_of(request))
    meeting.refresh_from_db(fields=["revision"])
    return JsonResponse({"answers": [_told(one) for one in answers], "revision": meeting.revision})


def _read(body: bytes) -> list[Entry]:
    if len(body) > LARGEST:
        raise ValueError
    given = json.loads(body)
    rows = given["entries"]
    if not isinstance(rows, list) or len(rows) > MOST:
        raise ValueError
    read = [Entry(UUID(row["key"]), str(row["act"]), _moment(row["noted_at"]), dict(row["data"])) for row in rows]
    if "sent_at" not in given:
        return read
    wrong_by = timezone.now() - _moment(given["sent_at"])
    return [replace(entry, noted_at=entry.noted_at + wrong_by) for entry in read]


def _moment(text: Any) -> datetime:
    found = parse_datetime(str(text))
    if found is None or timezone.is_naive(found):
        raise ValueError
    return found


def _told(answer: Answer) -> dict[str, Any]:
    return {"key": str(answer.key), "done": not answer.refusal, "why": answer.refusal, "repeated": answer.is_repeated}


def _from_form(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    data = {name: request.POST[name] for name in request.POST if name not in {"act", "csrfmiddlewaretoken"}}
    entry = Entry(uuid4(), request.POST.get("act", ""), timezone.now(), data)
    answer = take(meeting, [entry], by=actor_of(request))[0]
    if answer.refusal:
        messages.error(request, answer.refusal)
    else:
        messages.success(request, _("已记入。"))
    return HttpResponseRedirect(reverse("meeting-desk", args=(meeting.pk,)))
