"""A unit filled in as a whole: the choice of the unit, and its form, sent as a page or line by line by a script."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID, uuid4, uuid5

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from xianxue.kernel import sheets
from xianxue.kernel.access import current_reach
from xianxue.kernel.commands import Refused
from xianxue.kernel.resources.command_view import actor_of
from xianxue.kernel.resources.grid import Grid
from xianxue.kernel.resources.grid_lines import MOST, Line, lines_of, units_of
from xianxue.kernel.resources.grid_page import Drawing, GridPage, Shown, UnitsPage, told
from xianxue.kernel.resources.register import get
from xianxue.kernel.resources.views.base import RegisterView
from xianxue.kernel.sheets.several import GivenRow, SavedRow, save_rows, written_before
from xianxue.kernel.ui.parts import Link, Notice

LARGEST = 400_000
LONGEST_CELL = 500


class GridBase(RegisterView):
    """What the choice of a unit and its form have in common: who may change nothing finds no such page."""

    @property
    def grid(self) -> Grid:
        """How the register is filled in for a unit."""
        grid = self.register.grid
        if grid is None:
            raise Http404
        return grid

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.register.may_view() and not self.register.scope(self.register.change):
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class GridUnitsView(GridBase):
    """Which unit is filled in; where there is only one, it is."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest) -> HttpResponse:
        register, grid = self.register, self.grid
        units = list(units_of(register, grid))
        if len(units) == 1:
            return HttpResponseRedirect(register.url("grid", units[0].pk))
        groups: dict[str, list[Link]] = {}
        for unit in units:
            groups.setdefault(grid.grouped(unit), []).append(Link(grid.named(unit), register.url("grid", unit.pk)))
        page = UnitsPage(
            title=str(grid.label),
            sub=_("请选择%(unit)s") % {"unit": grid.unit_label},
            trail=[Link(str(register.label), register.url())],
            groups=list(groups.items()),
        )
        return render(request, "resources/grid_units.html", {"page": page})


@method_decorator((sensitive_post_parameters(), never_cache), name="dispatch")
class GridView(GridBase):
    """The form of one unit."""

    unit: Any = None
    http_method_names = ("get", "post", "head", "options")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.register.may_view() and self.register.scope(self.register.change):
            self.unit = units_of(self.register, self.grid).filter(pk=kwargs["unit"]).first()
            if self.unit is None:
                raise Http404
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        lines = lines_of(self.register, self.grid, self.unit)
        return self._page([Shown(line) for line in lines])

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        lines = {line.line: line for line in lines_of(self.register, self.grid, self.unit)}
        if request.content_type == "application/json":
            return self._answered(request, lines)
        rows = [row for line in lines.values() if (row := _from_form(request.POST, line))]
        try:
            answers = self._saved(rows)
        except Refused as refused:
            # With the marks that came: nothing was written, and what was typed is told from the rest by them.
            kept = [Shown(replace(lines[row.line], seen=row.seen), kept=row.cells) for row in rows]
            return self._page(kept, Notice(refused.message, "late", _("没有保存")), status=422)
        notice = told(answers.values())
        if all(answer.is_done for answer in answers.values()):
            messages.success(request, notice.text)
            return HttpResponseRedirect(request.path)
        shown = self._anew(rows, answers)
        return self._page([shown.get(line.line) or Shown(line) for line in self._lines()], notice, status=422)

    def _answered(self, request: HttpRequest, lines: dict[str, Line]) -> HttpResponse:
        """Lines as JSON ({"rows": [{key, line, cells, seen, confirmed}]}), each answered with itself drawn anew."""
        try:
            given = _read(request.body)
        except (ValueError, KeyError, TypeError, AttributeError):
            return JsonResponse({"error": _("没有保存：读不懂送来的内容。请刷新页面后再试。")}, status=400)
        # What was typed into a line last is what counts; a line that a record was made of has another name by now.
        latest = {row.line: row for row in given if row.line in lines}
        rows = [replace(row, pk=lines[row.line].pk, fixed=lines[row.line].fixed) for row in latest.values()]
        try:
            answers = self._saved(rows)
        except Refused as refused:
            answers = {row.line: SavedRow(row.line, row.pk, row.cells, {"": [refused.message]}) for row in rows}
        before = written_before(given, actor_of(request))
        drawing = Drawing(self.register, self.grid)
        pages = {sent: drawing.draw(shown) for sent, shown in self._anew(rows, answers, by_sent=True).items()}
        return JsonResponse({"answers": [_told(row, answers.get(row.line), pages, before) for row in given]})

    def _lines(self) -> list[Line]:
        return lines_of(self.register, self.grid, self.unit)

    def _saved(self, rows: Sequence[GivenRow]) -> dict[str, SavedRow]:
        sheet = sheets.get(self.register.sheet)
        answers = save_rows(sheet, rows, columns=self.grid.columns, by=actor_of(self.request)) if rows else []
        return {answer.line: answer for answer in answers}

    def _anew(
        self, rows: Sequence[GivenRow], answers: Mapping[str, SavedRow], *, by_sent: bool = False
    ) -> dict[str, Shown]:
        """The lines that were sent, as they are now, by their name of now, or by that under which they were sent."""
        now = {line.line: line for line in self._lines()}
        shown = {}
        for row in rows:
            answer = answers[row.line]
            if line := now.get(str(answer.pk)) or now.get(row.line):
                shown[row.line if by_sent else line.line] = Shown(line, answer)
        return shown

    def _trail(self, name: str) -> list[Link]:
        """Where the form is reached from: the unit's own page, or the list and the choice of a unit."""
        register, grid = self.register, self.grid
        if grid.home:
            home = get(grid.home)
            return [Link(str(home.label), home.url()), Link(name, home.url("detail", self.unit.pk))]
        return [Link(str(register.label), register.url()), Link(str(grid.label), register.url("grid-units"))]

    def _page(self, lines: Sequence[Shown], notice: Notice | None = None, status: int = 200) -> HttpResponse:
        register, grid, drawing = self.register, self.grid, Drawing(self.register, self.grid)
        name = grid.named(self.unit)
        group = grid.grouped(self.unit)
        page = GridPage(
            title=_("%(label)s：%(unit)s") % {"label": grid.label, "unit": name},
            sub=_("%(group)s · %(count)s 行") % {"group": group, "count": len(lines)} if group else "",
            heads=drawing.heads(),
            lines=[drawing.draw(shown) for shown in lines],
            trail=self._trail(name),
            cancel_href=self._trail(name)[-1].href if grid.home else register.url(),
            owner=current_reach().user_id or 0,
            unit=f"{register.code}-{self.unit.pk}",
            sending=str(uuid4()),
            help=str(grid.help)
            if len(lines) < MOST
            else _("一页最多列出 %(most)s 行，其余的请用 Excel 导入。") % {"most": MOST},
            notice=notice,
        )
        return render(self.request, "resources/grid.html", {"page": page}, status=status)


