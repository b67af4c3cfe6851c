"""The page of published decisions, for anybody: closed unless the county opens it, short-lived in caches."""

from uuid import UUID

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from xianxue.accounts.selectors import bureau_name
from xianxue.decisions.selectors import public

FRESH = 300
"""Seconds for which a cache before the server may answer: many readers cost it one."""
LAST_PAGE = 500


def _refuse_closed() -> None:
    """A county that has not opened the page has none: nothing tells whether there are notices."""
    if not settings.PUBLIC_DECISIONS:
        raise Http404


@login_not_required
@require_safe
@cache_control(public=True, max_age=FRESH)
def listing(request: HttpRequest) -> HttpResponse:
    """Notices, newest first; `?page=` beyond the last gives the last."""
    _refuse_closed()
    text = request.GET.get("page", "")
    number = int(text) if text.isascii() and text.isdecimal() and len(text) <= len(str(LAST_PAGE)) else 1
    found = public.notices(min(number, LAST_PAGE))
    return _quiet(render(request, "decisions/public_list.html", {"notices": found}))


@login_not_required
@require_safe
@cache_control(public=True, max_age=FRESH)
def one(request: HttpRequest, key: UUID) -> HttpResponse:
    """One notice: what was decided, where it hangs, until when, and where to object."""
    _refuse_closed()
    found = public.notice(key)
    if found is None:
        raise Http404
    context = {
        "notice": found,
        "bureau": bureau_name(),
        "lines": [one for one in found.text.splitlines() if one.strip()],
    }
    return _quiet(render(request, "decisions/public_notice.html", context))


def _quiet(response: HttpResponse) -> HttpResponse:
    """Notices name people and end: they are for readers, not for the indexes of search engines."""
    response.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response
