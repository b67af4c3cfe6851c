"""The page of the checks of an app, for everybody who reads its findings.

An app gives it an address: `path("checks/", checks_page, {"suite": "decisions"}, name="decisions-checks")`.
"""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xianxue.kernel.access import current_reach
from xianxue.kernel.checks import pages
from xianxue.kernel.checks.declaration import get


@require_safe
def checks_page(request: HttpRequest, suite: str) -> HttpResponse:
    """Every check, with how often its findings in reach were confirmed and dismissed."""
    declared = get(suite)
    if not declared.procedure.read.scope(current_reach()):
        raise PermissionDenied
    return render(request, "checks/checks.html", {"page": pages.page(declared)})
