"""Excel as a door like any other: recognised, checked in columns, compared cell by cell, written by commands."""

from xianxue.kernel.sheets.checking.kinds import FORBIDDEN
from xianxue.kernel.sheets.sheet import Rule, Sheet, all, get, register
from xianxue.kernel.sheets.writer import Context, Resolution, Writer, no_problems

__all__ = ["FORBIDDEN", "Context", "Resolution", "Rule", "Sheet", "Writer", "all", "get", "no_problems", "register"]
