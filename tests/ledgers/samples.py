"""Samples of the ledgers: what the contracts try them with."""

from tests.contracts.declared import Sample
from tests.factories.ledgers import AppointmentFactory, ContractFactory, PaymentFactory

SAMPLES: dict[str, Sample] = {
    "payments": Sample(
        lambda _cast, school, number: PaymentFactory(unit=school.unit, number=f"S-{number}"),
        cells={
            "unit": "第一小学",
            "number": "2024-10-901",
            "paid_on": "2024-10-09",
            "kind": "设备采购",
            "purpose": "图书室书架",
            "payee": "试验家具厂",
            "amount": "12600",
        },
        changed={"amount": "12800.5"},
        wrong=("amount", "-5"),
    ),
    "contracts": Sample(
        lambda _cast, school, number: ContractFactory(unit=school.unit, number=f"S-{number}"),
        cells={
            "unit": "第一小学",
            "number": "HT-901",
            "name": "书架采购合同",
            "kind": "设备采购",
            "supplier": "试验家具厂",
            "amount": "12600",
            "signed_on": "2024-09-25",
        },
        changed={"started_on": "2024-10-08"},
        wrong=("kind", "没有这一类"),
    ),
    "appointments": Sample(
        lambda _cast, school, number: AppointmentFactory(unit=school.unit, number=f"试校发〔2024〕9{number}号"),
        cells={
            "unit": "第一小学",
            "number": "试校发〔2024〕88号",
            "name": "李老师",
            "post": "教导处副主任",
            "is_removal": "否",
            "decided_on": "2024-10-10",
        },
        changed={"decided_on": "2024-10-11"},
        wrong=("is_removal", "也许"),
    ),
}
