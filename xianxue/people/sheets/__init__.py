"""Workbooks of people."""

from xianxue.people.sheets.pupils import PUPILS

__all__ = ["PUPILS"]
