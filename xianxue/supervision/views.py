"""The to-do list, notices, and the overdue board."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from xianxue.kernel.access import Reach, current_reach
from xianxue.kernel.procedures import all_procedures, notices
from xianxue.kernel.procedures.batch import batches_of
from xianxue.kernel.procedures.selectors import startable
from xianxue.kernel.resources.command_view import actor_of
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.pages import TablePage
from xianxue.kernel.ui.parts import Action
from xianxue.kernel.ui.tables import Cell, FilterControl, FilterOption, HeadCell, Row, TableView, pager
from xianxue.supervision import board, under_way
from xianxue.supervision.access import reads_matters
from xianxue.supervision.work_list import PAGE, PARTS, Asked, WorkLine, WorkList, work_list

NOTICES_SHOWN = 8


@require_safe
def todo_page(request: HttpRequest) -> HttpResponse:
    """What waits for the reader."""
    reach, asked = current_reach(), Asked.read(request.GET.dict())
    mine = work_list(reach, "mine", asked)
    with_giver = any(line.item.line.giver for line in mine.lines)
    heads = [("title", _("事项")), ("asked", _("要办")), ("until", _("期限")), ("kind", _("类别")), ("unit", _("单位"))]
    if with_giver:
        heads.append(("giver", _("代谁办")))
    table = _work_table(
        mine, asked, heads, "todo", _("待办"), _("没有待办事项"), _("轮到您办的事项会列在这里，并写明期限。")
    )
    context = {
        "page": TablePage(
            _("我的待办"), table, sub=_pieces(mine.total), actions=[*_batches(mine, reach), *_starts(reach)]
        ),
        "notices": list(notices.unseen(reach)[:NOTICES_SHOWN]),
    }
    return render(request, "supervision/todo.html", context)


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """Everything that waits for somebody, as far as the reader may see it, the most urgent first."""
    asked = Asked.read(request.GET.dict())
    in_sight = work_list(current_reach(), "in_sight", asked)
    heads = [
        ("title", _("事项")),
        ("asked", _("要办")),
        ("actor", _("等谁")),
        ("until", _("期限")),
        ("kind", _("类别")),
    ]
    table = _work_table(in_sight, asked, heads, "attention", _("该谁办"), _("没有等待办理的事项"))
    context = {"page": TablePage(_("该谁办"), table, sub=_pieces(in_sight.total)), "notices": []}
    return render(request, "supervision/todo.html", context)


def _pieces(count: int) -> str:
    return _("%(count)s 件") % {"count": formats.grouped(count)}


def _work_table(
    work: WorkList, asked: Asked, heads: Sequence[tuple[str, str]], name: str, label: str, empty: str, text: str = ""
) -> TableView:
    href = reverse(name)
    return TableView(
        columns=[HeadCell(code, head) for code, head in heads],
        rows=[_work_row(line, [code for code, _head in heads]) for line in work.lines],
        total=work.total,
        href=href,
        label=label,
        filters=list(_filters(work, asked, href)),
        kept=[(key, value) for key, value in asked.kept.items() if key == "unit"],
        pager=pager(work.total, work.page, PAGE, href, asked.kept.items()),
        empty_title=empty,
        empty_text=text,
    )


def _work_row(line: WorkLine, columns: Sequence[str]) -> Row:
    item = line.item
    cells = {
        "title": Cell(item.line.title),
        "asked": Cell(item.line.asked),
        "actor": Cell(item.line.actor),
        "until": Cell(line.limit.text, "pill", tone=line.limit.tone),
        "kind": Cell(str(item.kind.label)),
        "unit": Cell(line.unit),
        "giver": Cell(item.line.giver),
    }
    return Row([cells[name] for name in columns], href=item.line.href, pk=f"{item.kind.code}-{item.key}")


def _batches(mine: WorkList, reach: Reach) -> Iterator[Action]:
    """The steps that can be done for many at once, of what waits."""
    waiting = {code: number for code, _label, number in mine.kinds}
    for item in all_procedures():
        if waiting.get(item.code, 0) > 1:
            for step in batches_of(item, reach):
                yield Action(
                    _("批量%(step)s") % {"step": step.label}, reverse("matter-batch", args=(item.code, step.code))
                )


def _starts(reach: Any) -> list[Action]:
    """The way to starting something, where the reader may."""
    may = any(True for _step in startable(reach))
    return [Action(_("发起事项"), reverse("procedures"), kind="primary", icon="plus")] if may else []


def _filters(work: WorkList, asked: Asked, href: str) -> list[FilterControl]:
    kept = {name: value for name, value in asked.kept.items() if name != "part"}
    every = sum(work.counts.values())
    parts = [("", _("全部"), every), *((name, str(PARTS[name]), n) for name, n in work.counts.items())]
    chips = [
        FilterOption(name, label, name == asked.part, n, _address(href, {**kept, **({"part": name} if name else {})}))
        for name, label, n in parts
        if n or not name or name == asked.part
    ]
    controls = [FilterControl("part", _("期限"), "chips", chips, asked.part)]
    if len(work.kinds) > 1 or asked.kind:
        options = [FilterOption("", _("全部类别"), not asked.kind)]
        options += [FilterOption(code, label, code == asked.kind, n) for code, label, n in work.kinds]
        controls.append(FilterControl("kind", _("类别"), "select", options, asked.kind))
    return controls


def _address(href: str, query: dict[str, str]) -> str:
    return f"{href}?{urlencode(query)}" if query else href


@require_safe
def started(request: HttpRequest) -> HttpResponse:
    """Matters that the reader started."""
    return _matters(
        request, under_way.started_by(current_reach()), "todo-started", _("我发起的"), _("您还没有发起过事项")
    )


@require_safe
def of_units(request: HttpRequest) -> HttpResponse:
    """Open matters of the reader's units."""
    return _matters(request, under_way.open_matters(), "todo-units", _("本单位在办"), _("本单位没有在办事项"))


def _matters(request: HttpRequest, matters: Any, name: str, title: str, empty: str) -> HttpResponse:
    paginator = Paginator(matters, PAGE)
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
        rows=[_matter_row(line) for line in under_way.under_way(page.object_list)],
        total=paginator.count,
        href=href,
        label=_("办件"),
        pager=pager(paginator.count, page.number, PAGE, href),
        empty_title=empty,
    )
    sub = _("%(count)s 件") % {"count": formats.grouped(paginator.count)}
    context = {"page": TablePage(title, table, sub=sub), "notices": []}
    return render(request, "supervision/todo.html", context)


def _matter_row(line: under_way.UnderWay) -> Row:
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
    made = board.build(current_reach(), Asked.read(request.GET.dict()))
    return render(request, "supervision/overdue.html", {"board": made, "title": _("督办")})
