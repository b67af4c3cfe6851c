"""The page of all schools for the bureau, the discipline office and the director."""

from django.core.exceptions import PermissionDenied
from django.db.models import Max
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from xianxue.decisions.access import OVERSEES
from xianxue.decisions.models import Proposal
from xianxue.decisions.resources import overview as shown
from xianxue.decisions.selectors.overview import overview
from xianxue.kernel.access import current_reach

YEARS = range(2000, 2100)


@require_safe
def overview_page(request: HttpRequest) -> HttpResponse:
    """One year of every public school; that of the newest proposal unless the address names another."""
    if not OVERSEES.scope(current_reach()):
        raise PermissionDenied
    text = request.GET.get("year", "")
    year = int(text) if text.isascii() and text.isdecimal() and len(text) == 4 else _year()
    if year not in YEARS:
        raise Http404
    return render(request, "decisions/overview.html", {"page": shown.page(overview(year))})


def _year() -> int:
    """The year of the newest proposal; this year where there is none."""
    newest = Proposal.objects.aggregate(day=Max("proposed_on"))["day"]
    return (newest or timezone.localdate()).year
