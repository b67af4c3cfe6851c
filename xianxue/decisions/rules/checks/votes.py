"""Checks of the vote: who should not have taken part, whether there was one, whether the result follows from the count."""

from collections.abc import Iterator

from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.decisions.choices import Phase
from xianxue.decisions.rules.book import RuleBook
from xianxue.decisions.rules.checks.parts import (
    body_name,
    each,
    failure,
    not_decided,
    on_case,
    ruled_as,
)
from xianxue.decisions.rules.facts import Case, Sitting, Voted
from xianxue.kernel.checks.choices import Certainty
from xianxue.kernel.checks.outcomes import Failure, Outcome, failed, skipped
from xianxue.meetings.choices import BallotChoice, ItemOutcome, VoteMethod
from xianxue.meetings.rules.majority import Count, Fraction, passes

DURING = Phase.DURING


@on_case("C14", _("应回避未回避"), DURING, _("回避制度"), certainty=Certainty.SUSPECTED)
def recused(case: Case, _book: RuleBook) -> Outcome:
    """Whoever has an interest in whom the item concerns left the room and did not vote."""
    if (wait := not_decided(case)) is not None:
        return wait
    known = [one for one in case.decided if not one.counts_only]
    if not known:
        return skipped(_t("会议只登记人数，没有名单。"))
    return failed(*(found for sitting in known for found in _not_recused(sitting)))


def _not_recused(sitting: Sitting) -> Iterator[Failure]:
    end = sitting.item_ended_at
    left = {one.person for one in sitting.recusals if one.left_at is not None and (end is None or one.left_at < end)}
    declared = {one.person for one in sitting.recusals}
    names = {one.person: one.name for one in sitting.attendees}
    present = {one.person for one in sitting.members if one.is_present}
    voted = set(sitting.vote.ballots) | set(sitting.vote.electorate) if sitting.vote else set()
    for person in sorted((sitting.related | declared) & present):
        if person in voted:
            reason = _t("%(name)s有利害关系而参加了表决。")
        elif person not in left:
            reason = _t("%(name)s有利害关系，没有议题结束以前离场的记录。")
        else:
            continue
        yield Failure(
            failure(sitting, reason % {"name": names.get(person, "")}).reason,
            key=f"{sitting.meeting}:{person}",
            inputs={"person": person, "is_related": person in sitting.related},
        )


@on_case("C16", _("未逐项表决"), DURING, _("中办发〔2010〕17号"))
def one_by_one(case: Case, _book: RuleBook) -> Outcome:
    """A passed item has a vote of its own."""
    if (wait := not_decided(case)) is not None:
        return wait
    return each(case.decided, _one_by_one)


def _one_by_one(sitting: Sitting) -> Failure | None:
    if sitting.shares_vote:
        return failure(sitting, _t("和别的议题合在一起表决。"), {"shares_vote": True})
    if sitting.outcome == ItemOutcome.PASSED and sitting.vote is None:
        return failure(sitting, _t("记为通过而没有表决。"), {"shares_vote": False})
    return None


@on_case("C17", _("表决结果与票数不符"), DURING, _("学校党组织议事决策程序：赞成超过应到会成员半数"))
def counted_right(case: Case, book: RuleBook) -> Outcome:
    """The result follows from the count by the rule, and nobody voted who could not, or twice."""
    if (wait := not_decided(case)) is not None:
        return wait
    voted = [one for one in case.decided if one.vote is not None]
    if not voted:
        return skipped(_t("没有表决记录。"))
    return each(voted, lambda sitting: _counted(case, sitting, book))


def _counted(case: Case, sitting: Sitting, book: RuleBook) -> Failure | str | None:
    vote = sitting.vote
    if vote is None:
        return None
    rule = vote.rule or _rule_of(case, sitting, book)
    # The roster is the meeting's, and 实到 of the moment; the vote's own where the meeting kept none.
    roster, present = (sitting.roster, sitting.at_vote) if sitting.roster else (vote.roster, vote.present)
    count = Count(vote.yes, vote.no, vote.abstain, vote.invalid, roster, present)
    reasons = [*_wrong_result(sitting, count, rule), *_impossible(sitting, vote, count)]
    if reasons:
        counts = {"yes": vote.yes, "no": vote.no, "abstain": vote.abstain, "roster": roster, "present": present}
        return failure(sitting, "".join(reasons), {**counts, "rule": rule.as_dict() if rule else None})
    if rule is None:
        return _t("规则里没有%(body)s的表决规则，无法核对结果。") % {"body": body_name(sitting.body_kind)}
    return None


def _rule_of(case: Case, sitting: Sitting, book: RuleBook) -> Fraction | None:
    """The rule of the entry, or of the body, for a vote that kept none of its own."""
    return book.majority_of(case.entry.majority if case.entry else "", ruled_as(case, sitting, book))


def _wrong_result(sitting: Sitting, count: Count, rule: Fraction | None) -> Iterator[str]:
    facts = {"yes": count.yes, "roster": count.roster, "present": count.present}
    said = sitting.outcome == ItemOutcome.PASSED
    if sitting.vote and sitting.vote.is_passed is not None and sitting.vote.is_passed != said:
        yield _t("表决结果和议题结果不一致。")
    if rule is None:
        return
    if said and not passes(count, rule):
        yield _t("赞成 %(yes)s 票，应到 %(roster)s 人，实到 %(present)s 人，没有达到规定票数而记为通过。") % facts
    elif not said and passes(count, rule):
        yield _t("赞成 %(yes)s 票已经达到规定票数，却记为未通过。") % facts


def _impossible(sitting: Sitting, vote: Voted, count: Count) -> Iterator[str]:
    recused_ = {one.person for one in sitting.recusals}
    entitled = len(vote.electorate) or count.present - len(recused_)
    if count.cast > entitled:
        yield _t("%(cast)s 票多于有表决权的 %(entitled)s 人。") % {"cast": count.cast, "entitled": entitled}
    if wrong := (sitting.absent | recused_) & (vote.ballots.keys() | set(vote.electorate)):
        yield _t("%(count)s 名缺席或者回避的成员计入表决。") % {"count": len(wrong)}
    if others := vote.ballots.keys() - {one.person for one in sitting.members}:
        yield _t("%(count)s 名不是应到成员的人计了票。") % {"count": len(others)}
    if vote.method == VoteMethod.SECRET or not vote.ballots:
        return
    given = list(vote.ballots.values())
    for choice, told in (
        (BallotChoice.YES, vote.yes),
        (BallotChoice.NO, vote.no),
        (BallotChoice.ABSTAIN, vote.abstain),
    ):
        if (cast := given.count(choice)) != told:
            words = {"label": choice.label, "told": told, "cast": cast}
            yield _t("记录“%(label)s”%(told)s 票，逐人登记是 %(cast)s 票。") % words
