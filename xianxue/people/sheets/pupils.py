"""The pupils' sheet: our own headings, and as synonyms those of the national student-record system's export."""

import polars as pl
from django.utils.translation import gettext as _

from xianxue.kernel import sheets
from xianxue.kernel.columns import (
    Code,
    Column,
    ColumnType,
    Date,
    DocumentNumber,
    Month,
    Name,
    Phone,
    Reference,
    StudentNumber,
    Text,
    YesNo,
)
from xianxue.kernel.sheets import Rule, Sheet
from xianxue.organisations.sheets import ClassNumber
from xianxue.people.rules import DOCUMENT_SPACE, PHONE_SPACE, STUDENT_SPACE
from xianxue.people.services.pupils import PupilWriter
from xianxue.people.sheets import problems  # noqa: F401 - makes the codes below known
from xianxue.people.sheets.rules import document_rules, identity_rules

PERSON = (
    Column(
        "student_no", _("学籍号"), StudentNumber(), sealed=True, digest_kind=STUDENT_SPACE, critical=True,
        synonyms=("全国学籍号", "学籍号码", "国网学籍号"), example="G360922201509010016",
        help=_("字母 G、L 或 J 加 18 位号码；没有的可以空着，填身份证件号。"),
    ),
    Column("name", _("姓名"), Name(), required=True, critical=True, synonyms=("学生姓名",), example="张小明"),
    Column("sex", _("性别"), Code("sex"), required=True, critical=True, synonyms=("学生性别", "性别码"), example="男"),
    Column(
        "born_on", _("出生日期"), Date(), required=True, critical=True, synonyms=("出生年月日", "生日"),
        example="2015-09-01",
    ),
    Column(
        "id_kind", _("身份证件类型"), Code("identifier_kind"), synonyms=("证件类型", "身份证件类型码"),
        example="居民身份证", help=_("空着的按居民身份证处理。"),
    ),
    Column(
        "id_number", _("身份证件号"), DocumentNumber(), sealed=True, digest_kind=DOCUMENT_SPACE, critical=True,
        synonyms=("身份证件号码", "身份证号", "身份证号码", "证件号码", "证件号", "公民身份号码"),
        example="360922201509010016", help=_("存为文本，以免末三位丢失。"),
    ),
    Column("nationality", _("国籍/地区"), Code("nationality"), synonyms=("国籍", "国籍地区"), example="中国"),
    Column("ethnic_group", _("民族"), Code("ethnic_group"), synonyms=("民族码",), example="汉族"),
    Column("political_status", _("政治面貌"), Code("political_status"), synonyms=("政治面貌码",), example="少先队员"),
    Column("health", _("健康状况"), Code("health"), synonyms=("健康状况码",), example="健康或良好", domain="special"),
    Column("blood_type", _("血型"), Code("blood_type"), example="A 型", domain="special"),
    Column("former_name", _("曾用名"), Name()),
    Column("birthplace", _("出生地"), Text(60), synonyms=("出生地行政区划", "出生地行政区划代码")),
    Column("native_place", _("籍贯"), Text(60)),
    Column("household_place", _("户口所在地"), Text(80), synonyms=("户口所在地行政区划", "户籍所在地", "户籍地址", "户口地址")),
    Column("household_kind", _("户口性质"), Code("household_kind"), synonyms=("户口类别", "户口类型"), example="农业户口"),
    Column("address", _("现住址"), Text(120), synonyms=("家庭住址", "现居住地", "居住地址")),
    Column("postal_code", _("邮政编码"), Text(6), synonyms=("邮编",)),
    Column("phone", _("联系电话"), Phone(), sealed=True, digest_kind=PHONE_SPACE, synonyms=("电话", "手机", "手机号")),
)  # fmt: skip
PLACE = (
    Column(
        "school", _("学校标识码"), Reference("schools"), critical=True,
        synonyms=("学校（机构）标识码", "学校代码", "学校", "就读学校"), help=_("也可填学校全称或简称。"),
    ),
    Column("grade", _("年级"), Code("grade"), required=True, synonyms=("年级名称", "所在年级"), example="一年级"),
    Column("class_number", _("班号"), ClassNumber(), synonyms=("班级", "班级名称", "班", "所在班级"), example="1"),
    Column("class_no", _("班内学号"), Text(10), synonyms=("学号", "座号")),
    Column("province_no", _("学籍辅号"), Text(30), synonyms=("省学籍号",)),
    Column("entered_on", _("入学年月"), Month(), required=True, synonyms=("入学时间", "入学日期"), example="2024-09"),
)  # fmt: skip
SCHOOLING = (
    Column("entry_mode", _("入学方式"), Code("entry_mode"), example="就近入学"),
    Column("boarding", _("就读方式"), Code("boarding"), example="走读"),
    Column("source", _("学生来源"), Code("pupil_source"), example="正常入学"),
    Column("is_only_child", _("是否独生子女"), YesNo(), synonyms=("独生子女",)),
    Column("had_preschool", _("是否受过学前教育"), YesNo(), synonyms=("受过学前教育", "学前教育")),
    Column("is_left_behind", _("是否留守儿童"), YesNo(), synonyms=("留守儿童", "是否留守")),
    Column(
        "is_migrant_child", _("是否随迁子女"), YesNo(),
        synonyms=("是否进城务工人员随迁子女", "随迁子女", "进城务工人员随迁子女"),
    ),
    Column("is_orphan", _("是否孤儿"), YesNo(), synonyms=("孤儿",), domain="special"),
    Column("is_martyr_child", _("是否烈士或优抚子女"), YesNo(), synonyms=("烈士或优抚子女", "是否烈士子女"), domain="special"),
    Column("learns_in_regular_class", _("随班就读"), YesNo(), synonyms=("是否随班就读",), domain="special"),
    Column("disability", _("残疾类型"), Code("disability"), synonyms=("残疾人类型", "残疾类别"), domain="special"),
    Column("needs_aid", _("是否需要申请资助"), YesNo(), synonyms=("申请资助", "是否申请资助")),
    Column("has_boarding_aid", _("是否享受一补"), YesNo(), synonyms=("享受一补",)),
)  # fmt: skip


