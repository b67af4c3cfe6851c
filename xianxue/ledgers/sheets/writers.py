"""Who writes the ledgers: rows of one school, by its own numbers, tied to its own proposals."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, ClassVar

import polars as pl

from xianxue.kernel import bulk
from xianxue.kernel.resources.model_writer import ModelWriter
from xianxue.kernel.sheets import Context, Lookup
from xianxue.ledgers.access import KEEPS_LEDGERS
from xianxue.ledgers.models import Appointment, Contract, Payment
from xianxue.ledgers.rules import provided
from xianxue.ledgers.sheets import columns as headed
from xianxue.people.sheets.numbers import staff_lookup, with_staff_numbers

PAYMENT_TYPE, CONTRACT_TYPE, APPOINTMENT_TYPE = "decisions.payment", "decisions.contract", "decisions.appointment"
"""Under which types the log knows the rows: those of the app that kept them first, so that a row has one history."""


class DecisionLookup(Lookup):
    """A decision by its number: those that decide tell of it, for the ledgers know them not."""

    def named(self, units: Sequence[int], texts: Sequence[str]) -> pl.DataFrame:
        known = provided.decisions_of(units, texts) if units and texts else {}
        return self.table([(unit, text, pk) for (unit, text), pk in known.items()])


DECISIONS = DecisionLookup("proposal", Contract.objects.none, "P623", fills="proposal_id")
CONTRACTS = Lookup("contract_number", Contract.objects.all, "W621")
STAFF = staff_lookup("P624", "P625", fills="person_id")


class LedgerWriter(ModelWriter):
    """Rows of a ledger, matched within their school; `议题编号` is looked up among the school's own proposals.

    Writes by the driver: ledgers are long.
    """

    unit_field, grant = "unit_id", KEEPS_LEDGERS
    lookups: ClassVar[tuple[Lookup, ...]] = (DECISIONS,)

    def insert(self, rows: pl.DataFrame, context: Context) -> Sequence[int]:
        values, ids = self.values_of(rows), bulk.next_ids(self.model, rows.height)
        bulk.insert(self.model, ("id", *values), zip(ids, *values.values(), strict=True))
        provided.changed(_units(rows), _proposals(self.model, list(ids)), by=context.by)
        return list(ids)

    def change(self, cells: pl.DataFrame, context: Context) -> None:
        before = _proposals(self.model, cells["id"].to_list())
        super().change(cells, context)
        after = _proposals(self.model, cells["id"].to_list())
        provided.changed(_units(cells), before | after, by=context.by)

    def remove(self, ids: Sequence[int], context: Context) -> Mapping[int, str]:
        units = list(self.model._base_manager.filter(pk__in=list(ids)).values_list("unit_id", flat=True).distinct())
        named = _proposals(self.model, ids)
        kept = super().remove(ids, context)
        provided.changed(units, named, by=context.by)
        return kept


class PaymentWriter(LedgerWriter):
    """Payments."""

    model, columns, key, subject_type = Payment, headed.PAYMENT, headed.PAYMENT_KEY, PAYMENT_TYPE
    lookups = (DECISIONS, CONTRACTS)


class ContractWriter(LedgerWriter):
    """Contracts."""

    model, columns, key, subject_type = Contract, headed.CONTRACT, headed.CONTRACT_KEY, CONTRACT_TYPE


class AppointmentWriter(LedgerWriter):
    """Appointments; a number of the school's staff says which person, never the name."""

    model, columns, key, subject_type = Appointment, headed.APPOINTMENT, headed.APPOINTMENT_KEY, APPOINTMENT_TYPE
    lookups = (DECISIONS, STAFF)

    def current(self, ids: Sequence[int], *, reveal: Collection[str] = ()) -> pl.DataFrame:
        return with_staff_numbers(super().current(ids, reveal=reveal))


def _proposals(model: Any, ids: Sequence[int]) -> set[int]:
    """The proposals that these rows name."""
    rows = model._base_manager.filter(pk__among=ids, proposal__isnull=False)
    return set(rows.order_by().values_list("proposal_id", flat=True).distinct())


def _units(frame: pl.DataFrame) -> list[int]:
    return [int(pk) for pk in frame["unit_id"].drop_nulls().unique()]
