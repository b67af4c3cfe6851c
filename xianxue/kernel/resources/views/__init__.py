"""Pages of registers, made from their declarations."""

from xianxue.kernel.resources.views.base import RegisterView
from xianxue.kernel.resources.views.edit import EditView, NewView
from xianxue.kernel.resources.views.export import ExportView
from xianxue.kernel.resources.views.find import FindView
from xianxue.kernel.resources.views.look import DetailView, ListView, RevealView

__all__ = ["DetailView", "EditView", "ExportView", "FindView", "ListView", "NewView", "RegisterView", "RevealView"]
