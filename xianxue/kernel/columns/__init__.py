"""One description of a field for table, form, Excel, history and API; knows no education words."""

from xianxue.kernel.columns.column import Check, Column, ColumnType
from xianxue.kernel.columns.problems import ProblemKind, Severity, problem_kind, problem_kinds, register_problems
from xianxue.kernel.columns.providers import (
    CodeTable,
    Referent,
    code_table,
    provide_codes,
    provide_references,
    referents,
)
from xianxue.kernel.columns.types.codes import Code, Reference, YesNo
from xianxue.kernel.columns.types.dates import Date, Month
from xianxue.kernel.columns.types.identity import DocumentNumber, IdNumber, Phone, StudentNumber
from xianxue.kernel.columns.types.numbers import Decimal, Integer, Money
from xianxue.kernel.columns.types.texts import Name, Text

__all__ = [
    "Check",
    "Code",
    "CodeTable",
    "Column",
    "ColumnType",
    "Date",
    "Decimal",
    "DocumentNumber",
    "IdNumber",
    "Integer",
    "Money",
    "Month",
    "Name",
    "Phone",
    "ProblemKind",
    "Reference",
    "Referent",
    "Severity",
    "StudentNumber",
    "Text",
    "YesNo",
    "code_table",
    "problem_kind",
    "problem_kinds",
    "provide_codes",
    "provide_references",
    "referents",
    "register_problems",
]
