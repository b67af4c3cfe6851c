"""Excel as a door like any other: recognised, checked in columns, compared cell by cell, written by commands."""

from xianxue.kernel.sheets.sheet import Rule, Sheet, all, get, register
from xianxue.kernel.sheets.writer import Context, Resolution, Writer

__all__ = ["Context", "Resolution", "Rule", "Sheet", "Writer", "all", "get", "register"]
