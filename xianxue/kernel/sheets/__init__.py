"""Excel as a door like any other: recognised, checked in columns, compared cell by cell, written by commands."""

from xianxue.kernel.sheets.checking.kinds import FORBIDDEN
from xianxue.kernel.sheets.lookups import Agreement, Lookup
from xianxue.kernel.sheets.problems import no_problems, problem_frame, problem_rows
from xianxue.kernel.sheets.sheet import Rule, Sheet, all, get, register
from xianxue.kernel.sheets.sums import SumRule
from xianxue.kernel.sheets.writer import Context, Resolution, Writer

__all__ = [
    "FORBIDDEN",
    "Agreement",
    "Context",
    "Lookup",
    "Resolution",
    "Rule",
    "Sheet",
    "SumRule",
    "Writer",
    "all",
    "get",
    "no_problems",
    "problem_frame",
    "problem_rows",
    "register",
]
