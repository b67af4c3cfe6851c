"""Addresses of all registers, made from their declarations, and the search over them."""

from collections.abc import Iterator

from django.urls import URLPattern, path

from xianxue.kernel.resources.register import Register, all_registers
from xianxue.kernel.resources.views import (
    DetailView,
    EditView,
    ExportView,
    FindView,
    GridUnitsView,
    GridView,
    ListView,
    NewView,
    RevealView,
)
from xianxue.kernel.resources.views.attach import AttachView
from xianxue.kernel.resources.views.restricted import EmergencyView, JudgeView, OpenView


def addresses(register: Register) -> Iterator[URLPattern]:
    """The pages of one register; forms only where there is a sheet, reveal only where something is sealed."""
    code = register.code
    yield path(f"{code}/", ListView.as_view(register=register), name=f"{code}-list")
    yield path(f"{code}/export/", ExportView.as_view(register=register), name=f"{code}-export")
    yield path(f"{code}/<int:pk>/", DetailView.as_view(register=register), name=f"{code}-detail")
    if register.sheet:
        if register.creates:
            yield path(f"{code}/new/", NewView.as_view(register=register), name=f"{code}-new")
        yield path(f"{code}/<int:pk>/edit/", EditView.as_view(register=register), name=f"{code}-edit")
    if register.papers:
        yield path(f"{code}/<int:pk>/attach/", AttachView.as_view(register=register), name=f"{code}-attach")
    if register.grid:
        yield path(f"{code}/grid/", GridUnitsView.as_view(register=register), name=f"{code}-grid-units")
        yield path(f"{code}/grid/<int:unit>/", GridView.as_view(register=register), name=f"{code}-grid")
    if any(column.sealed for column in register.columns):
        yield path(
            f"{code}/<int:pk>/reveal/<str:column>/", RevealView.as_view(register=register), name=f"{code}-reveal"
        )


urlpatterns = [
    path("search/", FindView.as_view(), name="search"),
    path("restricted/<str:domain>/open/", OpenView.as_view(), name="restricted-open"),
    path(
        "restricted/<str:domain>/emergency/<str:register>/<int:pk>/",
        EmergencyView.as_view(),
        name="restricted-emergency",
    ),
    path("restricted/emergencies/<int:pk>/judge/", JudgeView.as_view(), name="restricted-judge"),
    *(pattern for register in all_registers() for pattern in addresses(register)),
]
