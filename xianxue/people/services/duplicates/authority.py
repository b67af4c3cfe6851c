"""Who may judge a pair: the school its own, with two persons for a merge; the bureau what lies across schools."""

from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor, Grant, Reach, current_reach, hands_now, hands_then
from xianxue.people.access import CONFIRMS_MERGES, JUDGES_DUPLICATES, OFFICER, REGISTRAR
from xianxue.people.choices import DuplicateState
from xianxue.people.models import DuplicatePair

OPEN = (DuplicateState.OPEN, DuplicateState.UNCLEAR)


def _opens(grant: Grant, pair: DuplicatePair) -> bool:
    """Whether the grant is held over both records, not merely somewhere."""
    scope = grant.scope(current_reach())
    if scope.every or not scope:
        return bool(scope)
    held = DuplicatePair.rows_in(Reach(roles={"holder": scope}))
    return bool(DuplicatePair.objects.filter(held, pk=pair.pk).exists())


def why_not_judge(pair: DuplicatePair) -> str | None:
    """Why the person now acting may not say that the two are different, or that it cannot be told."""
    if pair.state not in OPEN:
        return _not_open(pair)
    grant = OFFICER if pair.spans_schools else JUDGES_DUPLICATES
    return None if _opens(grant, pair) else _("未能登记结论：只有本校学籍管理员、校长或县局学籍管理可以判断。")


def why_not_propose(pair: DuplicatePair) -> str | None:
    """Why the person now acting may not ask for a merge."""
    if pair.state not in OPEN:
        return _not_open(pair)
    if pair.spans_schools:
        return _("未能提请合并：这两份记录不在同一所学校，由县局学籍管理处理。")
    return None if _opens(REGISTRAR, pair) else _("未能提请合并：请由本校学籍管理员提请。")


def why_not_merge(pair: DuplicatePair) -> str | None:
    """Why the person now acting may not merge at once: that is for the bureau, across schools."""
    if pair.state not in OPEN:
        return _not_open(pair)
    if not pair.spans_schools:
        return _("未能合并：同一学校的两份记录须先由学籍管理员提请，再由另一人确认。")
    return None if _opens(OFFICER, pair) else _("未能合并：跨校的记录由县局学籍管理合并。")


def why_not_confirm(pair: DuplicatePair, by: Actor) -> str | None:
    """Why the person now acting may not confirm or return what another proposed."""
    if pair.state != DuplicateState.PROPOSED:
        return _("未能确认：这一对现在没有待确认的提请。请刷新页面。")
    if hands_then(pair.proposed_by, pair.proposed_at, REGISTRAR) & hands_now(by, CONFIRMS_MERGES):
        return _("未能确认：提请人和替他代办的人不能确认这件提请。请由校长或县局学籍管理确认。")
    return None if _opens(CONFIRMS_MERGES, pair) else _("未能确认：请由校长或县局学籍管理确认。")


def why_not_undo(pair: DuplicatePair) -> str | None:
    """Why the person now acting may not take a merge back."""
    if pair.state != DuplicateState.MERGED:
        return _("未能撤销合并：这一对现在没有合并。请刷新页面。")
    grant = OFFICER if pair.spans_schools else CONFIRMS_MERGES
    return None if _opens(grant, pair) else _("未能撤销合并：请由校长（本校的）或县局学籍管理办理。")


def _not_open(pair: DuplicatePair) -> str:
    return _("未能办理：这一对已是“%(state)s”，可能刚由别人处理过。请刷新页面。") % {"state": pair.get_state_display()}
