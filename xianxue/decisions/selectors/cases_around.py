"""What was done before and after the meetings of many proposals at once: one query a table."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from operator import itemgetter
from typing import Any

from django.db.models import Sum
from django.utils import timezone

from xianxue.decisions.models import Feedback, Objection, Preparation, Proposal, Publication, Task, Waiver
from xianxue.decisions.rules.facts import Appointed, Assigned, Contracted, Prepared, Published, Spent
from xianxue.decisions.selectors.cases_meetings import length_of
from xianxue.kernel.bulk import read
from xianxue.ledgers.models import Appointment, Contract, Payment
from xianxue.meetings.models import Meeting

PAID = ("pk", "number", "paid_on", "kind", "payee", "amount_fen", "contract_number")
SIGNED = ("pk", "number", "signed_on", "kind", "supplier", "amount_fen", "started_on")
APPOINTED = ("pk", "number", "name", "post", "decided_on")
Grouped = Mapping[int, tuple[Any, ...]]


@dataclass(frozen=True, slots=True)
class Around:
    """What was read for one chunk, by proposal."""

    waived: Mapping[int, frozenset[str]]
    preparations: Grouped
    publications: Grouped
    tasks: Grouped
    payments: Grouped
    contracts: Grouped
    appointments: Grouped
    reconsidered: Grouped
    spent_before: Mapping[int, tuple[int, int]]


def around(decided: Mapping[int, date | None]) -> Around:
    """All that lies around the proposals; `decided` is the day on which each passed. Eleven queries, more for 复议."""
    return Around(
        waived=_waived(decided),
        preparations=_preparations(decided),
        publications=_publications(decided),
        tasks=_tasks(decided),
        payments=_payments(decided),
        contracts=_contracts(decided),
        appointments=_appointments(decided),
        reconsidered=_reconsidered(decided),
        spent_before=_spent_before(decided),
    )


def _grouped(pairs: Iterable[tuple[int, Any]]) -> Grouped:
    found: dict[int, list[Any]] = defaultdict(list)
    for key, value in pairs:
        found[key].append(value)
    return {key: tuple(each) for key, each in found.items()}


def _waived(ids: Collection[int]) -> dict[int, frozenset[str]]:
    rows = Waiver.objects.filter(proposal_id__among=ids).values_list("proposal_id", "requirement")
    return {proposal: frozenset(each) for proposal, each in _grouped(rows).items()}


def _preparations(ids: Collection[int]) -> Grouped:
    rows = Preparation.objects.filter(proposal_id__among=ids).order_by("pk")
    columns = ("proposal_id", "kind", "done_on", "recorded_at", "user_id", "name", "result", "count")
    return _grouped(
        (proposal, Prepared(*(*facts, bool(length))))
        for proposal, *facts, length in read(rows.values_list(*columns, length_of("text")))
    )


def _publications(ids: Collection[int]) -> Grouped:
    rows = read(
        Publication.objects.filter(proposal_id__among=ids)
        .order_by("started_on", "pk")
        .values_list("proposal_id", "pk", "started_on", "ended_on", "due_on")
    )
    received = Objection.objects.filter(publication_id__among=[row[1] for row in rows]).order_by("received_on", "pk")
    objections = _grouped(
        (publication, (start, end))
        for publication, start, end in received.values_list("publication_id", "received_on", "resolved_on")
    )
    return _grouped((proposal, Published(*(*facts, objections.get(pk, ())))) for proposal, pk, *facts in rows)


def _tasks(ids: Collection[int]) -> Grouped:
    columns = ("proposal_id", "pk", "owner_id", "owner_name", "due_on", "started_on", "done_on")
    rows = read(Task.objects.filter(proposal_id__among=ids).order_by("pk").values_list(*columns))
    given = Feedback.objects.filter(task_id__among=[row[1] for row in rows]).order_by("on", "pk")
    feedback = _grouped(read(given.values_list("task_id", "on")))
    return _grouped(
        (proposal, Assigned(*(owner is not None or bool(name), *days, feedback.get(pk, ()))))
        for proposal, pk, owner, name, *days in rows
    )


def _payments(decided: Mapping[int, date | None]) -> Grouped:
    rows = Payment.objects.filter(proposal_id__among=decided).order_by("paid_on", "pk")
    return _grouped(
        (proposal, Spent(*(*facts, proposal, decided[proposal], contract)))
        for proposal, *facts, contract in read(rows.values_list("proposal_id", *PAID))
    )


def _contracts(decided: Mapping[int, date | None]) -> Grouped:
    rows = Contract.objects.filter(proposal_id__among=decided).order_by("signed_on", "pk")
    return _grouped(
        (proposal, Contracted(*(*facts, proposal, decided[proposal])))
        for proposal, *facts in read(rows.values_list("proposal_id", *SIGNED))
    )


def _appointments(decided: Mapping[int, date | None]) -> Grouped:
    rows = Appointment.objects.filter(proposal_id__among=decided).order_by("decided_on", "pk")
    return _grouped(
        (proposal, Appointed(*(*facts, proposal, decided[proposal])))
        for proposal, *facts in read(rows.values_list("proposal_id", *APPOINTED))
    )


def _reconsidered(ids: Collection[int]) -> Grouped:
    """Later decisions that changed these, one after another: when they passed, what amount, which supplier."""
    found: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    changed = {pk: {pk} for pk in ids}
    # For which of them each was met: rows that reconsider each other must not be followed for ever.
    met: dict[int, set[int]] = defaultdict(set, {pk: {pk} for pk in ids})
    columns = ("pk", "reconsiders_id", "decided_on", "approved_fen", "approved_supplier")
    while changed:
        rows = Proposal.objects.filter(reconsiders_id__among=changed, is_passed=True, decided_on__isnull=False)
        following: dict[int, set[int]] = defaultdict(set)
        for pk, earlier, *facts in rows.order_by("decided_on", "pk").values_list(*columns):
            for first in changed[earlier] - met[pk]:
                found[first].append(tuple(facts))
                met[pk].add(first)
                following[pk].add(first)
        changed = following
    return {first: tuple(sorted(each, key=itemgetter(0))) for first, each in found.items()}


def _spent_before(ids: Collection[int]) -> dict[int, tuple[int, int]]:
    """What was paid and contracted, in 分, by the decisions that these took the place of."""
    parents: dict[int, int] = {}
    level = set(ids)
    while level:
        rows = Proposal.objects.filter(pk__among=level, reconsiders_id__isnull=False)
        new = dict(rows.values_list("pk", "reconsiders_id"))
        parents |= new
        level = set(new.values()) - parents.keys()
    if not parents:
        return {}
    paid, signed = (_sums(model, set(parents.values())) for model in (Payment, Contract))
    return {
        pk: (sum(paid.get(one, 0) for one in above), sum(signed.get(one, 0) for one in above))
        for pk in ids
        if (above := _above(pk, parents))
    }


def _above(pk: int, parents: Mapping[int, int]) -> list[int]:
    found = []
    while (pk := parents.get(pk, 0)) and pk not in found:
        found.append(pk)
    return found


def _sums(model: Any, ids: Collection[int]) -> dict[int, int]:
    rows = model.objects.filter(proposal_id__among=ids).order_by().values("proposal_id")
    return dict(rows.annotate(total=Sum("amount_fen")).values_list("proposal_id", "total"))


def meeting_days(unit_ids: Collection[int]) -> Mapping[int, list[tuple[date, frozenset[str]]]]:
    """Unit → days on which a body of it met, each with the kinds of bodies whose place it took. One query."""
    found: dict[int, list[tuple[date, frozenset[str]]]] = defaultdict(list)
    rows = Meeting.objects.filter(unit_id__among=unit_ids, began_at__isnull=False).order_by("began_at")
    columns = ("unit_id", "began_at", "body__kind", "body__stands_in_for")
    for unit, began_at, kind, others in read(rows.values_list(*columns)):
        found[unit].append((timezone.localdate(began_at), frozenset({kind, *others})))
    return found
