"""Cockpit, big screen, and computing anew."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xianxue.insight import cockpit
from xianxue.insight.access import RECOMPUTES, SEES_COUNTY
from xianxue.insight.views.common import own_school, sees_county, unit_or_404, year_in, year_of, years
from xianxue.kernel.access import Grant, current_reach
from xianxue.kernel.indicators.services import compute
from xianxue.kernel.resources.command_view import actor_of
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.parts import Link
from xianxue.organisations.models import Unit

ON_WALL = 5


def _holds(grant: Grant) -> bool:
    return bool(grant.scope(current_reach()))


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """The county for those who work for it; their own school for the others."""
    return _page(request, None if sees_county() else own_school(), reverse("cockpit"))


@require_safe
def of_unit(request: HttpRequest, pk: int) -> HttpResponse:
    """One school's page."""
    unit = unit_or_404(pk)
    return _page(request, unit, reverse("cockpit-unit", args=(unit.pk,)))


def _page(request: HttpRequest, unit: Unit | None, href: str) -> HttpResponse:
    year = year_of(request)
    made = cockpit.build(year, unit=unit)
    place = unit.name if unit else _("全县一览") if sees_county() else _("所辖范围一览")
    context = {
        "cockpit": made,
        "waiting_all": _("全部 %(count)s 件") % {"count": formats.grouped(made.waiting_total)},
        "title": _("%(year)s 年 · %(place)s") % {"year": year, "place": place},
        "years": years(year, href),
        "trail": [Link(_("驾驶舱"), reverse("cockpit")), Link(unit.name)] if unit and sees_county() else [],
        "may_report": _holds(SEES_COUNTY) and unit is None,
        "may_recompute": _holds(RECOMPUTES) and unit is None,
        "back": href,
    }
    return render(request, "insight/cockpit.html", context)


@require_safe
def big_screen(request: HttpRequest) -> HttpResponse:
    """The cockpit for a wall: the same figures, larger, without controls."""
    year = year_of(request)
    made = cockpit.build(year, unit=None if sees_county() else own_school())
    context = {
        "cockpit": made,
        "waiting": made.waiting[:ON_WALL],
        "waiting_all": _("共 %(count)s 件") % {"count": formats.grouped(made.waiting_total)},
        "title": _("%(year)s 年 · 五大行动") % {"year": year},
    }
    return render(request, "insight/big_screen.html", context)


@require_POST
def recompute(request: HttpRequest) -> HttpResponse:
    """Compute a year anew from the records as they are now."""
    if not _holds(RECOMPUTES):
        return HttpResponse(status=403)
    year = year_in(request.POST.get("year", ""))
    for wanted in (year - 1, year):
        compute(wanted, by=actor_of(request))
    messages.success(request, _("%(year)s 年的数字已按现有记录重新计算。") % {"year": year})
    return HttpResponseRedirect(f"{reverse('cockpit')}?year={year}")
