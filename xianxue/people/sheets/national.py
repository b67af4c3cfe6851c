"""The sheet by which an export of the national student-record system is brought in and compared."""

from django.utils.translation import gettext as _

from xianxue.kernel import sheets
from xianxue.kernel.columns import Code, Column, Date, Name, ProblemKind, StudentNumber, Text, register_problems
from xianxue.kernel.sheets import Sheet
from xianxue.people.rules import STUDENT_SPACE
from xianxue.people.services.national import NationalWriter

register_problems(
    (
        ProblemKind(
            "P531", _("本校没有这个学籍号"), _("“%(label)s”%(value)s 不是本校在读学生的学籍号。"),
            _("国家系统有而本系统没有的，多为未登记、已转走或人籍分离。"), _("核对该生是否在校：在校的先登记，不在校的在国家系统中办理。"),
        ),
        ProblemKind(
            "P532", _("姓名与本系统不一致"), _("“%(label)s”%(value)s 与本系统登记的姓名不一致。"),
            _("同一学籍号，两个系统的姓名应当相同。"), _("对照户口簿，在错的一方办理关键信息变更。"),
        ),
    )
)  # fmt: skip

COLUMNS = (
    Column(
        "student_no", _("学籍号"), StudentNumber(), required=True, sealed=True, digest_kind=STUDENT_SPACE,
        synonyms=("全国学籍号", "国网学籍号", "学籍号码"), example="G360922201509010016",
    ),
    Column("name", _("姓名"), Name(), synonyms=("学生姓名",), example="张小明"),
    Column(
        "state", _("国家系统办理状态"), Code("national_state"), required=True,
        synonyms=("办理状态", "核办状态", "学籍状态", "审核状态"), example="已通过",
    ),
    Column("business_no", _("国家系统业务号"), Text(40), synonyms=("业务流水号", "业务编号", "流水号")),
    Column("checked_on", _("核对日期"), Date(), required=True, synonyms=("导出日期", "查询日期"), example="2024-10-15"),
    Column("source", _("核对来源"), Text(60), synonyms=("来源",), example="国家系统导出"),
    Column("remark", _("说明"), Text(200), synonyms=("备注",)),
)  # fmt: skip

NATIONAL = sheets.register(
    Sheet(
        code="national_records",
        label=_("国家系统学籍状态"),
        columns=COLUMNS,
        key=(("student_no",),),
        writer=NationalWriter(),
        title="name",
        headings=("国家系统学籍状态", "学籍核对"),
        order=45,
    )
)
