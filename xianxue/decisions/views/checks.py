"""The page of the 25 checks, for everybody who reads findings."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from xianxue.decisions.access import READS
from xianxue.decisions.resources import checks as shown
from xianxue.decisions.selectors.checks import check_lines
from xianxue.decisions.selectors.rule_sets import book_on
from xianxue.kernel.access import current_reach


@require_safe
def checks_page(request: HttpRequest) -> HttpResponse:
    """Every check, with how often its findings in reach were confirmed and dismissed."""
    if not READS.scope(current_reach()):
        raise PermissionDenied
    page = shown.page(check_lines(), book_on(timezone.localdate()))
    return render(request, "decisions/checks.html", {"page": page})
