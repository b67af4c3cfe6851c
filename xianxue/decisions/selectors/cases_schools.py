"""Schools as the checks see them: ledgers, lists, and when they proposed anything."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from xianxue.decisions.models import Proposal, RuleSet
from xianxue.decisions.rules.days import Calendar
from xianxue.decisions.rules.facts import Appointed, Contracted, School, Spent
from xianxue.decisions.selectors.cases_around import APPOINTED, PAID, SIGNED
from xianxue.decisions.selectors.cases_calendar import calendar
from xianxue.decisions.selectors.cases_lists import EditionsInUse
from xianxue.kernel.access import whole_county
from xianxue.kernel.bulk import read
from xianxue.ledgers.models import Appointment, Contract, Payment
from xianxue.organisations.choices import Ownership
from xianxue.organisations.models import School as SchoolRow
from xianxue.organisations.models import Term

CHUNK = 8
"""Schools read at once: a school's ledgers of years are thousands of rows."""
PURPOSE = "规则检查的事实"
WITHDRAWN = "withdrawn"


def schools(unit_ids: Iterable[int] | None, today: date) -> Iterator[School]:
    """These schools, or all public ones that are open, by their place in the tree; about ten queries for eight.

    Ledgers and terms begin with the county's first rules: what happened before them breaks none.
    """
    with whole_county(PURPOSE):
        rows = list(_schools(unit_ids))
        first = RuleSet.objects.order_by("valid_from").values_list("valid_from", flat=True).first() or today
        ended = Term.objects.filter(starts_on__gte=first, ends_on__lt=today).order_by("starts_on")
        terms = tuple(ended.values_list("starts_on", "ends_on"))
        days = calendar(today) if rows else Calendar()
        editions = EditionsInUse([pk for pk, _type in rows], today)
    for start in range(0, len(rows), CHUNK):
        part = dict(rows[start : start + CHUNK])
        # Not yielded inside the block: whoever takes the schools would act in this reach.
        with whole_county(PURPOSE):
            ledgers = _Ledgers(part, first)
        for unit, school_type in part.items():
            edition, entries = editions.of(unit, school_type)
            yield School(
                unit,
                school_type,
                today,
                edition,
                entries,
                ledgers.payments.get(unit, ()),
                ledgers.contracts.get(unit, ()),
                ledgers.appointments.get(unit, ()),
                ledgers.proposed.get(unit, ()),
                terms,
                days,
            )


def _schools(unit_ids: Iterable[int] | None) -> Iterable[tuple[int, str]]:
    found = SchoolRow.objects.order_by("unit__path")
    if unit_ids is not None:
        found = found.filter(pk__among=unit_ids)
    else:
        found = found.filter(ownership=Ownership.PUBLIC, unit__closed_on__isnull=True)
    rows: Iterable[tuple[int, str]] = found.values_list("pk", "school_type")
    return rows


class _Ledgers:
    """What some schools paid, signed, whom they appointed, when they proposed; by school. Five queries."""

    def __init__(self, units: Collection[int], first: date) -> None:
        self._decided = _decided(units)
        self.payments = self._rows(Payment, units, PAID, "paid_on", first, _spent)
        self.contracts = self._rows(Contract, units, SIGNED, "signed_on", first, _contracted)
        self.appointments = self._rows(Appointment, units, APPOINTED, "decided_on", first, _appointed)
        proposed = (
            Proposal.objects.filter(unit_id__among=units).exclude(matter__state=WITHDRAWN).order_by("proposed_on")
        )
        self.proposed: dict[int, list[date]] = defaultdict(list)
        for unit, day in read(proposed.values_list("unit_id", "proposed_on")):
            self.proposed[unit].append(day)

    def _rows(
        self, model: Any, units: Collection[int], columns: Collection[str], day: str, first: date, make: Any
    ) -> dict[int, list[Any]]:
        found: dict[int, list[Any]] = defaultdict(list)
        rows = model.objects.filter(unit_id__among=units, **{f"{day}__gte": first}).order_by("unit_id", day)
        decided = self._decided
        for unit, proposal, *facts in read(rows.values_list("unit_id", "proposal_id", *columns)):
            found[unit].append(make(facts, proposal, decided.get(proposal)))
        return found


def _decided(units: Collection[int]) -> Mapping[int, date | None]:
    """When each proposal passed."""
    passed = Proposal.objects.filter(unit_id__among=units, is_passed=True)
    return dict(read(passed.values_list("pk", "decided_on")))


def _spent(facts: list[Any], proposal: int | None, decided_on: date | None) -> Spent:
    key, number, on, kind, payee, amount_fen, contract = facts
    return Spent(key, number, on, kind, payee, amount_fen, proposal, decided_on, contract)


def _contracted(facts: list[Any], proposal: int | None, decided_on: date | None) -> Contracted:
    return Contracted(*(*facts, proposal, decided_on))


def _appointed(facts: list[Any], proposal: int | None, decided_on: date | None) -> Appointed:
    return Appointed(*(*facts, proposal, decided_on))
