"""Addresses of the gallery's own site, with a menu to open and a search to reach."""

from datetime import date

from django.http import HttpRequest, HttpResponse
from django.urls import include, path

from xianxue.kernel.ui import menu
from xianxue.kernel.ui.shell import Shell


def nothing(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [
    path("", nothing, name="home"),
    path("search/", nothing, name="search"),
    path("account/", nothing, name="account"),
    path("sign-out/", nothing, name="sign_out"),
    path("ui/", include("xianxue.kernel.ui.urls")),
]


def shell_of(request: HttpRequest) -> Shell:
    return Shell("某县教育体育局", "易守正", "局长", None, date(2024, 12, 31), is_demo=True, path=request.path)


def add_menu() -> None:
    """Fill the menu as apps do; only the gallery's own server calls this."""
    menu.add("cockpit_and_report", "全县一览", "home", menu.Everyone(), 1)
    menu.add("pupils", "学生", "ui:sample", menu.Everyone(), 2, kwargs={"name": "table"})
    menu.add("settings", "组件", "ui:gallery", menu.Everyone(), 3)
