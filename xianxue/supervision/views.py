"""The to-do list, notices, and the overdue board."""

from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xianxue.kernel.access import current_reach
from xianxue.kernel.procedures import notices
from xianxue.kernel.procedures.selectors import startable
from xianxue.kernel.resources.command_view import actor_of
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.pages import TablePage
from xianxue.kernel.ui.parts import Action
from xianxue.kernel.ui.tables import Cell, FilterControl, FilterOption, HeadCell, Row, TableView, pager
from xianxue.supervision import board, todo
from xianxue.supervision.access import reads_matters

NOTICES_SHOWN = 8


@require_safe
def todo_page(request: HttpRequest) -> HttpResponse:
    """What waits for the reader."""
    reach, asked = current_reach(), todo.Asked.read(request.GET.dict())
    found = todo.todo_list(reach, asked)
    with_giver = any(line.giver for line in found.lines)
    href = reverse("todo")
    heads = [
        ("title", _("事项")),
        ("step", _("要办")),
        ("until", _("期限")),
        ("procedure", _("流程")),
        ("unit", _("单位")),
    ]
    if with_giver:
        heads.append(("giver", _("代谁办")))
    table = TableView(
        columns=[HeadCell(name, label) for name, label in heads],
        rows=[_waiting_row(line, with_giver=with_giver) for line in found.lines],
        total=found.total,
        href=href,
        label=_("待办"),
        filters=list(_filters(found, asked, href)),
        pager=pager(found.total, found.page, todo.PAGE, href, _kept(asked).items()),
        empty_title=_("没有待办事项"),
        empty_text=_("轮到您办的事项会列在这里，并写明期限。"),
    )
    sub = _("%(count)s 件") % {"count": formats.grouped(found.total)}
    context = {
        "page": TablePage(_("我的待办"), table, sub=sub, actions=list(_starts(reach))),
        "notices": list(notices.unseen(reach)[:NOTICES_SHOWN]),
    }
    return render(request, "supervision/todo.html", context)


def _starts(reach: Any) -> list[Action]:
    """The way to starting something, where the reader may."""
    may = any(True for _step in startable(reach))
    return [Action(_("发起事项"), reverse("procedures"), kind="primary", icon="plus")] if may else []


def _waiting_row(line: todo.Waiting, *, with_giver: bool) -> Row:
    cells = [
        Cell(line.matter.title),
        Cell(line.steps),
        Cell(line.limit, "pill", tone=line.tone),  # type: ignore[arg-type]  # a tone
        Cell(line.procedure),
        Cell(line.unit),
    ]
    if with_giver:
        cells.append(Cell(line.giver))
    return Row(cells, href=reverse("matter", args=(line.matter.pk,)), pk=str(line.todo.pk))


def _kept(asked: todo.Asked) -> dict[str, str]:
    given = {"bucket": asked.bucket, "procedure": asked.procedure}
    return {name: value for name, value in given.items() if value}


def _filters(found: todo.TodoList, asked: todo.Asked, href: str) -> list[FilterControl]:
    kept = {"procedure": asked.procedure} if asked.procedure else {}
    every = sum(found.counts.values())
    parts = [("", _("全部"), every), *((name, str(todo.BUCKETS[name]), n) for name, n in found.counts.items())]
    chips = [
        FilterOption(
            name, label, name == asked.bucket, n, _address(href, {**kept, **({"bucket": name} if name else {})})
        )
        for name, label, n in parts
        if n or not name or name == asked.bucket
    ]
    controls = [FilterControl("bucket", _("期限"), "chips", chips, asked.bucket)]
    if len(found.procedures) > 1 or asked.procedure:
        options = [FilterOption("", _("全部流程"), not asked.procedure)]
        options += [FilterOption(code, label, code == asked.procedure, n) for code, label, n in found.procedures]
        controls.append(FilterControl("procedure", _("流程"), "select", options, asked.procedure))
    return controls


def _address(href: str, query: dict[str, str]) -> str:
    return f"{href}?{urlencode(query)}" if query else href


@require_safe
def started(request: HttpRequest) -> HttpResponse:
    """Matters that the reader started."""
    return _matters(request, todo.started_by(current_reach()), "todo-started", _("我发起的"), _("您还没有发起过事项"))


@require_safe
def of_units(request: HttpRequest) -> HttpResponse:
    """Open matters of the reader's units."""
    return _matters(request, todo.open_matters(), "todo-units", _("本单位在办"), _("本单位没有在办事项"))


def _matters(request: HttpRequest, matters: Any, name: str, title: str, empty: str) -> HttpResponse:
    paginator = Paginator(matters, todo.PAGE)
    page = paginator.get_page(request.GET.get("page", "1"))
    href = reverse(name)
    heads = (
        ("title", _("事项")),
        ("state", _("状态")),
        ("waits", _("等谁办")),
        ("until", _("期限")),
        ("procedure", _("流程")),
    )
    table = TableView(
        columns=[HeadCell(code, label) for code, label in heads],
        rows=[_matter_row(line) for line in todo.under_way(page.object_list)],
        total=paginator.count,
        href=href,
        label=_("办件"),
        pager=pager(paginator.count, page.number, todo.PAGE, href),
        empty_title=empty,
    )
    sub = _("%(count)s 件") % {"count": formats.grouped(paginator.count)}
    context = {"page": TablePage(title, table, sub=sub), "notices": []}
    return render(request, "supervision/todo.html", context)


def _matter_row(line: todo.UnderWay) -> Row:
    cells = [
        Cell(line.matter.title),
        Cell(line.pill.text, "pill", tone=line.pill.tone),
        Cell(line.waits_for),
        Cell(line.limit, "pill", tone=line.tone),  # type: ignore[arg-type]  # a tone
        Cell(line.procedure),
    ]
    return Row(cells, href=reverse("matter", args=(line.matter.pk,)), pk=str(line.matter.pk))


@require_POST
def open_notice(request: HttpRequest, pk: int) -> HttpResponse:
    """Mark a notice as seen and go where it leads."""
    found = notices.unseen(current_reach()).filter(pk=pk).first()
    if found is None:
        raise Http404
    notices.mark_seen([found.pk], by=actor_of(request))
    safe = url_has_allowed_host_and_scheme(found.href, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(found.href if found.href and safe else reverse("todo"))


@require_POST
def clear_notices(request: HttpRequest) -> HttpResponse:
    """Mark everything as seen."""
    pks = list(notices.unseen(current_reach()).values_list("pk", flat=True))
    if pks:
        notices.mark_seen(pks, by=actor_of(request))
    return HttpResponseRedirect(reverse("todo"))


@require_safe
def overdue(request: HttpRequest) -> HttpResponse:
    """What is late, whose move it is, and how procedures and units stand; for the units in reach."""
    if not reads_matters.scope(current_reach()):
        raise Http404
    made = board.build(board.Asked.read(request.GET.dict()))
    return render(request, "supervision/overdue.html", {"board": made, "title": _("督办")})
