"""The page of a proposal before its meeting: what is there, what is missing, and the way to the agenda."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xianxue.decisions.access import READS
from xianxue.decisions.models import Proposal
from xianxue.decisions.resources.preflight import PreflightPage
from xianxue.kernel.access import Actor, current_reach


@require_safe
def preflight_page(request: HttpRequest, pk: int) -> HttpResponse:
    """One proposal; absent, out of reach and not one's business are the same 404."""
    reach = current_reach()
    rows = Proposal.objects.filter(READS.scope(reach).q("unit_id"), pk=pk)
    proposal = rows.select_related("matter", "unit", "rule_set", "entry__edition").first()
    if proposal is None:
        raise Http404
    page = PreflightPage(proposal, Actor(user_id=reach.user_id, label=reach.label, via="page")).page()
    return render(request, "decisions/preflight.html", {"page": page})
