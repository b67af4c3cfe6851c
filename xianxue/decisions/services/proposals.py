"""Putting a proposal forward and preparing it: what the steps before a meeting write."""

from datetime import date
from typing import Any

from django.db.models.functions import Length
from django.utils.translation import gettext as _

from xianxue.decisions.choices import REVIEWS, PreparationKind, PreparationResult
from xianxue.decisions.models import CatalogueEntry, Preparation, Proposal, Waiver
from xianxue.decisions.procedures import DecisionProposal as Steps
from xianxue.decisions.selectors.rule_sets import rule_set_on
from xianxue.decisions.services import checking
from xianxue.decisions.services.filings import tell_bureau
from xianxue.decisions.services.tabling import waivable
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused, refuse_if
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures import clock
from xianxue.organisations.models import Unit
from xianxue.people.models import Person

SUBJECT = "decisions.proposal"


@Steps.propose.command
def propose(  # noqa: PLR0913 - what the form of a proposal has
    *,
    by: Actor,
    unit: Unit,
    title: str,
    entry: CatalogueEntry | None = None,
    category: str = "",
    unlisted_reason: str = "",
    content: str = "",
    amount_fen: int | None = None,
    supplier: str = "",
    candidate: Person | None = None,
    acted_on: date | None = None,
    urgent_reason: str = "",
    confidential_basis: str = "",
    reconsiders: Proposal | None = None,
) -> Proposal:
    """A new proposal of a school, with the list and the rules of the day; unsaved, as an opening step returns it.

    `acted_on`: the day on which an urgent matter was dealt with beforehand. `confidential_basis`: why it stays inside.
    """
    today = clock.today()
    _refuse_odd(entry, unit, unlisted_reason, category)
    _refuse_early(acted_on, urgent_reason, today)
    made = Proposal(unit=unit, entry=entry, candidate=candidate, reconsiders=reconsiders, amount_fen=amount_fen)
    made.title, made.content, made.supplier = title.strip(), content.strip(), supplier.strip()
    made.category = entry.category if entry else category
    made.unlisted_reason = "" if entry else unlisted_reason.strip()
    made.is_urgent, made.acted_on, made.urgent_reason = acted_on is not None, acted_on, urgent_reason.strip()
    made.confidential_basis = confidential_basis.strip()
    made.is_confidential = bool(made.confidential_basis)
    return _put_forward(made, by, today)


def _put_forward(made: Proposal, by: Actor, today: date) -> Proposal:
    """With number, rules of the day, proposer. Raises Refused for a unit that belongs to nobody."""
    county = made.unit.parent
    if county is None:
        raise Refused(_("未能提出议题：该单位没有上级。请从学校提出。"))
    made.county, made.rule_set = county, rule_set_on(today)
    made.number = next_number(made.unit, today.year)
    made.proposer_id, made.proposer_name, made.proposed_on = by.user_id, by.label, today
    made.once_saved = lambda: checking.changed(made, by)
    return made


def next_number(unit: Unit, year: int) -> str:
    """The next number of a school in a year: 2024-007. Inside a command, whose lock keeps two from getting the same."""
    taken = Proposal.objects.filter(unit=unit, number__startswith=f"{year}-")
    # By length first: as text, 999 would stand after 1000.
    last = taken.order_by(Length("number").desc(), "-number").values_list("number", flat=True).first()
    return f"{year}-{int(last.rpartition('-')[2]) + 1 if last else 1:03d}"


def _refuse_odd(entry: CatalogueEntry | None, unit: Unit, unlisted_reason: str, category: str) -> None:
    if entry is None and not (unlisted_reason.strip() and category):
        raise Refused(_("未能提出议题：没有选清单事项。清单里没有的，请选类别并说明理由。"), field="unlisted_reason")
    if entry is not None and entry.edition.unit_id != unit.pk:
        raise Refused(_("未能提出议题：所选事项不在本校的清单里。请重新选择。"), field="entry")


def _refuse_early(acted_on: date | None, urgent_reason: str, today: date) -> None:
    if acted_on is not None and acted_on > today:
        raise Refused(_("未能提出议题：先行处置日期晚于今天。请核对日期。"), field="acted_on")
    if acted_on is not None and not urgent_reason.strip():
        raise Refused(_("未能提出议题：没有写明紧急情况。请写明为什么等不到开会。"), field="urgent_reason")


