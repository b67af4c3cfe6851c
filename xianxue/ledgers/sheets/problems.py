"""What can be wrong with a row of a ledger."""

from django.utils.translation import gettext_lazy as _

from xianxue.kernel.columns import ProblemKind, register_problems

register_problems(
    (
        ProblemKind(
            "P621", _("金额为负数"), _("“%(label)s”写成 %(value)s，是负数。"),
            _("台账只记实际支付、实际签订的金额，不记红字。"),
            _("冲销、退款的，改原来那一笔的金额，不另记负数。"),
        ),
        ProblemKind(
            "P622", _("日期在今天之后"), _("“%(label)s”写成 %(value)s，在今天之后。"),
            _("台账只记已经发生的支付、签订、开工和任免。"), _("核对日期；还没有发生的，发生后再录入。"),
        ),
        ProblemKind(
            "P623", _("本校没有这个议题编号"), _("本校没有编号为“%(value)s”的议题。"),
            _("台账的每一笔只能对应本校的议题，不能对应其他学校的。"),
            _("核对议题编号；没有上会的留空，并尽快补办。"),
        ),
        ProblemKind(
            "P624", _("工号不是本校教职工的"), _("本校没有工号为“%(value)s”的教职工。"),
            _("任免人员按工号认定，不按姓名认定。"), _("核对工号；不是本校教职工的留空。"),
        ),
        ProblemKind(
            "P625", _("工号与姓名不是同一人"), _("工号“%(value)s”在本校登记的姓名是“%(other)s”，与这一行不同。"),
            _("同名的人不少，工号和姓名须指同一人。"), _("核对工号和姓名。"),
        ),
        ProblemKind(
            "W621", _("合同台账里没有这份合同"), _("本校的合同台账里没有编号为“%(value)s”的合同。"),
            _("按合同支付的，先有合同，后有支付。"), _("核对合同编号；合同还没有录入的，请补录。"),
        ),
        ProblemKind(
            "W622", _("开工早于签订"), _("“%(label)s”%(value)s 早于签订日期 %(other)s。"),
            _("先签合同，后开工。"), _("核对两个日期；确实先开工的，请在议题里说明。"),
        ),
    )
)  # fmt: skip
