"""Invented content for the base templates of the gallery."""

from datetime import UTC, datetime
from typing import Any

from django.forms import BaseForm

from . import gallery_samples as samples
from .details import Change, DetailPage, FactsPanel, FiguresPanel, Moment, StepsPanel, TablePanel, TimelinePanel
from .formats import yuan
from .forms import ConfirmPage, FormPage, FormSection
from .pages import TablePage
from .parts import Action, Link, Notice, Pill, Tone
from .tables import (
    BulkAction,
    Cell,
    Chip,
    ColumnChoice,
    FilterControl,
    FilterOption,
    HeadCell,
    Pager,
    Row,
    TableView,
)

CAST = [
    {"name": "易守正", "role": "局长", "unit": "县教育体育局", "username": "director"},
    {"name": "辛予安", "role": "学籍管理", "unit": "县教育体育局", "username": "county_officer"},
    {"name": "龙若谷", "role": "资助中心", "unit": "县教育体育局", "username": "aid_officer"},
    {"name": "汤知行", "role": "项目办", "unit": "县教育体育局", "username": "project_officer"},
    {"name": "郭清和", "role": "审计监督", "unit": "县教育体育局", "username": "auditor"},
    {"name": "欧阳明德", "role": "校长", "unit": "城南小学", "username": "head"},
    {"name": "卢心如", "role": "学籍管理员", "unit": "城南小学", "username": "registrar"},
    {"name": "宋其华", "role": "班主任", "unit": "城南小学 五年级（1）班", "username": "class_teacher"},
]
_PUPILS = (
    ("钟梓轩", "女", "2596", "城南小学", "五年级（1）班", "在读", 125000),
    ("龙若溪", "女", "9711", "白良镇中心小学", "三年级（4）班", "转入办理中", 0),
    ("阿依古丽·买买提江", "女", "5911", "凤凰小学", "二年级（6）班", "在读", 62500),
    ("易欣怡", "女", "9604", "白良镇中心小学", "三年级（6）班", "在读", 125000),
    ("辛子墨", "男", "2934", "仙源乡中心小学附设幼儿园（茭湖教学点）", "大班（3）班", "休学", 0),
    ("汤雨桐", "女", "1642", "城南小学", "五年级（5）班", "在读", 100000),
    ("欧阳诗涵", "女", "9137", "白良镇中心小学", "一年级（1）班", "在读", 0),
    ("卢一诺", "男", "1994", "株潭镇中心小学", "六年级（5）班", "在读", 125000),
    ("宋浩然", "男", "6685", "城南小学", "四年级（3）班", "在读", 50000),
    ("李思源", "男", "9088", "城南小学", "二年级（3）班", "在读", 125000),
    ("闻人嘉懿", "女", "5552", "凤凰小学", "四年级（5）班", "在读", 0),
)
_TONES: dict[str, Tone] = {"在读": "done", "休学": "quiet", "转入办理中": "due"}
_HEADS = (
    HeadCell("name", "姓名", "?order=-name", "ascending"),
    HeadCell("sex", "性别"),
    HeadCell("number", "学籍号", "?order=number"),
    HeadCell("school", "学校", "?order=school"),
    HeadCell("class", "班级", "?order=class"),
    HeadCell("status", "状态"),
    HeadCell("aid", "本学期资助（元）", "?order=aid", numeric=True, help="各项资助之和"),
)


def table() -> dict[str, Any]:
    """A register's list with all its tools."""
    rows = [
        Row(
            (
                Cell(name),
                Cell(sex),
                Cell(f"G3699••••••••••{tail}", "masked"),
                Cell(school),
                Cell(room),
                Cell(status, "pill", tone=_TONES[status]),
                Cell(yuan(fen) if fen else "", "money"),
            ),
            href="#",
            pk=tail,
        )
        for name, sex, tail, school, room, status, fen in _PUPILS
    ]
    view = TableView(
        columns=_HEADS,
        rows=rows,
        total=80214,
        label="学生",
        pager=Pager(1, 11, 80214, 1, 7293, "", "", "?page=2", "?page=7293"),
        filters=_filters(),
        chips=(Chip("学校：城南小学等 3 所", "?"),),
        clear_href="?",
        search="",
        search_label="姓名、拼音首字母、学籍号",
        choices=[ColumnChoice(head.name, head.label, is_fixed=head.name == "name") for head in _HEADS],
        export_href="?format=xlsx",
        is_selectable=True,
        bulk_actions=(BulkAction("导出所选", "#", "download"), BulkAction("调班", "#")),
    )
    return {"page": TablePage("学生", view, "80,214 人 · 2024 年秋季学期", actions=_register_actions())}


def empty_table() -> dict[str, Any]:
    """A list whose conditions match nothing."""
    view = TableView(
        columns=_HEADS,
        rows=(),
        total=0,
        filters=_filters(),
        chips=(Chip("查找：张三丰", "?"),),
        clear_href="?",
        search="张三丰",
        empty_text="没有姓名、拼音或学籍号与“张三丰”相符的学生。请检查写法，或放宽条件。",
    )
    return {"page": TablePage("学生", view, "0 人", actions=_register_actions())}


