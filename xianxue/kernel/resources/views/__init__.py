"""Pages of registers, made from their declarations."""

from xianxue.kernel.resources.views.base import RegisterView
from xianxue.kernel.resources.views.edit import EditView, NewView
from xianxue.kernel.resources.views.export import ExportView
from xianxue.kernel.resources.views.find import FindView
from xianxue.kernel.resources.views.grid import GridUnitsView, GridView
from xianxue.kernel.resources.views.look import DetailView, ListView, RevealView

__all__ = [
    "DetailView",
    "EditView",
    "ExportView",
    "FindView",
    "GridUnitsView",
    "GridView",
    "ListView",
    "NewView",
    "RegisterView",
    "RevealView",
]
