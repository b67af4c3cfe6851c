"""What was approved against what was contracted and paid; what is open; which decision took an earlier one's place."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count, QuerySet, Sum

from xianxue.decisions.models import Proposal
from xianxue.ledgers.models import Contract, Payment
from xianxue.meetings.rules.names import plain_name


@dataclass(frozen=True, slots=True)
class Spending:
    """Money of one decision, in 分. `approved` None: the decision named no amount.

    `approved`, `supplier` are those of the latest decision that took its place, where there is one.
    """

    approved: int | None
    supplier: str
    contracted: int
    paid: int
    contracts: int
    payments: int
    other_suppliers: tuple[str, ...]

    @property
    def left(self) -> int | None:
        """What may still be paid; below zero where too much was."""
        return None if self.approved is None else self.approved - max(self.paid, 0)

    @property
    def over(self) -> int:
        """By how much contracts or payments are above what was approved."""
        return 0 if self.approved is None else max(0, max(self.contracted, self.paid) - self.approved)


def in_force(proposal: Proposal) -> Proposal:
    """The decision that holds now: the last that passed and reconsiders this one, or itself."""
    seen, current = {proposal.pk}, proposal
    while True:
        later = (
            Proposal.objects.filter(reconsiders=current, is_passed=True)
            .exclude(pk__in=seen)
            .order_by("-decided_on", "-pk")
            .first()
        )
        if later is None:
            return current
        seen.add(later.pk)
        current = later


def chain_of(proposal: Proposal) -> list[int]:
    """Keys of the decision, of those it reconsiders and of those that reconsider it: they share their ledger rows."""
    found, new = {proposal.pk}, {proposal.pk}
    while new:
        near = Proposal.objects.filter(pk__in=new).values_list("reconsiders_id", flat=True)
        later = Proposal.objects.filter(reconsiders__in=new).values_list("pk", flat=True)
        new = {pk for pk in (*near, *later) if pk is not None} - found
        found |= new
    return sorted(found)


def payments_of(proposal: Proposal) -> QuerySet[Payment]:
    """Payments made by this decision and those that took its place, in order."""
    return Payment.objects.filter(proposal__in=chain_of(proposal)).order_by("paid_on", "pk")


def contracts_of(proposal: Proposal) -> QuerySet[Contract]:
    """Contracts signed by this decision and those that took its place, in order."""
    return Contract.objects.filter(proposal__in=chain_of(proposal)).order_by("signed_on", "pk")


def spending(proposal: Proposal) -> Spending:
    """Approved, contracted, paid. Seven queries at most where nothing was reconsidered."""
    holds = in_force(proposal)
    contracts, payments = contracts_of(proposal), payments_of(proposal)
    signed = contracts.order_by().aggregate(total=Sum("amount_fen"), count=Count("pk"))
    paid = payments.order_by().aggregate(total=Sum("amount_fen"), count=Count("pk"))
    named = (
        *contracts.order_by().values_list("supplier", flat=True).distinct(),
        *payments.order_by().values_list("payee", flat=True).distinct(),
    )
    return Spending(
        approved=holds.approved_fen,
        supplier=holds.approved_supplier,
        contracted=signed["total"] or 0,
        paid=paid["total"] or 0,
        contracts=signed["count"],
        payments=paid["count"],
        other_suppliers=_others(holds.approved_supplier, named),
    )


def _others(approved: str, named: Iterable[str]) -> tuple[str, ...]:
    if not approved:
        return ()
    return tuple(sorted({name for name in named if plain_name(name) != plain_name(approved)}))


def open_ends(proposal: Proposal) -> list[tuple[str, int]]:
    """What is not closed yet: (kind, how many) of `tasks`, `publications`, `objections`, `findings`."""
    found = {
        "tasks": proposal.tasks.filter(done_on=None).count(),
        "publications": proposal.publications.filter(ended_on=None).count(),
        "objections": proposal.publications.filter(objections__resolved_on=None, objections__isnull=False).count(),
        "findings": proposal.findings.filter(gone_on=None, matter__finished_on=None).count(),
    }
    return [(kind, count) for kind, count in found.items() if count]
