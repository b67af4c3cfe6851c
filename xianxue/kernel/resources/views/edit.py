"""Forms of a register: a sheet of one row, with the same checks, the same writer and the same history."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from xianxue.kernel import sheets
from xianxue.kernel.commands import Refused
from xianxue.kernel.resources import reading
from xianxue.kernel.resources.command_view import actor_of
from xianxue.kernel.resources.row_form import CONFIRMED, RowForm
from xianxue.kernel.resources.views.base import RegisterView
from xianxue.kernel.sheets.single import Unsaved, present, save_one
from xianxue.kernel.ui.forms import FormPage
from xianxue.kernel.ui.parts import Link, Notice


@method_decorator((sensitive_post_parameters(), never_cache), name="dispatch")
class RowView(RegisterView):
    """What a new row and a change have in common."""

    http_method_names = ("get", "post", "head", "options")
    row_shown: Any = None
    record: int | None = None

    @property
    def sheet(self) -> sheets.Sheet:
        """The sheet of the register."""
        return sheets.get(self.register.sheet)

    def form(self, data: Any = None) -> RowForm:
        """The form, filled from the record when there is one."""
        if self.record is None:
            return RowForm(self.sheet, data)
        # In full only to be masked: the page gets the first and last characters.
        now = present(self.sheet, self.record)
        opened = reading.read_on(self.register, self.row_shown, self.sheet.columns)
        return RowForm(self.sheet, data, now=now, opened=opened)

    def page(self, form: RowForm, notice: Notice | None = None) -> FormPage:
        """What `ui/form.html` draws."""
        register, row = self.register, self.row_shown
        title = register.title(row) if row is not None else str(register.new_label)
        trail = [Link(str(register.label), register.url())]
        if row is not None:
            trail.append(Link(title, register.url("detail", row.pk)))
        return FormPage(
            title=_("更改：%(what)s") % {"what": title} if row is not None else title,
            form=form,
            submit=_("仍然保存") if notice else _("保存"),
            cancel_href=register.url("detail", row.pk) if row is not None else register.url(),
            trail=trail,
            notice=notice,
        )

    def shown(self, form: RowForm, notice: Notice | None = None, status: int = 200) -> HttpResponse:
        """The page with the form."""
        return render(self.request, "ui/form.html", {"page": self.page(form, notice)}, status=status)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.shown(self.form())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        form = self.form(request.POST)
        if not form.is_valid():
            return self.shown(form, status=422)
        if overtaken := form.overtaken():
            return self._shown_anew(request, form, overtaken)
        try:
            record = save_one(
                self.sheet,
                form.cells(),
                by=actor_of(request),
                pk=self.record,
                seen=form.seen,
                confirmed=bool(form.cleaned_data[CONFIRMED]),
            )
        except Unsaved as unsaved:
            if not unsaved.row.errors:
                return self._asked_again(request, [text for found in unsaved.row.warnings.values() for text in found])
            form.tell(unsaved.row)
            return self.shown(form, status=422)
        except Refused as refused:
            form.add_error(refused.field if refused.field in form.fields else None, refused.message)
            return self.shown(form, status=422)
        messages.success(request, _("已保存。"))
        return HttpResponseRedirect(self.register.url("detail", self.register.row_of(record)))

    def _shown_anew(self, request: HttpRequest, form: RowForm, names: list[str]) -> HttpResponse:
        """The form with what somebody else wrote in the meantime, so that it is not undone unseen."""
        data = request.POST.copy()
        for name, text in form.caught_up(names).items():
            data[name] = text
        labels = "、".join(str(self.sheet.by_name[name].label) for name in names)
        notice = Notice(
            _("您打开这一页之后，别人改过：%(labels)s。这几格已换成现在的内容，请核对后再保存。") % {"labels": labels},
            "late",
            _("未能保存"),
        )
        return self.shown(self.form(data), notice, status=422)

    def _asked_again(self, request: HttpRequest, warnings: list[str]) -> HttpResponse:
        data = request.POST.copy()
        data[CONFIRMED] = "1"
        notice = Notice("".join(warnings), "due", _("请核对，确认无误后再保存"))
        return self.shown(self.form(data), notice, status=422)


class NewView(RowView):
    """A new row."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.register.may_view() and not self.register.may_add():
            raise PermissionDenied
        return super().dispatch(request, *args, **kwargs)


class EditView(RowView):
    """Changes to a row."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.register.may_view():
            self.row_shown = self.row(kwargs["pk"])
            self.refuse_unless(self.register.change, self.row_shown)
            self.record = self.register.record_of(self.row_shown)
        return super().dispatch(request, *args, **kwargs)
