"""Pages of a figure: its meaning and value, a school's part of it, the rows, and the rows as a workbook."""

from dataclasses import replace
from io import BytesIO
from typing import Any

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from xianxue.insight import catalogue, figure_page, rows, shown
from xianxue.insight.catalogue import Figure
from xianxue.insight.figure_page import Asked
from xianxue.insight.views.common import unit_or_404, year_in, year_of
from xianxue.kernel import indicators
from xianxue.kernel.access import current_reach
from xianxue.kernel.indicators import Indicator, Period, selectors
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.parts import Link, Tab
from xianxue.kernel.ui.systems import groups, systems
from xianxue.organisations.models import Unit


def _found(code: str) -> tuple[Indicator | None, Figure | None]:
    """The indicator of that code, or that of the figure with that id; 404 for neither."""
    published = catalogue.figure(code)
    item = published.indicator if published else indicators.find(code)
    if item is not None and published is None:
        published = catalogue.figure(item.figure) if item.figure else None
    if item is None and published is None:
        raise Http404
    return item, published


def _period(request: HttpRequest, item: Indicator) -> Period:
    """The period asked for, by key or by year."""
    key = request.GET.get("period", "")
    if key:
        year = year_in(key[:4])
        found = next((one for one in indicators.periods_of(item.period, year) if one.key == key), None)
    else:
        found = selectors.period_in(item.period, year_of(request))
    if found is None:
        raise Http404
    return found


def _asked(request: HttpRequest, code: str, unit: Unit | None = None) -> Asked:
    item, published = _found(code)
    if item is None:
        raise Http404
    return Asked(item, _period(request, item), published, unit)


@require_safe
def figure(request: HttpRequest, code: str) -> HttpResponse:
    """What a figure means, how large it is, by school, over time, and where it comes from."""
    item, published = _found(code)
    if item is None or (not request.GET.get("period") and selectors.period_in(item.period, year_of(request)) is None):
        return _without_records(request, item, published)
    asked = Asked(item, _period(request, item), published)
    stated = figure_page.stated(asked)
    context = {
        **_head(asked, stated),
        "trail": [Link(_("驾驶舱"), reverse("cockpit")), Link(stated.label)],
        "periods": _periods(asked),
        "schools": figure_page.schools(asked),
        "trend": figure_page.trend(asked),
        "slices": figure_page.slices(asked),
        "parts": figure_page.parts(asked),
        "meaning": figure_page.meaning(asked),
        "sources": figure_page.sources(asked),
        "versions": figure_page.versions(asked),
        "rows_href": asked.address("figure-rows") if figure_page.lines(asked).may_open and stated.value.rows else "",
    }
    return render(request, "insight/figure.html", context)


def _head(asked: Asked, stated: Any) -> dict[str, Any]:
    value = stated.value
    return {
        "title": stated.label,
        "sub": str(asked.period),
        "stated": stated,
        "figure": shown.figure_of(stated, asked.period.year),
        "value_text": shown.text_of(value.number, places=asked.item.places),
        "unit_word": stated.unit,
        "before_text": shown.with_unit(stated.before.number, stated.unit, asked.item.places) if stated.before else "",
        "beside_text": _beside(stated.beside),
        "completeness": figure_page.completeness(value),
        "computed_at": value.computed_at,
        "status": shown.status_of(asked.item, value.number),
        "delta": shown.delta_of(stated),
        "rows_text": formats.grouped(value.rows),
    }


def _beside(beside: Any) -> str:
    if beside is None or not beside.is_recorded:
        return ""
    return f"{beside.label} {shown.with_unit(beside.value.number, beside.unit)}"


def _periods(asked: Asked) -> list[Tab]:
    """The periods of this year, and the same of the years computed."""
    here = indicators.periods_of(asked.item.period, asked.period.year)
    points = selectors.trend(asked.item.code)
    known = {point.period: point.label for point in points if point.value.number is not None}
    known |= {period.key: period.label for period in here}
    page = reverse("figure", args=(asked.item.code,))
    newest = sorted(known, key=lambda key: (key[:4], key.endswith("autumn")), reverse=True)
    return [Tab(known[key], f"{page}?period={key}", key == asked.period.key) for key in newest]


