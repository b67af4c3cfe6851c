"""Invented content for the gallery of components."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from .charts import Chart, Series
from .details import Fact
from .figures import Delta, Figure, HeatCell, HeatLegend
from .icons import ICONS
from .parts import Action, Link, Pill, Step, Tab, Tone
from .tables import Pager

TODAY = date(2024, 12, 31)
MONTHS = tuple(f"{n} 月" for n in range(1, 13))
_STATES: tuple[tuple[Tone, str], ...] = (("done", "正常"), ("due", "将到期"), ("late", "逾期"), ("quiet", "尚无记录"))
_TOWNS = ("城南", "凤凰", "双桥", "高村", "马步", "罗城", "白水", "仙源", "潭埠", "岭东", "三兴", "黄茅")
_KINDS = ("小学", "中心小学", "中学", "幼儿园")


def parts() -> dict[str, Any]:
    """Values for the small components."""
    return {
        "today": TODAY,
        "moment": datetime(2024, 9, 3, 2, 12, tzinfo=UTC),
        "tones": [
            ("quiet", "不适用"),
            ("now", "剩 2 天"),
            ("done", "已办结"),
            ("due", "今日到期"),
            ("late", "逾期 2 天"),
        ],
        "icons": sorted(ICONS),
        "trail": [Link("登记", "#"), Link("学生", "#"), Link("钟梓轩")],
        "tabs": [Tab("全部", "#", current=True, count=31), Tab("等我办", "#", count=7), Tab("已办结", "#")],
        "steps": STEPS,
        "facts": FACTS,
        "pager": Pager(51, 100, 80214, 2, 1605, "#", "#", "#", "#"),
        "only_pager": Pager(1, 12, 12),
        "actions": [
            Action("导入 Excel", "#", icon="upload"),
            Action("列入会议", "#", kind="primary", why_not="缺 2 项，补齐后才能上会"),
            Action("撤销导入", "#", kind="danger", icon="undo", method="post"),
        ],
    }


def figures() -> dict[str, Any]:
    """Values for figures, grids and charts."""
    return {
        "figures": FIGURES,
        "deltas": [
            Delta(146, 128, "个", "up", period="2023 年"),
            Delta(Decimal("48.2"), Decimal("48.7"), "个百分点", "down", 1, "2023 年"),
            Delta(37, 37, "个"),
            Delta(31208, None, "人次"),
        ],
        "cells": heat_cells(),
        "legend": heat_legend(),
        "charts": charts(),
    }


def heat_cells() -> list[HeatCell]:
    """Forty-eight schools in four states."""
    cells = []
    for n in range(48):
        tone, note = _STATES[2 if n in {5, 18, 21} else 1 if n in {10, 11, 30, 44} else 3 if n == 47 else 0]
        cells.append(HeatCell(_TOWNS[n % 12] + _KINDS[n // 12], "#", tone, note))
    return cells


def heat_legend() -> list[HeatLegend]:
    """What the four states are, with their counts."""
    cells = heat_cells()
    return [HeatLegend(word, tone, sum(cell.tone == tone for cell in cells)) for tone, word in _STATES]


def charts() -> list[Chart]:
    """One chart of every kind."""
    this_year = (9, 5, 27, 20, 16, 18, 4, 12, 33, 22, 19, 14)
    year_before = (7, 4, 17, 22, 13, 17, 3, 15, 25, 20, 17, None)
    stages = ("幼儿园", "小学", "初中", "高中", "中职")
    return [
        Chart("议题按月", "bar", MONTHS, (Series("2024", this_year), Series("2023", year_before, "before")), "个"),
        Chart(
            "在校生按年",
            "line",
            ("2020", "2021", "2022", "2023", "2024"),
            (
                Series("小学", (38210, 37650, 36880, 35790, 34120)),
                Series("初中", (18020, 18640, 19110, 19480, 19630), "second"),
            ),
            "人",
        ),
        Chart("资助按学段", "row", stages, (Series("人次", (2106, 14870, 9120, 2804, 734)),), "人次", ("#",) * 5),
        Chart("项目状态", "pie", ("已完工", "在建", "前期", "滞后"), (Series("项目", (31, 14, 5, 2)),), "个"),
        Chart(
            "名册核对",
            "stack",
            _TOWNS[:6],
            (
                Series("无误", (40, 38, 22, 31, 18, 27), "done"),
                Series("待核", (2, 5, 1, 0, 4, 2), "due"),
                Series("有错", (0, 1, 3, 0, 0, 1), "late"),
            ),
            "班",
        ),
    ]


FIGURES = (
    Figure("新建、改扩建项目", 61, "个", "#", delta=Delta(61, 55, "个", "up", period="2023 年")),
    Figure("问题台账", 312, "个", "#", Pill("销号 100%", "done")),
    Figure("近视率同比", Decimal("-0.4"), "个百分点", "#", Pill("改善", "done")),
    Figure("小学均衡", "0.52", "", "#", Pill("1 项超限", "due"), note="七项中最高"),
    Figure("学生资助", 31208, "人次", "#", Pill("2 所学校未报", "late"), note="18,022 人"),
    Figure("新媒体发布", None, href="#"),
    Figure("不能点开的数", 1210, "人"),
)
STEPS = (
    Step("提出", "9 月 1 日 · 总务处 龙主任", "done"),
    Step("调研、征求意见", "9 月 3 日至 6 日", "done"),
    Step("合法性审查", "缺纪检委员审查意见", "failed"),
    Step("会前报备", "应于 9 月 10 日前完成", "current"),
    Step("上会表决", "9 月 13 日 校长办公会"),
    Step("公示"),
)
FACTS = (
    Fact("学籍号", "G3699••••••••••2596", is_masked=True, reveal_href="#", source="学籍系统导出，9 月 1 日"),
    Fact("学校", "城南小学", "#"),
    Fact("班级", "五年级（1）班"),
    Fact("状态", "", pill=Pill("在读", "done")),
    Fact("曾用名"),
    Fact("家庭住址", "康乐街道阳乐大道一百二十八号秋江花园三栋二单元一千二百零一室（与祖父母同住）", is_wide=True),
)
