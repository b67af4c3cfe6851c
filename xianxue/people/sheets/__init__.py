"""Workbooks of people."""

from xianxue.people.sheets.national import NATIONAL
from xianxue.people.sheets.pupils import PUPILS
from xianxue.people.sheets.staff import STAFF

__all__ = ["NATIONAL", "PUPILS", "STAFF"]