def _from_form(data: Any, line: Line) -> GivenRow | None:
    """What a form says of a line; nothing where it has none of its cells."""
    names = [name for name in line.texts if f"c.{line.line}.{name}" in data]
    if not names:
        return None
    cells = {name: data[f"c.{line.line}.{name}"][:LONGEST_CELL] for name in names}
    return GivenRow(
        line.line,
        cells,
        line.pk,
        line.fixed,
        _marks(data.get(f"s.{line.line}", "")),
        confirmed=f"y.{line.line}" in data,
        key=_key_of(data.get("sending", ""), line.line),
    )


def _key_of(sending: str, line: str) -> UUID | None:
    try:
        return uuid5(UUID(sending), line)
    except ValueError:
        return None


def _marks(text: str) -> dict[str, str]:
    try:
        found = json.loads(text or "{}")
    except ValueError:
        return {}
    return {str(name): str(mark) for name, mark in found.items()} if isinstance(found, dict) else {}


def _read(body: bytes) -> list[GivenRow]:
    if len(body) > LARGEST:
        raise ValueError
    rows = json.loads(body)["rows"]
    if not isinstance(rows, list) or len(rows) > MOST:
        raise ValueError
    return [
        GivenRow(
            str(row["line"]),
            {str(name): str(text)[:LONGEST_CELL] for name, text in row["cells"].items()},
            seen=_marks(str(row.get("seen", ""))),
            confirmed=row.get("confirmed") is True,
            key=UUID(row["key"]),
        )
        for row in rows
    ]


def _told(
    row: GivenRow, answer: SavedRow | None, pages: Mapping[str, str], before: Mapping[UUID | None, int]
) -> dict[str, Any]:
    if answer is None:
        is_done = row.key in before
        gone = _("没有保存：这一行已经不在这里了。请刷新页面，核对后再填。")
        return {"key": str(row.key), "done": is_done, "why": "" if is_done else gone, "html": ""}
    said = [text for texts in (*answer.errors.values(), *answer.warnings.values()) for text in texts]
    return {
        "key": str(row.key),
        "done": answer.is_done,
        "written": answer.is_written,
        "why": "".join(said),
        "html": pages.get(row.line, ""),
    }


__all__ = ["GridUnitsView", "GridView"]
