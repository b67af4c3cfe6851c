"""A school's own list against the county's model: as strict or stricter; what is left out beforehand needs a reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from xianxue.decisions.choices import Category, PreparationKind
from xianxue.decisions.rules.facts import Entry
from xianxue.kernel.ui import formats
from xianxue.meetings.choices import BodyKind
from xianxue.meetings.rules.majority import Base, Fraction


@dataclass(frozen=True, slots=True)
class Departure:
    """Where an entry asks for less than the model. `is_firm`: it may not; otherwise it must say why."""

    code: str
    name: str
    text: str
    is_firm: bool


def departures(
    own: Sequence[Entry], model: Sequence[Entry], majorities: Mapping[str, Fraction], limit: int | None
) -> Iterator[Departure]:
    """Everything in which a list is weaker than its model, entry by entry in the model's order; then wrong own entries.

    `majorities` as in the RuleBook; `limit`: the county's amount in 分 for the type of school, None where it has none.
    What a school adds, and where it asks for more, is its own business.
    """
    mine = {entry.code: entry for entry in own}
    for given in model:
        entry = mine.pop(given.code, None)
        if entry is None:
            yield Departure(given.code, given.name, _("范本里的事项没有列入"), is_firm=True)
        else:
            yield from _weaker(entry, given, majorities)
    for entry in own:
        for text in _unsound(entry, majorities, limit):
            yield Departure(entry.code, entry.name, text, is_firm=True)


def _weaker(entry: Entry, model: Entry, majorities: Mapping[str, Fraction]) -> Iterator[Departure]:
    firm = (
        *_kind(entry, model),
        *_meetings(entry, model, majorities),
        *_amounts(entry, model),
        *_days(entry, model),
    )
    for text in firm:
        yield Departure(entry.code, entry.name, text, is_firm=True)
    if left_out := sorted(model.preparations - entry.preparations):
        names = "、".join(str(PreparationKind(kind).label) for kind in left_out)
        yield Departure(entry.code, entry.name, _("少了前置程序：%(names)s") % {"names": names}, is_firm=False)


def _unsound(entry: Entry, majorities: Mapping[str, Fraction], limit: int | None) -> Iterator[str]:
    if not entry.chain:
        yield _("没有写会议顺序")
    if len(set(entry.chain)) != len(entry.chain):
        yield _("同一种会议写了两次")
    if entry.majority and entry.majority not in majorities:
        yield _("县局规则里没有这种表决规则")
    if limit is not None and (entry.threshold_fen or 0) > limit:
        yield _("限额不能高于县局规定的 %(amount)s 元") % {"amount": formats.yuan(limit)}


def _kind(entry: Entry, model: Entry) -> Iterator[str]:
    if entry.category != model.category:
        yield _("类别应为“%(category)s”") % {"category": Category(model.category).label}
    if model.is_important and not entry.is_important:
        yield _("应为重要事项")
    if model.is_staff_interest and not entry.is_staff_interest:
        yield _("应为涉及教职工切身利益的事项")


def _meetings(entry: Entry, model: Entry, majorities: Mapping[str, Fraction]) -> Iterator[str]:
    if not entry.chain or not model.chain:
        return
    rest = iter(entry.chain)
    # `in` takes from the iterator, so the model's bodies must come in the model's order.
    if not all(kind in rest for kind in model.chain) or entry.chain[-1] != model.chain[-1]:
        chain = " → ".join(str(BodyKind(kind).label) for kind in model.chain)
        yield _("会议顺序应包括 %(chain)s，由最后一个会议决定") % {"chain": chain}
    asked = majorities.get(model.majority or f"default:{model.chain[-1]}")
    given = majorities.get(entry.majority or f"default:{entry.chain[-1]}")
    if asked and given and not as_strict(given, asked):
        yield _("表决规则低于范本")


def as_strict(rule: Fraction, other: Fraction) -> bool:
    """Whether whatever reaches the rule reaches the other one too, for every size of the body."""
    wider = {Base.ROSTER: 2, Base.PRESENT: 1, Base.VALID: 0}
    left, right = rule.num * other.den, other.num * rule.den
    if wider[rule.base] < wider[other.base] or left < right:
        return False
    return left > right or rule.strict or not other.strict


def _amounts(entry: Entry, model: Entry) -> Iterator[str]:
    if model.threshold_fen is None and entry.threshold_fen is not None:
        yield _("范本不论金额都要上会，不能另设限额")
    elif model.threshold_fen is not None and (entry.threshold_fen or 0) > model.threshold_fen:
        yield _("限额不能高于范本的 %(amount)s 元") % {"amount": formats.yuan(model.threshold_fen)}
    if model.payment_kinds - entry.payment_kinds:
        yield _("少了对应的支出类别")


def _days(entry: Entry, model: Entry) -> Iterator[str]:
    if model.filing_days is not None and (entry.filing_days or 0) < model.filing_days:
        yield _("会前报备不能少于 %(days)s 个工作日") % {"days": model.filing_days}
    if model.publication_days is not None and (entry.publication_days or 0) < model.publication_days:
        yield _("公示不能少于 %(days)s 个工作日") % {"days": model.publication_days}
