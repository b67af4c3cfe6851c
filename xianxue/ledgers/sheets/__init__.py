"""Workbooks of the ledgers: payments, contracts, appointments; three sheets, one file."""

import polars as pl
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.sheets import Rule, Sheet, register
from xianxue.ledgers.sheets import columns
from xianxue.ledgers.sheets import problems as problems  # makes the codes below known
from xianxue.ledgers.sheets.writers import AppointmentWriter, ContractWriter, PaymentWriter


def _number(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int64, strict=False)


def _today() -> pl.Expr:
    return pl.lit(timezone.localdate().isoformat())


def _future(name: str) -> Rule:
    return Rule("P622", (name,), lambda: pl.col(name) > _today())


NEGATIVE = Rule("P621", ("amount",), lambda: _number("amount") < 0)

PAYMENTS = register(
    Sheet(
        code="payments",
        label=_("支出台账"),
        columns=columns.PAYMENT,
        key=columns.PAYMENT_KEY,
        writer=PaymentWriter(),
        rules=(NEGATIVE, _future("paid_on")),
        unit_column="unit",
        title="number",
        headings=("支出", "支出台账", "支付台账", "付款台账"),
        order=80,
    )
)
CONTRACTS = register(
    Sheet(
        code="contracts",
        label=_("合同台账"),
        columns=columns.CONTRACT,
        key=columns.CONTRACT_KEY,
        writer=ContractWriter(),
        rules=(
            NEGATIVE,
            _future("signed_on"),
            _future("started_on"),
            Rule(
                "W622",
                ("started_on", "signed_on"),
                lambda: pl.col("started_on") < pl.col("signed_on"),
                other=lambda: pl.col("signed_on"),
            ),
        ),
        unit_column="unit",
        headings=("合同", "合同台账"),
        order=81,
    )
)
APPOINTMENTS = register(
    Sheet(
        code="appointments",
        label=_("任免台账"),
        columns=columns.APPOINTMENT,
        key=columns.APPOINTMENT_KEY,
        writer=AppointmentWriter(),
        rules=(_future("decided_on"),),
        unit_column="unit",
        headings=("任免", "任免台账", "干部任免"),
        order=82,
    )
)
