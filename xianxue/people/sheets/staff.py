"""The staff's sheet."""

import polars as pl
from django.utils.translation import gettext as _

from xianxue.kernel import sheets
from xianxue.kernel.columns import Code, Column, Date, DocumentNumber, Name, Phone, Reference, Text, YesNo
from xianxue.kernel.sheets import Rule, Sheet
from xianxue.people.rules import DOCUMENT_SPACE, PHONE_SPACE
from xianxue.people.services import StaffWriter
from xianxue.people.sheets import problems  # noqa: F401 - makes the codes below known
from xianxue.people.sheets.rules import document_rules, identity_rules

PERSON = (
    Column(
        "name", _("姓名"), Name(), required=True, critical=True, synonyms=("教师姓名", "教职工姓名"), example="李老师"
    ),
    Column("sex", _("性别"), Code("sex"), required=True, critical=True, example="女"),
    Column("born_on", _("出生日期"), Date(), critical=True, synonyms=("出生年月日", "生日"), example="1985-03-12"),
    Column(
        "id_number",
        _("身份证件号"),
        DocumentNumber(),
        sealed=True,
        digest_kind=DOCUMENT_SPACE,
        critical=True,
        synonyms=("身份证号", "身份证号码", "身份证件号码", "证件号码"),
        help=_("存为文本，以免末三位丢失。"),
    ),
    Column("ethnic_group", _("民族"), Code("ethnic_group"), example="汉族"),
    Column("political_status", _("政治面貌"), Code("political_status"), example="中共党员"),
)
POST = (
    Column(
        "staff_no", _("工号"), Text(20), required=True, synonyms=("教职工号", "教师编号", "职工号"), example="T0001"
    ),
    Column("post", _("岗位"), Code("post"), required=True, synonyms=("岗位类别", "职务"), example="专任教师"),
    Column("subject", _("任教学科"), Code("subject"), synonyms=("学科", "主教学科"), example="语文"),
    Column("stage", _("任教学段"), Code("stage"), synonyms=("学段",), example="小学"),
    Column("is_full_time_teacher", _("是否专任教师"), YesNo(), synonyms=("专任教师",), example="是"),
    Column("began_work_on", _("参加工作日期"), Date(), synonyms=("参加工作时间", "参加工作年月"), example="2008-09-01"),
    Column("started_on", _("来校日期"), Date(), synonyms=("来校时间", "进校日期"), example="2012-09-01"),
    Column("degree", _("最高学历"), Code("degree"), synonyms=("学历",), example="大学本科毕业"),
    Column("title", _("职称"), Code("title"), synonyms=("专业技术职务", "职称等级"), example="一级教师"),
    Column("phone", _("联系电话"), Phone(), sealed=True, digest_kind=PHONE_SPACE, synonyms=("电话", "手机", "手机号")),
)
PAPER = (
    Column(
        "paper_kind",
        _("教师资格种类"),
        Code("licence"),
        synonyms=("资格种类", "教师资格证种类"),
        example="小学教师资格",
    ),
    Column("paper_subject", _("教师资格学科"), Code("subject"), synonyms=("资格学科", "任教资格学科"), example="语文"),
    Column("paper_no", _("教师资格证号"), Text(40), synonyms=("资格证号", "教师资格证号码")),
)
SCHOOL = Column(
    "school",
    _("学校标识码"),
    Reference("schools"),
    critical=True,
    synonyms=("学校（机构）标识码", "学校代码", "学校", "所在学校"),
    help=_("也可填学校全称或简称。"),
)

STAFF = sheets.register(
    Sheet(
        "staff",
        _("教职工"),
        (SCHOOL, *PERSON, *POST, *PAPER),
        (("school", "staff_no"), ("school", "id_number")),
        StaffWriter(),
        rules=(
            *document_rules("id_number"),
            *identity_rules("id_number"),
            Rule(
                "P318",
                ("started_on", "began_work_on"),
                lambda: pl.col("started_on") < pl.col("began_work_on"),
            ),
        ),
        unit_column="school",
        headings=("教职工", "教师花名册"),
        order=30,
    )
)
