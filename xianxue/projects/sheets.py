"""The workbook of the project office: projects, their money, their gates; three sheets, one file."""

import polars as pl
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.columns import (
    Code,
    Column,
    Date,
    Integer,
    Money,
    ProblemKind,
    Reference,
    Text,
    YesNo,
    register_problems,
)
from xianxue.kernel.resources.model_writer import ModelWriter
from xianxue.kernel.sheets import Rule, Sheet, SumRule, register
from xianxue.projects.access import KEEPS_PROJECTS
from xianxue.projects.models import CapitalProject, ProjectFunding, ProjectGate
from xianxue.projects.selectors import approved_totals

register_problems(
    (
        ProblemKind(
            "P611", _("支付超过到位"), _("“%(label)s”%(value)s 超过到位资金 %(other)s（分）。"),
            _("资金到位以后才能支付，施工单位不得垫资（政府投资条例第二十二条）。"), _("核对两项金额。"),
        ),
        ProblemKind(
            "W611", _("到位超过计划"), _("“%(label)s”%(value)s 超过计划资金 %(other)s（分）。"),
            _("到位资金一般不超过计划。"), _("核对两项金额；追加了资金的，请同时更新计划。"),
        ),
        ProblemKind(
            "W613", _("各来源计划合计超过批准概算"), _("该项目各来源的“%(label)s”合计超过批准概算 %(other)s。"),
            _("政府投资项目建设投资原则上不得超过经核定的投资概算（政府投资条例第二十三条）。"),
            _("核对各来源的计划资金和批准概算；确需超过的，先报原批准部门核定。"),
        ),
        ProblemKind(
            "W612", _("计划交付早于立项"), _("“%(label)s”%(value)s 早于立项日期 %(other)s。"),
            _("先立项，后交付。"), _("核对两个日期。"),
        ),
    )
)  # fmt: skip

PROJECT_KEY = (("code",),)
PROJECT = (
    Column("code", _("项目编号"), Text(30), required=True, synonyms=("编号", "项目代码"), example="2024-001"),
    Column("name", _("项目名称"), Text(80), required=True, example="第一小学教学楼扩建"),
    Column("unit", _("所属单位"), Reference("project-owners"), required=True, synonyms=("学校", "建设单位", "项目单位")),
    Column("kind", _("建设类型"), Code("project_kind"), required=True, synonyms=("建设性质",), example="新建"),
    Column("is_livelihood", _("民生实事"), YesNo(), required=True, synonyms=("是否民生实事", "民生实事项目"), example="否"),
    Column("listed_on", _("立项日期"), Date(), required=True, example="2024-03-15"),
    Column("approved", _("批准概算"), Money(), path="approved_fen", synonyms=("概算", "批准概算（元）"), example="12600000"),
    Column("places", _("新增学位"), Integer(min=0, max=20_000), synonyms=("学位", "新增学位（个）")),
    Column("delivery_on", _("计划交付日期"), Date(), path="expected_on", synonyms=("预计交付日期", "计划交付")),
    Column("built", _("形象进度（%）"), Integer(min=0, max=100), path="built_percent", synonyms=("形象进度",)),
)  # fmt: skip
FUNDING_KEY = (("project", "source"),)
FUNDING = (
    Column("project", _("项目编号"), Reference("projects"), required=True, synonyms=("项目", "项目名称")),
    Column("source", _("资金来源"), Code("funding_source"), required=True, synonyms=("来源",), example="专项债"),
    Column("planned", _("计划"), Money(), path="planned_fen", required=True, synonyms=("计划资金",)),
    Column("received", _("到位"), Money(), path="received_fen", required=True, synonyms=("到位资金",)),
    Column("paid", _("支付"), Money(), path="paid_fen", required=True, synonyms=("支付资金", "已支付")),
)  # fmt: skip
GATE_KEY = (("project", "gate"),)
GATE = (
    Column("project", _("项目编号"), Reference("projects"), required=True, synonyms=("项目", "项目名称")),
    Column("gate", _("节点"), Code("project_gate"), required=True, example="开工"),
    Column("planned_on", _("计划日期"), Date(), synonyms=("计划完成日期",)),
    Column("reached_on", _("完成日期"), Date(), synonyms=("实际完成日期",)),
)


class ProjectWriter(ModelWriter):
    """Projects."""

    model, columns, key, unit_field = CapitalProject, PROJECT, PROJECT_KEY, "unit_id"
    grant = KEEPS_PROJECTS


class FundingWriter(ModelWriter):
    """Money of projects."""

    model, columns, key = ProjectFunding, FUNDING, FUNDING_KEY
    sums = (SumRule("W613", "planned", "project", totals=approved_totals),)
    grant = KEEPS_PROJECTS


class GateWriter(ModelWriter):
    """Gates of projects."""

    model, columns, key = ProjectGate, GATE, GATE_KEY
    grant = KEEPS_PROJECTS


def _number(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int64, strict=False)


PROJECTS = register(
    Sheet(
        code="projects",
        label=_("建设项目"),
        columns=PROJECT,
        key=PROJECT_KEY,
        writer=ProjectWriter(),
        rules=(
            Rule(
                "W612",
                ("delivery_on", "listed_on"),
                lambda: pl.col("delivery_on") < pl.col("listed_on"),
                other=lambda: pl.col("listed_on"),
            ),
        ),
        unit_column="unit",
        headings=("项目", "建设项目"),
        order=70,
    )
)
MONEY = register(
    Sheet(
        code="project_funding",
        label=_("项目资金"),
        columns=FUNDING,
        key=FUNDING_KEY,
        writer=FundingWriter(),
        rules=(
            Rule(
                "P611",
                ("paid", "received"),
                lambda: _number("paid") > _number("received"),
                other=lambda: pl.col("received"),
            ),
            Rule(
                "W611",
                ("received", "planned"),
                lambda: _number("received") > _number("planned"),
                other=lambda: pl.col("planned"),
            ),
        ),
        title="source",
        headings=("资金", "项目资金"),
        order=71,
    )
)
GATES = register(
    Sheet(
        code="project_gates",
        label=_("项目进度"),
        columns=GATE,
        key=GATE_KEY,
        writer=GateWriter(),
        title="gate",
        headings=("节点", "项目进度", "项目节点"),
        order=72,
    )
)
