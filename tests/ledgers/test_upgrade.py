"""The tables come over from the app that kept them before, and go back: every row, its key, its history, its numbering."""

from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from tests.cast import make_cast
from tests.decisions.after import rows
from tests.factories.ledgers import AppointmentFactory, ContractFactory, PaymentFactory
from tests.ledgers.test_ledgers import PAYMENT, sends
from xianxue.decisions.models import Proposal
from xianxue.kernel import bulk
from xianxue.kernel.access import whole_county
from xianxue.kernel.history.selectors import events_of
from xianxue.ledgers.models import Appointment, Contract, Payment

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.postgres]
MODELS = (Payment, Contract, Appointment)


def kept(prefix: str) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of the three tables, as they lie under the app's name."""
    found = {}
    with connection.cursor() as cursor:
        for model in MODELS:
            columns = ", ".join(str(field.column) for field in model._meta.concrete_fields)
            name = model._meta.model_name
            cursor.execute(f"SELECT {columns} FROM {prefix}_{name} ORDER BY id")
            found[str(name)] = cursor.fetchall()
    return found


def test_rows_keys_and_histories_are_the_same_before_and_after() -> None:
    cast = make_cast()
    with whole_county("test"):
        proposal: Proposal = rows.proposal(cast)
        unit = cast.first_primary.unit
        sends(cast, "payments", {**PAYMENT, "议题编号": proposal.number})
        PaymentFactory(unit=unit, amount_fen=7)
        ContractFactory(unit=unit, proposal=proposal)
        AppointmentFactory(unit=unit)
        first, last = Payment.objects.order_by("pk")
    before = kept("ledgers")
    assert [len(each) for each in before.values()] == [2, 1, 1]

    call_command("migrate", "decisions", "0005", verbosity=0, skip_checks=True)
    assert kept("decisions") == before
    assert "ledgers_payment" not in connection.introspection.table_names()
    call_command("migrate", verbosity=0, skip_checks=True)

    assert kept("ledgers") == before
    with whole_county("test"):
        assert (Payment.objects.get(pk=first.pk).proposal, list(proposal.payments.all())) == (proposal, [first])
        assert [event.subject_type for event in events_of("decisions.payment", first.pk)] == ["decisions.payment"]
        assert min(bulk.next_ids(Payment, 1)) > last.pk
