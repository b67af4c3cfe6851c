"""The kinds of problems that rows have against each other and against the records."""

from django.utils.translation import gettext_lazy as _

from xianxue.kernel.columns import ProblemKind, register_problems

NEEDED, NO_KEY, REPEATED, SAME_RECORD, OUTSIDE, CHANGED_SINCE, ALREADY_THERE, HELD_BACK, FORBIDDEN, LEFT_OUT, TWIN = (
    "P100",
    "P401",
    "P402",
    "P403",
    "P501",
    "P502",
    "P503",
    "P504",
    "P505",
    "W402",
    "W401",
)

register_problems(
    (
        ProblemKind(
            "P401",
            _("认不出是谁：%(label)s没有填对"),
            _("这一行没有可用的“%(label)s”，认不出是哪一条记录。"),
            _("每一行须有完整的主键。"),
            _("补填或改正“%(label)s”。"),
        ),
        ProblemKind(
            "P402",
            _("同一文件里“%(label)s”重复"),
            _("“%(label)s”“%(value)s”与第 %(other)s 行重复，内容不同，分不清以哪一行为准。"),
            _("同一文件里每条记录只能有一行。"),
            _("删去多余的一行，或改正号码。"),
        ),
        ProblemKind(
            "P403",
            _("两行指向同一条记录"),
            _("这一行与第 %(other)s 行指向同一条记录“%(value)s”。"),
            _("同一文件里每条记录只能有一行。"),
            _("删去多余的一行，或改正号码。"),
        ),
        ProblemKind(
            "P501",
            _("找不到%(label)s“%(value)s”"),
            _("“%(label)s”没有“%(value)s”，或者不在您的范围内。"),
            _("须是已登记、且在您权限范围内的名称或代码。"),
            _("核对名称或代码；确需新增的，请先登记或联系上级。"),
        ),
        ProblemKind(
            "P502",
            _("检查之后记录已被改动"),
            _("“%(label)s”在检查之后被改成了别的值，这一行没有写入。"),
            _("写入前会再核对一次，不覆盖别人刚做的改动。"),
            _("重新检查这个文件，看过差异后再写入。"),
        ),
        ProblemKind(
            "P503",
            _("检查之后已有人登记"),
            _("“%(value)s”在检查之后已由别人登记，这一行没有写入。"),
            _("写入前会再核对一次，不重复登记。"),
            _("重新检查这个文件，看过差异后再写入。"),
        ),
        ProblemKind(
            "P504",
            _("关键信息不能在这里改"),
            _("“%(label)s”已经登记，不能在这里改，请办理“%(other)s”。"),
            _("关键信息凭证明材料、经审批后变更。"),
            _("恢复原来的内容；确需变更的，办理“%(other)s”。"),
        ),
        ProblemKind(
            "P505",
            _("与登记的规定不符"),
            _("%(other)s"),
            _("登记里有些内容不能并存，也不能缺少。"),
            _("这一行没有写入，改正后再发一次。"),
        ),
        ProblemKind(
            "W402",
            _("关键信息与已登记的不同，没有写入"),
            _("“%(label)s”与已登记的不同，这一格没有写入，其余照写。"),
            _("关键信息凭证明材料、经审批后变更。"),
            _("核对后，登记有误或确有变更的，办理“%(other)s”；文件填错的，改正文件。"),
        ),
        ProblemKind(
            "W401",
            _("同一文件里完全相同的行"),
            _("这一行与第 %(other)s 行完全相同，只写一次。"),
            _("完全相同的行不影响结果。"),
            _("可以不理会，也可以删去这一行。"),
        ),
    )
)
