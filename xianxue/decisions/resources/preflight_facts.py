"""The matter in numbers, for the page before its meeting: amount, basis, order of meetings, who must come and agree."""

from collections.abc import Iterator
from datetime import timedelta

from django.db.models import Count, Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from xianxue.decisions.choices import Category, PreparationKind, PreparationResult
from xianxue.decisions.models import Preparation, Proposal
from xianxue.decisions.papers import words
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.facts import Case
from xianxue.decisions.selectors.meetings import bodies_by_kind
from xianxue.kernel.procedures import clock
from xianxue.kernel.ui import formats
from xianxue.kernel.ui.details import Fact
from xianxue.kernel.ui.parts import Pill
from xianxue.ledgers.models import Payment
from xianxue.meetings.choices import BodyKind
from xianxue.meetings.models import Body
from xianxue.meetings.rules.majority import Base
from xianxue.meetings.selectors import roster_on


def facts(proposal: Proposal, case: Case, book: RuleBook) -> Iterator[Fact]:
    """Everything by which the matter is judged."""
    if proposal.amount_fen is not None:
        yield Fact(_("金额"), _("%(amount)s 元") % {"amount": formats.yuan(proposal.amount_fen)}, pill=_limit(case))
    if proposal.supplier:
        yield Fact(_("拟定供应商"), proposal.supplier)
        yield from _others(proposal, book)
    if proposal.candidate:
        yield Fact(_("拟任免人员"), proposal.candidate.name)
    yield from _basis(proposal)
    chain = _chain(case)
    yield Fact(_("会议顺序"), " → ".join(str(BodyKind(kind).label) for kind in chain))
    bodies = bodies_by_kind(proposal.unit_id)
    for kind in chain:
        yield _needed(proposal, case, book, kind, bodies.get(kind))
    yield Fact(
        _("提出"), f"{proposal.proposer_name} · {formats.china_date(proposal.proposed_on, year='always')}",
    )  # fmt: skip
    if proposal.is_urgent and proposal.acted_on:
        day = formats.china_date(proposal.acted_on, year="always")
        yield Fact(_("紧急事项"), _("%(day)s 先行处置：%(why)s") % {"day": day, "why": proposal.urgent_reason})
    if proposal.is_confidential:
        yield Fact(_("不公开的依据"), proposal.confidential_basis)
    if proposal.content:
        yield Fact(_("内容和理由"), proposal.content, is_wide=True)
    yield Fact(_("规则版本"), proposal.rule_set.version, source=proposal.rule_set.source)


def _chain(case: Case) -> tuple[str, ...]:
    return tuple(case.entry.chain) if case.entry and case.entry.chain else (BodyKind.PARTY,)


def _limit(case: Case) -> Pill | None:
    """Whether the amount reaches the limit of its entry."""
    limit = case.entry.threshold_fen if case.entry else None
    if limit is None or case.amount_fen is None:
        return None
    told = {"limit": formats.yuan(limit)}
    if case.amount_fen >= limit:
        return Pill(_("达到限额 %(limit)s 元") % told, "due")
    return Pill(_("未达限额 %(limit)s 元") % told, "quiet")


def _basis(proposal: Proposal) -> Iterator[Fact]:
    entry = proposal.entry
    if entry is None:
        yield Fact(
            _("依据"), _("不在清单：%(why)s") % {"why": proposal.unlisted_reason}, pill=Pill(_("清单外"), "late")
        )
        return
    told = {"number": entry.edition.number, "code": entry.code, "name": entry.name}
    href = reverse("catalogue-entries-detail", args=(entry.pk,))
    yield Fact(_("依据"), _("本校事项清单 %(number)s 版 %(code)s “%(name)s”") % told, href, source=entry.basis)


def _needed(proposal: Proposal, case: Case, book: RuleBook, kind: str, body: Body | None) -> Fact:
    """How many of a body must come, and how many must agree, by the rules of the proposal's version."""
    label = str(BodyKind(kind).label)
    is_important = case.entry.is_important if case.entry else proposal.category == Category.APPOINTMENT
    quorum = book.quorum_of(kind, is_important=is_important)
    majority = book.majority_of(case.entry.majority if case.entry else "", kind)
    if quorum is None or majority is None:
        return Fact(label, _("规则版本里没有这种会议的规则。"), pill=Pill(_("无规则"), "late"))
    if body is None:
        return Fact(label, _("本校没有登记这个议事机构。"), pill=Pill(_("未设"), "late"))
    if body.counts_only:
        told = {"come": words.fraction(quorum), "agree": words.fraction(majority)}
        yes = _("赞成超过%(agree)s") if majority.strict else _("赞成达到%(agree)s以上")
        return Fact(label, _("%(come)s以上到会；%(yes)s（人数以会议登记为准）") % {**told, "yes": yes % told})
    count = len({seat.person_id for seat in roster_on(body, clock.today())})
    said: dict[str, str | int] = {
        "count": count,
        "part": words.fraction(quorum),
        "least": quorum.needed(count),
        "agree": words.fraction(majority),
        "votes": majority.needed(count),
        "of": {Base.ROSTER: _("应到"), Base.PRESENT: _("实到"), Base.VALID: _("有效票")}[majority.base],
    }
    come = _("超过%(part)s（≥ %(least)s）") if quorum.strict else _("%(part)s以上（≥ %(least)s）")
    agree = _("超过%(of)s%(agree)s") if majority.strict else _("达到%(of)s%(agree)s以上")
    if majority.base == Base.ROSTER:
        agree += _("（≥ %(votes)s）")
    text = _("应到 %(count)s 人，%(come)s到会；赞成须%(yes)s")
    return Fact(label, text % {"count": count, "come": come % said, "yes": agree % said})


def _others(proposal: Proposal, book: RuleBook) -> Iterator[Fact]:
    """What the school paid the same supplier lately for nothing that was decided: it may be one thing in parts."""
    window = book.number("C02", "window_days")
    found = Payment.objects.filter(
        unit_id=proposal.unit_id,
        payee=proposal.supplier,
        proposal=None,
        paid_on__gte=clock.today() - timedelta(days=window),
        paid_on__lte=clock.today(),
    ).aggregate(count=Count("pk"), total=Sum("amount_fen"))
    if found["count"]:
        told = {"days": window, "count": found["count"], "total": formats.yuan(found["total"])}
        text = _("近 %(days)s 天另付该供应商 %(count)s 笔，合计 %(total)s 元，都没有议题") % told
        yield Fact(_("关联"), text, pill=Pill(_("请核对是否拆分"), "due"))


def filings(proposal: Proposal) -> Iterator[Fact]:
    """What was filed with the bureau, and what it said, in the order in which that came."""
    labels = {PreparationResult.AGREED: _("县局确认"), PreparationResult.REFUSED: _("县局退回")}
    rows = Preparation.objects.filter(proposal=proposal, kind=PreparationKind.FILING)
    for one in rows.order_by("recorded_at", "pk"):
        label = labels.get(PreparationResult(one.result), _("学校报备"))
        yield Fact(label, one.text or formats.china_date(one.done_on), is_wide=bool(one.text),
                   source=f"{one.name} · {formats.china_moment(one.recorded_at)}")  # fmt: skip
