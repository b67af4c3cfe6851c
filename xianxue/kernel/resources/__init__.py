"""Registers: declared once, with list, search, detail, form, Excel both ways, history, permissions, menu entry."""

from xianxue.kernel.resources.filters import Filter, choice, days, number, text, yes_no
from xianxue.kernel.resources.grid import Grid, NewLine
from xianxue.kernel.resources.panels import Custom, Dossier, Facts, Fields, History, Matters, Panel, Papers, Related
from xianxue.kernel.resources.register import Action, Register, all_registers, find, get, register

__all__ = [
    "Action",
    "Custom",
    "Dossier",
    "Facts",
    "Fields",
    "Filter",
    "Grid",
    "History",
    "Matters",
    "NewLine",
    "Panel",
    "Papers",
    "Register",
    "Related",
    "all_registers",
    "choice",
    "days",
    "find",
    "get",
    "number",
    "register",
    "text",
    "yes_no",
]
