"""The registers of what was paid, contracted and appointed."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.columns import Column, Text
from xianxue.kernel.resources import Register, choice, register, yes_no
from xianxue.ledgers import sheets
from xianxue.ledgers.access import KEEPS_LEDGERS, READS
from xianxue.ledgers.models import Appointment, Contract, Payment
from xianxue.ledgers.selectors import schools_in_reach
from xianxue.ledgers.sheets import columns as headed
from xianxue.ledgers.sheets import writers

UNIT = Column("unit", _("学校"), Text(60), path="unit__name")
SCHOOL = choice("unit", _("学校"), "unit_id", schools_in_reach)
DECIDED = yes_no("undecided", _("没有议题"), "proposal__isnull")


@register
class PaymentRegister(Register):
    """What schools paid, and by which decision."""

    code, model, label, counter = "payments", Payment, _("支出台账"), _("笔")
    system, menu_order = "decisions", 30
    columns = (UNIT, *headed.PAYMENT[1:])
    list_columns = ("number", "unit", "paid_on", "kind", "purpose", "payee", "amount", "proposal")
    search, search_label = ("number", "payee", "purpose", "contract_number"), _("凭证号、收款单位、用途、合同编号")
    filters = ("kind", SCHOOL, "paid_on", DECIDED)
    order = ("-paid_on", "-pk")
    view, change, sheet = READS, KEEPS_LEDGERS, sheets.PAYMENTS.code
    subject_type = writers.PAYMENT_TYPE

    def title(self, row: Payment) -> str:
        return f"{row.number} {row.purpose}"

    def note(self, row: Payment) -> str:
        return row.unit.name

    def hint(self, row: Payment) -> str:
        return row.unit.shown_name


@register
class ContractRegister(Register):
    """What schools signed, with whom, and by which decision."""

    code, model, label, counter = "contracts", Contract, _("合同台账"), _("份")
    system, menu_order = "decisions", 31
    columns = (UNIT, *headed.CONTRACT[1:])
    list_columns = ("number", "name", "unit", "kind", "supplier", "amount", "signed_on", "proposal")
    search, search_label = ("number", "name", "supplier"), _("合同编号、合同名称、供应商")
    filters = ("kind", SCHOOL, "signed_on", DECIDED)
    order = ("-signed_on", "-pk")
    view, change, sheet = READS, KEEPS_LEDGERS, sheets.CONTRACTS.code
    subject_type = writers.CONTRACT_TYPE

    def title(self, row: Contract) -> str:
        return f"{row.number} {row.name}"

    def note(self, row: Contract) -> str:
        return row.unit.name

    def hint(self, row: Contract) -> str:
        return row.unit.shown_name


@register
class AppointmentRegister(Register):
    """Whom schools appointed or took out of a post, and by which decision."""

    code, model, label, counter = "appointments", Appointment, _("任免台账"), _("人次")
    system, menu_order = "decisions", 32
    columns = (UNIT, *(column for column in headed.APPOINTMENT[1:] if column.name != "staff_no"))
    list_columns = ("name", "unit", "post", "is_removal", "decided_on", "number", "proposal")
    search, search_label = ("name", "post", "number"), _("姓名、岗位、文号")
    filters = (SCHOOL, "decided_on", "is_removal", DECIDED)
    order = ("-decided_on", "-pk")
    view, change, sheet = READS, KEEPS_LEDGERS, sheets.APPOINTMENTS.code
    subject_type = writers.APPOINTMENT_TYPE

    def title(self, row: Appointment) -> str:
        return f"{row.name} {row.post}"

    def note(self, row: Appointment) -> str:
        return f"{row.number} · {row.unit.name}"

    def hint(self, row: Appointment) -> str:
        return row.unit.shown_name

    def shown(self, rows: "QuerySet[Any]") -> "QuerySet[Any]":
        return rows.select_related("unit", "proposal")
