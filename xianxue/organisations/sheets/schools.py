"""Workbooks of schools and of classes."""

import polars as pl
from django.utils.translation import gettext_lazy as _

from xianxue.kernel import sheets
from xianxue.kernel.columns import (
    Code,
    Column,
    Date,
    Integer,
    Name,
    Phone,
    ProblemKind,
    Reference,
    Text,
    YesNo,
    register_problems,
)
from xianxue.kernel.sheets import Rule, Sheet
from xianxue.organisations.rules.school_codes import EXPECTED, SPECIAL
from xianxue.organisations.services import ClassWriter, SchoolWriter
from xianxue.organisations.sheets.columns import ClassNumber, SchoolCode, Stages

register_problems(
    (
        ProblemKind(
            "P351",
            _("不是学校标识码"),
            _("“%(label)s”写成“%(value)s”，不是学校标识码。应为 10 位数字，前 2 位是类型，第 3、4 位是省份。"),
            _("学校（机构）标识码由类型 2 位、省份 2 位、顺序号 6 位组成（学校（机构）代码管理办法）。"),
            _("按学校（机构）代码核对后改正。"),
        ),
        ProblemKind(
            "P551",
            _("学校没有这个学段"),
            _("该校登记的学段里没有“%(value)s”。"),
            _("班级的学段须是学校开设的学段。"),
            _("改正学段；学校确已开设的，先在“学校”中补上。"),
        ),
        ProblemKind(
            "W351",
            _("学校标识码与办学类型不一致"),
            _("“%(label)s”的前 2 位与办学类型不一致。"),
            _("标识码的类型在编码时确定，学校改制后不变。"),
            _("改制后保留原标识码的可以不理会，否则请核对。"),
        ),
    )
)

SCHOOL = (
    Column(
        "code",
        _("学校标识码"),
        SchoolCode(),
        required=True,
        synonyms=("学校（机构）标识码", "学校代码", "标识码"),
        example="2136000001",
    ),
    Column("name", _("学校名称"), Text(60), required=True, synonyms=("名称", "学校全称", "校名"), example="第一小学"),
    Column("short_name", _("简称"), Text(20), synonyms=("学校简称",), example="一小"),
    Column(
        "school_type",
        _("办学类型"),
        Code("school_type"),
        required=True,
        synonyms=("学校类型", "学校办学类型"),
        example="小学",
    ),
    Column(
        "ownership", _("举办者"), Code("ownership"), synonyms=("举办者类型", "办学性质", "公办民办"), example="公办"
    ),
    Column("locality", _("城乡类型"), Code("locality"), required=True, synonyms=("城乡分类", "城乡"), example="镇区"),
    Column("stages", _("学段"), Stages(), required=True, synonyms=("开设学段",), example="小学、初中"),
    Column("township", _("所在乡镇"), Text(20), synonyms=("乡镇", "乡镇（街道）"), example="康乐街道"),
    Column("is_boarding", _("是否寄宿"), YesNo(), synonyms=("寄宿制", "是否寄宿制"), example="否"),
    Column("opened_on", _("建校日期"), Date(), synonyms=("设立日期", "建校时间"), example="1956-09-01"),
    Column("address", _("地址"), Text(100), synonyms=("学校地址", "通讯地址")),
    Column("head_name", _("负责人"), Name(), synonyms=("校长", "校长姓名", "园长", "负责人姓名")),
    Column("phone", _("联系电话"), Phone(), synonyms=("电话", "办公电话", "学校电话")),
)
CLASS = (
    Column(
        "school",
        _("学校标识码"),
        Reference("schools"),
        synonyms=("学校（机构）标识码", "学校代码", "学校", "学校名称"),
        help=_("也可填学校全称或简称"),
    ),
    Column("stage", _("学段"), Code("stage"), required=True, example="小学"),
    Column(
        "cohort_year",
        _("入学年份"),
        Integer(min=1990, max=2100),
        required=True,
        synonyms=("入学年", "级"),
        example="2024",
        help=_("这个班的学生入学的年份；年级由它算出"),
    ),
    Column("number", _("班号"), ClassNumber(), required=True, synonyms=("班", "班级号"), example="1"),
    Column("nickname", _("班级名称"), Text(30), synonyms=("班级", "班名")),
    Column("head_teacher_no", _("班主任工号"), Text(20), synonyms=("班主任编号",)),
    Column("room", _("教室"), Text(20), synonyms=("教室号",)),
)


def _other_type() -> pl.Expr:
    """A code whose type is neither the school's nor one that such schools have grown out of."""
    type_, prefix = pl.col("school_type"), pl.col("code").str.slice(0, 2)
    wrong = type_.str.starts_with(SPECIAL) & (prefix != SPECIAL)
    for school_type, prefixes in EXPECTED.items():
        wrong = wrong | ((type_ == school_type) & ~prefix.is_in(sorted(prefixes)))
    return wrong


SCHOOLS = sheets.register(
    Sheet(
        "schools",
        _("学校"),
        SCHOOL,
        (("code",),),
        SchoolWriter(),
        rules=(Rule("W351", ("code", "school_type"), _other_type),),
        headings=("学校一览", "学校基本情况"),
        order=10,
    )
)
CLASSES = sheets.register(
    Sheet(
        "classes",
        _("班级"),
        CLASS,
        (("school", "stage", "cohort_year", "number"),),
        ClassWriter(),
        unit_column="school",
        title="number",
        headings=("班级一览",),
        order=20,
    )
)
