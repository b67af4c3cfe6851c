"""Registers: declared once, with list, search, detail, form, Excel both ways, history, permissions, menu entry."""
