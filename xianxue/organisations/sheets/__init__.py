"""Workbooks of schools and classes."""

from xianxue.organisations.sheets.columns import ClassNumber

__all__ = ["ClassNumber"]
