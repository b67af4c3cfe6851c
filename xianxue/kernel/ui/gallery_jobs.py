"""Invented imports for the gallery: one that asks what to do, one at work."""

from typing import Any

from .jobs import CellChange, Count, JobPage, Mend, ProblemGroup, UnitDifference
from .parts import Action, Link, Pill, Step

_COUNTS = (
    Count("新增", 312, "done", href="#"),
    Count("变更", 47, "now", "128 格", "#"),
    Count("相同", 1471),
    Count("不在表中", 9, "due"),
    Count("有错", 16, "late", href="#"),
)
_PROBLEMS = (
    ProblemGroup(
        "P104",
        "身份证号被 Excel 变成了数字，末三位已丢失",
        9,
        "第 17 行：3.60122E+17",
        "把这一列设为“文本”后重新填写，不能自动补。",
        "身份证号",
    ),
    ProblemGroup(
        "P201",
        "民族写法不在代码表里",
        5,
        "第 203 行：汉族人",
        column="民族",
        mends=(Mend("5 行都改为“汉族”", "P201"),),
        rows_href="#",
    ),
    ProblemGroup(
        "P310",
        "出生日期与身份证号不一致",
        2,
        "第 88 行：2015-09-01 / 2015-01-09",
        "核对户口簿，二选一。",
        "出生日期",
        tone="due",
    ),
)
_UNITS = (
    UnitDifference("城南小学", "#", "城南小学 2024 秋 学生.xlsx", 312, 47, 1471, 9, 16),
    UnitDifference("凤凰小学", "#", "凤凰（最新）.xls", 201, 3, 988, 0, 0, Pill("可以写入", "done")),
    UnitDifference("双桥中学", "#", "双桥.csv", remark=Pill("不在表中超过 20%，要第二人确认", "due")),
)
_CHANGES = (
    CellChange("第 12 行", "钟梓轩", "班级", "五年级（2）班", "五年级（1）班", "#"),
    CellChange("第 12 行", "钟梓轩", "监护人电话", "", "139••••0021", "#"),
    CellChange("第 31 行", "李思源", "寄宿", "是", ""),
)
_STEPS = (
    Step("收到", state="done"),
    Step("识别", "学生名册", "done"),
    Step("检查", "3.1 秒", "done"),
    Step("核对差异", state="current"),
    Step("写入"),
)


def job() -> dict[str, Any]:
    """An import that has been checked and asks what to do."""
    page = JobPage(
        "城南小学 2024 秋 学生.xlsx",
        "asks",
        "等您决定",
        "1,846 行 · 3.1 秒检查完",
        "#",
        trail=(Link("导入", "#"), Link("12 号")),
        steps=_STEPS,
        counts=_COUNTS,
        problems=_PROBLEMS,
        units=_UNITS,
        changes=_CHANGES,
        changes_total=128,
        changes_href="#",
        actions=(
            Action("先写入没有错的 1,830 行", "#", "primary", method="post"),
            Action("下载标红的原表", "#", icon="download"),
            Action("放弃", "#", "quiet", method="post"),
        ),
        actions_note="写入后 30 天内可整批撤销",
    )
    return {"page": page}


def running_job() -> dict[str, Any]:
    """An import at work."""
    page = JobPage(
        "48 所学校 2024 秋 学生",
        "running",
        "正在检查",
        "可以离开本页，检查会继续",
        poll_href=".",
        trail=(Link("导入", "#"), Link("13 号")),
        done=51200,
        total=80214,
        progress_text="51,200 / 80,214 行，约剩 20 秒",
        steps=(
            Step("收到", "48 个文件", "done"),
            Step("识别", state="done"),
            Step("检查", state="current"),
            Step("核对差异"),
            Step("写入"),
        ),
        actions=(Action("停止", "#", method="post"),),
    )
    return {"page": page}
