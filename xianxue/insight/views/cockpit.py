"""Cockpit, big screen, what waits for whom, and computing anew."""

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
from xianxue.kernel.indicators import attention
from xianxue.kernel.indicators.services import compute
from xianxue.kernel.resources.command_view import actor_of
from xianxue.kernel.ui.pages import TablePage
from xianxue.kernel.ui.parts import Link
from xianxue.kernel.ui.tables import Cell, HeadCell, Row, TableView
from xianxue.organisations.models import Unit

FIRST_WAITING = 6
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
    names = dict(
        Unit.objects.filter(pk__in=[one.matter.unit_id for one in made.waiting[:FIRST_WAITING]]).values_list(
            "pk", "short_name"
        )
    )
    place = unit.name if unit else _("全县一览") if sees_county() else _("所辖范围一览")
    context = {
        "cockpit": made,
        "waiting": [(one, names.get(one.matter.unit_id, "")) for one in made.waiting[:FIRST_WAITING]],
        "waiting_all": _("全部 %(count)s 件") % {"count": len(made.waiting)},
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
        "waiting_all": _("共 %(count)s 件") % {"count": len(made.waiting)},
        "title": _("%(year)s 年 · 五大行动") % {"year": year},
    }
    return render(request, "insight/big_screen.html", context)


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Everything that waits for somebody, late first."""
    day = cockpit.as_of(year_of(request))
    lines = [cockpit.waiting(one, day) for one in attention.matters(day)]
    table = TableView(
        columns=[
            HeadCell("title", _("事项")),
            HeadCell("missing", _("缺什么")),
            HeadCell("owner", _("等谁")),
            HeadCell("due", _("时限")),
        ],
        rows=[
            Row(
                [
                    Cell(one.matter.title),
                    Cell(one.matter.missing),
                    Cell(one.matter.owner),
                    Cell(one.pill.text, "pill", tone=one.pill.tone),
                ],
                href=one.matter.href,
            )
            for one in lines
        ],
        total=len(lines),
        label=_("该谁办"),
        empty_title=_("没有等待办理的事项"),
    )
    page = TablePage(_("该谁办"), table, sub=_("%(count)s 件 · 逾期的在前") % {"count": len(lines)})
    return render(request, "ui/table_page.html", {"page": page})


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