def _without_records(request: HttpRequest, item: Indicator | None, published: Figure | None) -> HttpResponse:
    system = systems().get(published.system if published else item.system if item else "")
    label = published.label if published else str(item.label) if item else ""
    context = {
        "title": label,
        "system": system,
        "action": groups().get(system.action, "") if system else "",
        "unit": published.unit if published else "",
        "is_built": system is not None and catalogue.is_built(system),
        "trail": [Link(_("驾驶舱"), reverse("cockpit")), Link(label)],
    }
    return render(request, "insight/figure_none.html", context)


@require_safe
def unit_part(request: HttpRequest, code: str, pk: int) -> HttpResponse:
    """One unit's part of a figure, with its rows."""
    asked = _asked(request, code, unit_or_404(pk))
    stated = figure_page.stated(asked)
    trail = [Link(_("驾驶舱"), reverse("cockpit")), Link(stated.label, asked.address("figure")), Link(str(asked.unit))]
    context = {**_head(asked, stated), "trail": trail, "title": f"{asked.unit} · {stated.label}"}
    return render(
        request, "insight/rows.html", {**context, **_lines(request, asked, stated, asked.address("figure-unit", pk))}
    )


@require_safe
def all_rows(request: HttpRequest, code: str) -> HttpResponse:
    """The rows behind a figure."""
    asked = _asked(request, code)
    stated = figure_page.stated(asked)
    trail = [Link(_("驾驶舱"), reverse("cockpit")), Link(stated.label, asked.address("figure")), Link(_("明细"))]
    context = {**_head(asked, stated), "trail": trail, "title": _("%(label)s · 明细") % {"label": stated.label}}
    return render(
        request, "insight/rows.html", {**context, **_lines(request, asked, stated, asked.address("figure-rows"))}
    )


def _lines(request: HttpRequest, asked: Asked, stated: Any, address: str) -> dict[str, Any]:
    """The table of rows; none for a reader who may know the number and not the names."""
    divided_by = request.GET.get("of") == "per"
    lines = figure_page.lines(asked, divided_by=divided_by)
    if not lines.may_open:
        return {"table": None}
    given = request.GET.get("page", "")
    page = int(given) if given.isdecimal() and len(given) < 7 else 1
    parameters = [("period", asked.period.key)]
    if divided_by:
        parameters.append(("of", "per"))
    export = reverse("figure-rows-export", args=(asked.item.code,))
    to_export = [*parameters, *([("unit", str(asked.unit_id))] if asked.unit_id else [])]
    table = rows.table(lines, page, address.partition("?")[0], export, parameters, to_export)
    if not divided_by and not current_reach().units.every and stated.value.rows > table.total:
        table = replace(table, notes=[_note_on_rows_gone(stated.value.rows, table.total)])
    return {"table": table, "divided_by": divided_by}


def _note_on_rows_gone(counted: int, listed: int) -> str:
    """Why a school's figure holds more rows than it may open: their files have moved on with the children."""
    words = {"counted": formats.grouped(counted), "listed": formats.grouped(listed)}
    return (
        _("这个数字算出时有 %(counted)s 行，下面列出 %(listed)s 行；其余的已随学籍转走，或在算出之后有变动。") % words
    )


@never_cache
@require_safe
def export(request: HttpRequest, code: str) -> FileResponse:
    """The rows as a workbook, masked as on the page."""
    given = request.GET.get("unit", "")
    unit = unit_or_404(int(given)) if given.isdecimal() and len(given) < 19 else None
    asked = _asked(request, code, unit)
    lines = figure_page.lines(asked, divided_by=request.GET.get("of") == "per")
    if not lines.may_open:
        raise Http404
    name = "-".join(filter(None, (str(asked.item.label), asked.period.key, unit.name if unit else "")))
    return FileResponse(BytesIO(rows.workbook(lines)), as_attachment=True, filename=f"{name}.xlsx")
