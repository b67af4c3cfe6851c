"""Reading a register: its list, a row's page, and one masked value at a time."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from xianxue.kernel.access import current_reach
from xianxue.kernel.resources import asked, detail, listing, reading, services
from xianxue.kernel.resources.command_view import actor_of
from xianxue.kernel.resources.grid import Grid
from xianxue.kernel.resources.views.base import RegisterView
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.pages import TablePage
from xianxue.kernel.ui.parts import Action, Notice


class ListView(RegisterView):
    """The list, filtered, sorted, paged."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest) -> HttpResponse:
        wanted = asked.read(self.register, request.GET)
        table, total = listing.table(wanted)
        page = TablePage(
            title=str(self.register.label),
            table=table,
            sub=f"{formats.grouped(total)} {self.register.counter}",
            actions=self._actions(),
        )
        return render(request, "ui/table_page.html", {"page": page})

    def _actions(self) -> list[Action]:
        register, reach = self.register, current_reach()
        found = [
            Action(str(action.label), reverse(action.url_name), kind="primary" if not register.sheet else "plain")
            for action in register.actions
            if not action.on_row and action.grant.scope(reach)
        ]
        if register.may_export_sheet():
            query = self.request.GET.urlencode()
            found.append(Action(_("按模板导出"), f"{register.url('export')}?{query}", icon="download", method="post"))
        if register.grid and register.may_add():
            found.append(Action(str(register.grid.label), self._grid_href(register.grid), icon="columns"))
        if register.may_add():
            found += self._excel()
            if register.creates:
                found.append(Action(str(register.new_label), register.url("new"), kind="primary", icon="plus"))
        return found

    def _grid_href(self, grid: Grid) -> str:
        """The form of the unit that the list was narrowed to, else the choice of one."""
        chosen = self.request.GET.get(grid.filter, "") if grid.filter else ""
        is_one = chosen.isascii() and chosen.isdecimal() and len(chosen) < 16
        return self.register.url("grid", int(chosen)) if is_one else self.register.url("grid-units")

    def _excel(self) -> list[Action]:
        sheet = self.register.sheet
        return [
            Action(_("导入 Excel"), reverse("import-start"), icon="upload"),
            Action(_("下载模板"), reverse("template-download", args=(sheet,)), icon="sheet"),
        ]


class DetailView(RegisterView):
    """A row's page."""

    http_method_names = ("get", "head", "options")

    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        return render(request, "ui/detail.html", {"page": detail.page(self.register, self.row(pk))})


@method_decorator(never_cache, name="dispatch")
class RevealView(RegisterView):
    """One masked value in full: by POST, with the grant, and recorded."""

    http_method_names = ("post", "options")

    def post(self, request: HttpRequest, pk: int, column: str) -> HttpResponse:
        row = self.row(pk)
        if column not in self.register.by_name or not self.register.by_name[column].sealed:
            raise Http404
        self.refuse_unless(self.register.reveal, row)
        if self.register.reveal_domain and reading.opening_for(self.register, row, self.register.reveal_domain) is None:
            return self._ask_for_purpose(request, row)
        value = services.reveal(self.register, row, column=column, by=actor_of(request))
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(value, content_type="text/plain; charset=utf-8")
        page = detail.page(self.register, row)
        label = str(self.register.by_name[column].label)
        notice = Notice(_("%(what)s：%(value)s（本次查看已记入变更记录）") % {"what": label, "value": value}, "due")
        shown = detail.with_notice(page, notice)
        return render(request, "ui/detail.html", {"page": shown})

    def _ask_for_purpose(self, request: HttpRequest, row: Any) -> HttpResponse:
        """Lead to the page that asks for the purpose; a part of a page asks the whole page to go there."""
        href = reading.open_href(self.register.reveal_domain, self.register.url("detail", row.pk))
        if request.headers.get("HX-Request") == "true":
            return HttpResponse(status=204, headers={"HX-Redirect": href})
        return HttpResponseRedirect(href)
