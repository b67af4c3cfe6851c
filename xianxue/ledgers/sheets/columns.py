"""Columns of the three ledgers, with the headings that schools' own books give them."""

from django.utils.translation import gettext_lazy as _

from xianxue.kernel.columns import Code, Column, Date, Money, Name, Reference, Text, YesNo

UNIT = Column(
    "unit", _("学校"), Reference("schools"), required=True, synonyms=("单位", "学校名称", "单位名称", "学校标识码"),
    example="第一小学",
)  # fmt: skip
KIND = Column(
    "kind",
    _("支出类别"),
    Code("payment_kind"),
    required=True,
    synonyms=("类别", "支出类型", "费用类别"),
    example="设备采购",
)
PROPOSAL = Column(
    "proposal", _("议题编号"), Text(20), path="proposal__number", synonyms=("议题", "三重一大议题编号", "决策编号"),
    help=_("本校议题的编号；不需要上会的留空。"),
)  # fmt: skip
CONTRACT_NUMBER = ("合同号", "合同代码")

PAYMENT_KEY = (("unit", "number"),)
PAYMENT = (
    UNIT,
    Column("number", _("凭证号"), Text(30), required=True, synonyms=("凭证编号", "记账凭证号", "凭证字号", "支付单号"),
           example="2024-10-018"),
    Column("paid_on", _("付款日期"), Date(), required=True, synonyms=("支付日期", "支出日期", "日期"), example="2024-10-12"),
    KIND,
    Column("purpose", _("用途"), Text(80), required=True, synonyms=("摘要", "支出内容", "事由"), example="图书室书架"),
    Column("payee", _("收款单位"), Text(80), required=True, synonyms=("收款人", "供应商", "对方单位", "收款方"),
           example="某某商贸有限公司"),
    Column("amount", _("金额（元）"), Money(), path="amount_fen", required=True,
           synonyms=("金额", "支出金额", "付款金额"), example="12600"),
    Column("contract_number", _("合同编号"), Text(30), synonyms=CONTRACT_NUMBER),
    PROPOSAL,
)  # fmt: skip
CONTRACT_KEY = (("unit", "number"),)
CONTRACT = (
    UNIT,
    Column("number", _("合同编号"), Text(30), required=True, synonyms=CONTRACT_NUMBER, example="HT-2024-006"),
    Column("name", _("合同名称"), Text(80), required=True, synonyms=("名称", "项目名称"), example="图书室书架采购合同"),
    KIND,
    Column("supplier", _("供应商"), Text(80), required=True, synonyms=("乙方", "中标单位", "成交供应商", "承包单位"),
           example="某某商贸有限公司"),
    Column("amount", _("合同金额（元）"), Money(), path="amount_fen", required=True,
           synonyms=("金额", "合同金额", "合同价款", "成交金额"), example="12600"),
    Column("signed_on", _("签订日期"), Date(), required=True, synonyms=("签约日期", "合同日期"), example="2024-09-25"),
    Column("started_on", _("开工日期"), Date(), synonyms=("实施日期", "开始日期"), example="2024-10-08"),
    PROPOSAL,
)  # fmt: skip
APPOINTMENT_KEY = (("unit", "number", "name", "post"),)
APPOINTMENT = (
    UNIT,
    Column("number", _("文号"), Text(30), required=True, synonyms=("任免文号", "发文字号"), example="校发〔2024〕6号"),
    Column("name", _("姓名"), Name(), required=True, synonyms=("任免人员", "教师姓名"), example="李老师"),
    Column("staff_no", _("工号"), Text(20), path="person__pk", synonyms=("教职工号", "职工号"),
           help=_("本校教职工的工号；不是本校教职工的留空。"), example="T0001"),
    Column("post", _("岗位"), Text(40), required=True, synonyms=("职务", "任免职务"), example="教导处副主任"),
    Column("is_removal", _("是否免职"), YesNo(), required=True, synonyms=("免职",), example="否"),
    Column("decided_on", _("任免日期"), Date(), required=True, synonyms=("日期", "任职日期", "决定日期"),
           example="2024-10-10"),
    PROPOSAL,
)  # fmt: skip
