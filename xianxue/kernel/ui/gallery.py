"""The gallery: every component in every state and every base template, on invented content."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from . import gallery_jobs as jobs
from . import gallery_pages as pages
from . import gallery_samples as samples


class SampleForm(forms.Form):
    """One field of every kind of widget."""

    name = forms.CharField(label="姓名", max_length=30, help_text="与户口簿一致；少数民族姓名中的“·”照写。")
    number = forms.CharField(label="身份证号", max_length=18)
    born_on = forms.DateField(
        label="出生日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    school = forms.ChoiceField(label="学校", choices=[("", "请选择"), ("1", "城南小学"), ("2", "凤凰小学")])
    sex = forms.ChoiceField(label="性别", choices=[("1", "男"), ("2", "女")], widget=forms.RadioSelect)
    needs = forms.MultipleChoiceField(
        label="在校情况",
        choices=[("board", "寄宿"), ("meal", "在校就餐"), ("bus", "乘校车")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    note = forms.CharField(label="备注", required=False, widget=forms.Textarea(attrs={"rows": 3}))
    file = forms.FileField(label="附件", required=False, help_text="图片或 PDF，不超过 20 MB。")
    agreed = forms.BooleanField(label="已与家长核对", required=False)


class SignInForm(forms.Form):
    """The two fields of signing in."""

    username = forms.CharField(label="账号", widget=forms.TextInput(attrs={"autocomplete": "username"}))
    password = forms.CharField(
        label="密码", widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}), strip=False
    )


def gallery(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    context: dict[str, Any] = {
        "blank": SampleForm(),
        "wrong": SampleForm({"name": "", "number": "36012", "school": "9"}),
        "pages": list(PAGES),
        **samples.parts(),
        **samples.figures(),
    }
    context["wrong"].is_valid()
    return render(request, "ui/gallery.html", context)


def sample_page(request: HttpRequest, name: str) -> HttpResponse:
    """One base template on invented content; 404 for a name that is not in `PAGES`."""
    if name not in PAGES:
        raise Http404
    template, make = PAGES[name]
    return render(request, template, make())


def _form() -> dict[str, Any]:
    return {"page": pages.form_page(SampleForm())}


def _wrong_form() -> dict[str, Any]:
    return {"page": pages.form_page(SampleForm({"name": "", "number": "36012", "school": "9"}))}


def _sign_in() -> dict[str, Any]:
    return {"form": SignInForm(), "cast": pages.CAST}


def _plain_sign_in() -> dict[str, Any]:
    return {"form": SignInForm()}


PAGES: dict[str, tuple[str, Callable[[], dict[str, Any]]]] = {
    "table": ("ui/table_page.html", pages.table),
    "table-empty": ("ui/table_page.html", pages.empty_table),
    "detail": ("ui/detail.html", pages.detail),
    "form": ("ui/form.html", _form),
    "form-wrong": ("ui/form.html", _wrong_form),
    "confirm": ("ui/confirm.html", pages.confirm),
    "job": ("ui/job.html", jobs.job),
    "job-running": ("ui/job.html", jobs.running_job),
    "cockpit": ("ui/gallery_cockpit.html", pages.cockpit),
    "screen": ("ui/gallery_screen.html", pages.cockpit),
    "paper": ("ui/gallery_paper.html", pages.paper),
    "sign-in": ("ui/sign_in.html", _sign_in),
    "sign-in-plain": ("ui/sign_in.html", _plain_sign_in),
    "error": ("404.html", dict),
}
