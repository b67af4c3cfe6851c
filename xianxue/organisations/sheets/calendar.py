"""School years, terms, the calendar's exceptions and codes: plain rows, the same by form and by workbook."""

from collections.abc import Mapping
from typing import Any

import polars as pl
from django.utils.translation import gettext_lazy as _

from xianxue.kernel import sheets
from xianxue.kernel.columns import Code as CodeType
from xianxue.kernel.columns import (
    Column,
    Date,
    Integer,
    ProblemKind,
    Reference,
    Text,
    YesNo,
    register_problems,
)
from xianxue.kernel.resources.model_writer import ModelWriter
from xianxue.kernel.sheets import Context, Rule, Sheet
from xianxue.organisations.access import KEEPS_CALENDAR
from xianxue.organisations.models import Code, DayOverride, SchoolYear, Term
from xianxue.organisations.selectors import forget_codes

register_problems(
    (
        ProblemKind(
            "P380",
            _("“%(label)s”不晚于开始日期"),
            _("“%(label)s”%(value)s 不晚于开始日期 %(other)s。"),
            _("结束日期须晚于开始日期。"),
            _("核对两个日期，改正写错的一个。"),
        ),
        ProblemKind(
            "P381",
            _("统计日不在学期内"),
            _("“%(label)s”%(value)s 不在学期起止日期之内。"),
            _("统计日是本学期内清点学生的一天。"),
            _("改为学期内的一天。"),
        ),
    )
)

SCHOOL_YEAR = (
    Column("start_year", _("起始年份"), Integer(min=1950, max=2100), required=True, example="2024"),
    Column("starts_on", _("开始日期"), Date(), required=True, example="2024-09-01"),
    Column("ends_on", _("结束日期"), Date(), required=True, example="2025-08-31"),
)
TERM = (
    Column(
        "year", _("学年"), Reference("school-years"), required=True, example="2024–2025 学年", synonyms=("所属学年",)
    ),
    Column("season", _("学期"), CodeType("season"), required=True, example="秋季学期"),
    Column("starts_on", _("开始日期"), Date(), required=True, example="2024-09-01"),
    Column("ends_on", _("结束日期"), Date(), required=True, example="2025-01-17"),
    Column(
        "count_day",
        _("统计日"),
        Date(),
        required=True,
        example="2024-09-30",
        help=_("按这一天清点在校学生"),
    ),
)
DAY = (
    Column("day", _("日期"), Date(), required=True, example="2024-10-12"),
    Column("is_working_day", _("是否工作日"), YesNo(), required=True, example="是"),
    Column("reason", _("原因"), Text(60), required=True, example="国庆调休"),
)
CODE = (
    Column("code_list", _("代码表"), Reference("code-lists"), required=True, example="学科"),
    Column("value", _("代码值"), Text(20), required=True, example="12"),
    Column("label", _("含义"), Text(40), required=True, example="语文"),
    Column("synonyms", _("其他写法"), Text(200), example="语文课|中文", help=_("多个写法以竖线分隔")),
    Column("order", _("次序"), Integer(min=0, max=99_999), required=True, example="1"),
    Column("valid_from", _("启用日期"), Date(), example="2022-11-30"),
    Column("valid_to", _("停用日期"), Date()),
)


def _after(end: str, start: str) -> Rule:
    return Rule("P380", (end, start), lambda: pl.col(end) <= pl.col(start), other=lambda: pl.col(start))


def _outside_the_term() -> pl.Expr:
    return (pl.col("count_day") < pl.col("starts_on")) | (pl.col("count_day") > pl.col("ends_on"))


class SchoolYearWriter(ModelWriter):
    """School years."""

    model, columns, key, grant = SchoolYear, SCHOOL_YEAR, (("start_year",),), KEEPS_CALENDAR


class TermWriter(ModelWriter):
    """Terms."""

    model, columns, key, grant = Term, TERM, (("year", "season"),), KEEPS_CALENDAR


class DayWriter(ModelWriter):
    """The calendar's exceptions."""

    model, columns, key, grant = DayOverride, DAY, (("day",),), KEEPS_CALENDAR


class CodeWriter(ModelWriter):
    """Codes; the tables in memory are read anew after a change."""

    model, columns, key, grant = Code, CODE, (("code_list", "value"),), KEEPS_CALENDAR

    def insert(self, rows: pl.DataFrame, context: Context) -> Any:
        made = super().insert(rows, context)
        forget_codes()
        return made

    def change(self, cells: pl.DataFrame, context: Context) -> None:
        super().change(cells, context)
        forget_codes()

    def remove(self, ids: Any, context: Context) -> Mapping[int, str]:
        kept = super().remove(ids, context)
        forget_codes()
        return kept


SHEETS = (
    sheets.register(
        Sheet(
            "school-years",
            _("学年"),
            SCHOOL_YEAR,
            SchoolYearWriter.key,
            SchoolYearWriter(),
            rules=(_after("ends_on", "starts_on"),),
            title="start_year",
            order=210,
        )
    ),
    sheets.register(
        Sheet(
            "terms",
            _("学期"),
            TERM,
            TermWriter.key,
            TermWriter(),
            rules=(
                _after("ends_on", "starts_on"),
                Rule("P381", ("count_day", "starts_on", "ends_on"), _outside_the_term),
            ),
            title="season",
            order=220,
        )
    ),
    sheets.register(Sheet("calendar", _("日历调整"), DAY, DayWriter.key, DayWriter(), title="day", order=230)),
    sheets.register(Sheet("codes", _("代码"), CODE, CodeWriter.key, CodeWriter(), title="label", order=240)),
)
