"""The workbook of the aid office's ledger."""

from django.utils.translation import gettext_lazy as _

from xianxue.aid.services import GrantWriter
from xianxue.kernel.columns import (
    Code,
    Column,
    Date,
    Money,
    Name,
    ProblemKind,
    Reference,
    StudentNumber,
    Text,
    register_problems,
)
from xianxue.kernel.sheets.sheet import Sheet, register
from xianxue.people.rules import STUDENT_SPACE

register_problems(
    (
        ProblemKind(
            "P601", _("没有登记这个学籍号"), _("没有学籍号为“%(value)s”的学生，或者学籍号抄错。"),
            _("受助人须是已登记的学生。"), _("核对学籍号；确有此生的，请学校先登记。"),
        ),
        ProblemKind(
            "P602", _("姓名与学籍号不是同一人"), _("“%(label)s”写的是“%(value)s”，与这个学籍号登记的姓名不同。"),
            _("学籍号和姓名须指同一人，以免发错人。"), _("核对姓名和学籍号。"),
        ),
        ProblemKind(
            "W601", _("金额不在资助标准内"), _("“%(label)s”%(value)s 不在该项目、档次和学期的标准内：%(other)s。"),
            _("金额按资助标准确定，不手工填写。"), _("核对金额和档次；标准有调整的，请先更新资助标准。"),
        ),
        ProblemKind(
            "W602", _("该生不在这所学校"), _("该生没有在“%(value)s”就读过。"),
            _("资助由学生就读的学校发放。"), _("核对学校；已转学的，请确认由哪所学校发放。"),
        ),
    )
)  # fmt: skip

GRANTS = register(
    Sheet(
        code="aid_grants",
        label=_("资助发放"),
        columns=(
            Column("school", _("学校标识码"), Reference("schools"), synonyms=("学校", "学校名称", "发放学校"), required=True),
            Column("student_no", _("学籍号"), StudentNumber(), sealed=True, digest_kind=STUDENT_SPACE, required=True,
                   synonyms=("全国学籍号",), example="G999999201509010017"),
            Column("name", _("姓名"), Name(), required=True, synonyms=("学生姓名",), example="张小明"),
            Column("programme", _("项目"), Reference("aid_programmes"), required=True, synonyms=("资助项目",)),
            Column("term", _("学期"), Reference("terms"), required=True, synonyms=("资助学期",),
                   example="2024 年春季学期"),
            Column("tier", _("档次"), Text(10), synonyms=("等级", "资助档次"), example="二档"),
            Column("hardship", _("困难类型"), Code("aid_category"), synonyms=("困难类别", "认定类型")),
            Column("amount", _("金额（元）"), Money(), required=True, synonyms=("金额", "资助金额"), example="625"),
            Column("paid_on", _("发放日期"), Date(), required=True, synonyms=("到账日期",), example="2024-05-20"),
        ),
        key=(("student_no", "programme", "term"),),
        writer=GrantWriter(),
        unit_column="school",
        headings=("资助", "资助发放", "助学金"),
        order=60,
    )
)  # fmt: skip
