"""Ledgers of a school: what was paid, contracted, appointed."""

from datetime import date

import factory

from tests.factories.base import RowFactory
from tests.factories.organisations import SchoolFactory
from xianxue.ledgers.models import Appointment, Contract, Payment


class PaymentFactory(RowFactory[Payment]):
    """A payment that needs no decision."""

    class Meta:
        model = Payment

    unit = factory.LazyFunction(lambda: SchoolFactory().unit)
    number = factory.Sequence(lambda number: f"2024-10-{number:03d}")
    paid_on = date(2024, 10, 9)
    kind = "supplies"
    purpose = "办公用纸"
    payee = "试验文具店"
    amount_fen = 600_00


class ContractFactory(RowFactory[Contract]):
    """A contract for shelves."""

    class Meta:
        model = Contract

    unit = factory.LazyFunction(lambda: SchoolFactory().unit)
    number = factory.Sequence(lambda number: f"HT-{number:03d}")
    name = "书架采购合同"
    kind = "equipment"
    supplier = "试验家具厂"
    amount_fen = 12_600_00
    signed_on = date(2024, 9, 25)


class AppointmentFactory(RowFactory[Appointment]):
    """Somebody becomes deputy head of an office."""

    class Meta:
        model = Appointment

    unit = factory.LazyFunction(lambda: SchoolFactory().unit)
    number = factory.Sequence(lambda number: f"试校发〔2024〕{number}号")
    name = "李老师"
    post = "教导处副主任"
    decided_on = date(2024, 10, 10)