def detail() -> dict[str, Any]:
    """A pupil with panels."""
    page = DetailPage(
        "钟梓轩",
        "城南小学 · 五年级（1）班",
        Pill("在读", "done"),
        (Link("学生", "../table/"), Link("钟梓轩")),
        (Action("打印", "#", icon="print"), Action("更正信息", "../form/", "primary", "pencil")),
        Notice("监护人电话还没有核对。请班主任在 9 月 15 日前与家长核对。", "due", "待核对"),
        (
            FactsPanel("基本信息", facts=samples.FACTS),
            FiguresPanel("在校", figures=samples.FIGURES[:3]),
            _episodes(),
            TablePanel("资助", columns=_HEADS[:2], empty="没有资助记录。"),
        ),
        (StepsPanel("转入办理", steps=samples.STEPS), _history()),
    )
    return {"page": page}


def _history() -> TimelinePanel:
    changes = (Change("班级", "五年级（2）班", "五年级（1）班"), Change("监护人电话", "", "139••••0021"))
    moments = (
        Moment(
            datetime(2024, 9, 2, 1, 30, tzinfo=UTC), "更正学生信息", "卢心如", "导入 12 号", "#", changes, "3f9ac21e"
        ),
        Moment(datetime(2024, 9, 1, 8, 40, tzinfo=UTC), "登记入学", "卢心如", "页面", seal="b07d9e41"),
    )
    return TimelinePanel("留痕", link=Link("校验", "#"), moments=moments)


def _episodes() -> TablePanel:
    columns = (
        HeadCell("school", "学校"),
        HeadCell("stage", "学段"),
        HeadCell("from", "入学"),
        HeadCell("to", "离校"),
    )
    rows = (
        Row((Cell("城南小学"), Cell("小学"), Cell("2020 年 9 月 1 日", "date"), Cell("", "date")), "#"),
        Row((Cell("康乐幼儿园"), Cell("幼儿园"), Cell("2017 年 9 月 1 日", "date"), Cell("2020 年 7 月 5 日", "date"))),
    )
    return TablePanel("学籍经历", columns=columns, rows=rows, link=Link("按某一天看", "#"))


def form_page(form: BaseForm) -> FormPage:
    """A form in two sections."""
    return FormPage(
        "新生登记",
        form,
        "登记",
        "../table/",
        sub="城南小学",
        trail=(Link("学生", "../table/"), Link("新生登记")),
        sections=(
            FormSection("身份", ("name", "number", "born_on", "sex"), "照户口簿填写；身份证号只在核对时显示全号。"),
            FormSection("在校", ("school", "needs", "note", "file", "agreed")),
        ),
        note="登记后可在 30 天内撤销",
    )


def confirm() -> dict[str, Any]:
    """A question before an import is undone."""
    page = ConfirmPage(
        "撤销导入",
        "要撤销 12 号导入“城南小学 2024 秋 学生.xlsx”吗？",
        "撤销这次导入",
        "../job/",
        trail=(Link("导入", "#"), Link("12 号", "../job/"), Link("撤销")),
        effects=("312 名新增学生将移除。", "47 名学生的 128 格改回原值。", "之后又改过的 3 格不动，会逐一列出。"),
        facts=samples.FACTS[1:3],
        is_dangerous=True,
    )
    return {"page": page}


def cockpit() -> dict[str, Any]:
    """The five actions, the schools, a chart."""
    names = ("举旗铸魂", "固本强基", "压实责任", "提质增效", "关心关爱")
    parts = (slice(5, 6), slice(0, 1), slice(1, 2), slice(2, 4), slice(4, 7))
    return {
        "groups": [(name, samples.FIGURES[part]) for name, part in zip(names, parts, strict=True)],
        "cells": samples.heat_cells(),
        "legend": samples.heat_legend(),
        "charts": samples.charts(),
        "moves": (
            ("教学楼屋面维修", "三兴中学", "会前未报备", "校纪检委员", Pill("逾期 2 天", "late")),
            ("食堂食材采购", "株潭中心小学", "公示未满 5 个工作日", "学校经办", Pill("今日到期", "due")),
            ("校服采购", "黄茅中学", "佐证待验收", "局督查室", Pill("剩 2 天", "now")),
        ),
    }


def paper() -> dict[str, Any]:
    """A short report with figures that open."""
    return {"figures": samples.FIGURES}


def _filters() -> tuple[FilterControl, ...]:
    states = (("", "全部", 80214), ("in", "在读", 79120), ("leave", "休学", 214), ("move", "办理中", 880))
    return (
        FilterControl(
            "status",
            "状态",
            "chips",
            [FilterOption(value, label, value == "in", count, f"?status={value}") for value, label, count in states],
        ),
        FilterControl(
            "school",
            "学校",
            "select",
            (
                FilterOption("", "全部学校", is_on=True),
                FilterOption("1", "城南小学", count=1846),
                FilterOption("2", "凤凰小学"),
            ),
        ),
        FilterControl(
            "grade", "年级", "select", (FilterOption("", "全部年级", is_on=True), FilterOption("1", "一年级"))
        ),
        FilterControl("on", "名册日期", "date", value="2024-09-01", tucked=True),
        FilterControl("town", "户籍乡镇", "text", tucked=True),
    )


def _register_actions() -> tuple[Action, ...]:
    return (Action("导入 Excel", "../job/", icon="upload"), Action("新生登记", "../form/", "primary", "plus"))