def _guardian(order: int) -> tuple[Column, ...]:
    """The five columns about a guardian; the national export calls them members of the family."""

    def column(name: str, type_: ColumnType, *parts: str, space: str = "") -> Column:
        others = [f"{head}{order}{part}" for head in ("成员", "家庭成员", "家长") for part in parts]
        others += [f"监护人{order}{part}" for part in parts[1:]]
        label = _("监护人%(order)s") % {"order": order} + parts[0]
        return Column(
            f"guardian{order}_{name}", label, type_, synonyms=tuple(others), sealed=bool(space), digest_kind=space
        )

    return (
        column("name", Name(), "姓名"),
        column("relation", Code("relation"), "关系", "与学生关系"),
        column("id_number", DocumentNumber(), "身份证件号", "身份证号", "身份证件号码", space=DOCUMENT_SPACE),
        column("phone", Phone(), "联系电话", "电话", "手机", space=PHONE_SPACE),
        column("is_guardian", YesNo(), "是否监护人"),
    )


RULES = (
    *document_rules("id_number", kind="id_kind"),
    *identity_rules("id_number", kind="id_kind"),
    *(rule for order in (1, 2) for rule in document_rules(f"guardian{order}_id_number")),
    Rule(
        "P314",
        ("guardian2_id_number", "guardian1_id_number"),
        lambda: pl.col("guardian1_id_number") == pl.col("guardian2_id_number"),
    ),
    *(
        Rule(
            "P315",
            (f"guardian{order}_id_number", "id_number"),
            lambda order=order: pl.col(f"guardian{order}_id_number") == pl.col("id_number"),  # type: ignore[misc]  # a default argument of a lambda
        )
        for order in (1, 2)
    ),
    Rule(
        "W311",
        ("student_no", "id_number"),
        lambda: pl.col("student_no").str.starts_with("G") & (pl.col("student_no").str.slice(1) != pl.col("id_number")),
    ),
)

PUPILS = sheets.register(
    Sheet(
        code="pupils",
        label=_("学生"),
        columns=(*PERSON, *PLACE, *SCHOOLING, *_guardian(1), *_guardian(2)),
        key=(("student_no",), ("id_number",)),
        writer=PupilWriter(),
        rules=RULES,
        unit_column="school",
        title="name",
        headings=("学生", "花名册", "学籍", "学生基本信息"),
        order=40,
        held=("name", "sex", "born_on", "id_kind", "id_number"),
        held_by=_("关键信息变更"),
    )
)
