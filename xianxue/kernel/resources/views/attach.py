"""Attaching papers to a row."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache

from xianxue.kernel.commands import Refused
from xianxue.kernel.files.forms import FilesField, files_help
from xianxue.kernel.resources.attaching import attach_papers
from xianxue.kernel.resources.command_view import actor_of
from xianxue.kernel.resources.views.base import RegisterView
from xianxue.kernel.ui.forms import FormPage
from xianxue.kernel.ui.parts import Link


class PapersForm(forms.Form):
    """What kind of paper, and the files."""

    kind = forms.ChoiceField(label=gettext_lazy("材料"))
    uploads = FilesField(label=gettext_lazy("文件"))


@method_decorator(never_cache, name="dispatch")
class AttachView(RegisterView):
    """The form of a row's papers; for whoever may change the row."""

    http_method_names = ("get", "post", "head", "options")

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if self.register.may_view():
            self.row_shown = self.row(kwargs["pk"])
            self.refuse_unless(self.register.change, self.row_shown)
        return super().dispatch(request, *args, **kwargs)

    def get(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return self.shown(request, self.form())

    def post(self, request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        form = self.form(request.POST, request.FILES)
        if not form.is_valid():
            return self.shown(request, form, 422)
        given = form.cleaned_data
        try:
            attach_papers(
                self.register, self.row_shown, kind=given["kind"], uploads=given["uploads"], by=actor_of(request)
            )
        except Refused as refused:
            form.add_error("uploads", refused.message)
            return self.shown(request, form, 422)
        messages.success(request, _("已上传 %(count)s 个文件。") % {"count": len(given["uploads"])})
        return HttpResponseRedirect(self.register.url("detail", self.row_shown.pk))

    def form(self, data: Any = None, files: Any = None) -> PapersForm:
        """The form, with the kinds that the register declares."""
        form = PapersForm(data, files)
        kinds = [(code, str(label)) for code, label in self.register.papers.items()]
        form.fields["kind"].choices = [("", _("请选择")), *kinds] if len(kinds) > 1 else kinds  # type: ignore[attr-defined]  # a choice
        form.fields["uploads"].help_text = files_help() + _("上传后不能删除。")
        return form

    def shown(self, request: HttpRequest, form: PapersForm, status: int = 200) -> HttpResponse:
        """The page with the form."""
        register, row = self.register, self.row_shown
        href, title = register.url("detail", row.pk), register.title(row)
        page = FormPage(
            title=_("上传材料"), form=form, submit=_("上传"), cancel_href=href, sub=title,
            trail=(Link(str(register.label), register.url()), Link(title, href), Link(_("上传材料"))),
        )  # fmt: skip
        return render(request, "ui/form.html", {"page": page}, status=status)