@Steps.start.command
def start(proposal: Proposal, *, by: Actor) -> None:
    """Take it up as a proposal."""
    checking.changed(proposal, by)


@Steps.decline.command
def decline(proposal: Proposal, *, by: Actor) -> None:
    """Do not take it up; the step's note says why."""
    checking.changed(proposal, by)


@Steps.prepare.command
def prepare(
    proposal: Proposal, *, by: Actor, kind: str, done_on: date, name: str, count: int | None = None, text: str = ""
) -> None:
    """Record a preparation. Reviews and the talk have steps of their own."""
    if kind not in PreparationKind.values or kind in {*REVIEWS, PreparationKind.COMMUNICATION}:
        raise Refused(_("未能登记前置程序：这一项请用它自己的办理步骤登记。"), field="kind")
    _prepared(
        proposal, by, kind=kind, done_on=done_on, name=name, result=PreparationResult.DONE, count=count, text=text
    )
    if kind == PreparationKind.FILING:
        tell_bureau(proposal)


def _review(kind: PreparationKind) -> Any:
    def review(proposal: Proposal, *, by: Actor, agrees: bool, text: str) -> None:
        """Give the review: agreed or not, with its reasons."""
        result = PreparationResult.AGREED if agrees else PreparationResult.REFUSED
        _prepared(proposal, by, kind=kind, done_on=clock.today(), name=by.label, result=result, text=text)

    return review


review_law = Steps.review_law.command(_review(PreparationKind.LEGAL))
review_integrity = Steps.review_integrity.command(_review(PreparationKind.INTEGRITY))


@Steps.talk.command
def talk(proposal: Proposal, *, by: Actor, done_on: date, is_disputed: bool = False, text: str = "") -> None:
    """Record that secretary and head spoke, and whether they agreed."""
    result = PreparationResult.DISPUTED if is_disputed else PreparationResult.AGREED
    kind = PreparationKind.COMMUNICATION
    _prepared(proposal, by, kind=kind, done_on=done_on, name=by.label, result=result, text=text)


def _prepared(proposal: Proposal, by: Actor, *, kind: str, done_on: date, name: str, result: str, **more: Any) -> None:
    if not proposal.proposed_on <= done_on <= clock.today():
        raise Refused(_("未能登记：完成日期应在提出议题以后、今天以前。请核对日期。"), field="done_on")
    made = Preparation.objects.create(
        proposal=proposal,
        kind=kind,
        done_on=done_on,
        recorded_at=clock.now(),
        name=name.strip(),
        user_id=by.user_id,
        result=result,
        **more,
    )
    record(
        Subject("decisions.preparation", made.pk, f"{proposal.number} {made.get_kind_display()}"),
        {"done_on": [None, done_on.isoformat()], "result": [None, result]},
        unit_id=proposal.unit_id,
    )
    checking.changed(proposal, by)


@Steps.waive.command
def waive(proposal: Proposal, *, by: Actor, requirement: str, reason: str) -> None:
    """Except one requirement that is missing now. Refuses what is not missing, and a second exception of the same."""
    missing = {one.code for one in waivable(proposal)}
    refuse_if(None if requirement in missing else _("未能作例外处理：这项要求现在不缺。请刷新页面核对。"))
    if not reason.strip():
        raise Refused(_("未能作例外处理：没有写明理由。"), field="reason")
    made = Waiver.objects.create(
        proposal=proposal,
        requirement=requirement,
        reason=reason.strip(),
        user_id=by.user_id,
        granted_by=by.label,
        granted_at=clock.now(),
    )
    record(
        Subject("decisions.waiver", made.pk, f"{proposal.number} {requirement}"),
        {"requirement": [None, requirement]},
        unit_id=proposal.unit_id,
        note=reason.strip(),
    )
    checking.changed(proposal, by)


@Steps.withdraw.command
def withdraw(proposal: Proposal, *, by: Actor) -> None:
    """Take it back before it was tabled; the step's note says why."""
    checking.changed(proposal, by)
