"""What people decide about a pair: the same, not the same, cannot be told; and the merge taken back."""

from collections.abc import Mapping
from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from xianxue.kernel.access import Actor, whole_county
from xianxue.kernel.commands import Refused, command, refuse_if
from xianxue.kernel.history.records import Subject, record
from xianxue.people.choices import DuplicateState
from xianxue.people.models import DuplicatePair
from xianxue.people.selectors.duplicates.conflicts import fingerprint, obstacles, pair_of
from xianxue.people.services.duplicates import authority
from xianxue.people.services.duplicates.merge import merge
from xianxue.people.services.duplicates.plan import made
from xianxue.people.services.duplicates.unmerge import unmerge

PAIR = "people.duplicatepair"
SEEN = "seen"


def _pair(pk: int) -> DuplicatePair:
    """The pair as it stands now, where the person acting reaches it."""
    if not DuplicatePair.objects.filter(pk=pk).exists():
        raise Refused(_t("未能办理：没有这一对记录，或已不在您的范围内。请回到列表刷新。"))
    with whole_county("两份记录须一并核对"):
        return pair_of(pk)


def _told(pair: DuplicatePair, state: str, *, reason: str, **facts: str) -> None:
    label = f"{pair.first.name} / {pair.second.name}"
    record(
        Subject(PAIR, pair.pk, label),
        note=reason,
        facts={"first": pair.first_id, "second": pair.second_id, "state": state, **facts},
    )


@command("people.judge_different", label=_("判定不是同一人"))
def judge_different(pk: int, *, reason: str, by: Actor) -> None:
    """Two human beings: the pair is not offered again until the data that were compared change."""
    pair = _pair(pk)
    refuse_if(authority.why_not_judge(pair))
    with whole_county("登记结论"):
        _decided(pair, DuplicateState.DIFFERENT, reason)


@command("people.judge_unclear", label=_("暂不能确定是否同一人"))
def judge_unclear(pk: int, *, reason: str, question: str, asked_of: str, until: date, by: Actor) -> None:
    """It cannot be told yet: what is to be asked, of whom, and until when."""
    pair = _pair(pk)
    refuse_if(authority.why_not_judge(pair))
    if until < timezone.localdate():
        raise Refused(_t("未能登记：核实期限已过。请填今天或以后的日期。"), field="until")
    with whole_county("登记结论"):
        asked = {"question": question, "asked_of": asked_of, "until": until.isoformat()}
        _decided(pair, DuplicateState.UNCLEAR, reason, **asked)
        DuplicatePair.objects.filter(pk=pk).update(question=question, asked_of=asked_of, ask_until=until)


def _decided(pair: DuplicatePair, state: DuplicateState, reason: str, **facts: str) -> None:
    _told(pair, state, reason=reason, **facts)
    DuplicatePair.objects.filter(pk=pair.pk).update(state=state, reason=reason, decided_on=timezone.localdate())


@command("people.propose_merge", label=_("提请合并两份记录"))
def propose_merge(pk: int, *, choices: Mapping[str, str], reason: str, by: Actor) -> None:
    """A school's registrar says that the two are one, and what is to be kept; another person confirms it."""
    pair = _pair(pk)
    refuse_if(authority.why_not_propose(pair))
    with whole_county("提请合并"):
        _refuse_obstacles(pair, choices)
        made(pair, choices, timezone.localdate())
        _told(pair, DuplicateState.PROPOSED, reason=reason)
        DuplicatePair.objects.filter(pk=pk).update(
            state=DuplicateState.PROPOSED,
            proposed_by=by.user_id,
            proposed_at=timezone.now(),
            choices={**choices, SEEN: fingerprint(pair)},
            reason=reason,
            decided_on=None,
        )


@command("people.confirm_merge", label=_("合并两份记录"))
def confirm_merge(pk: int, *, by: Actor) -> None:
    """The second person agrees, and the records are merged as proposed; refused where they changed since."""
    pair = _pair(pk)
    refuse_if(authority.why_not_confirm(pair, by))
    with whole_county("合并两份记录"):
        _refuse_obstacles(pair, pair.choices)
        _told(pair, DuplicateState.MERGED, reason=pair.reason)
        merge(pair, _chosen(pair.choices), reason=pair.reason)


@command("people.return_merge", label=_("退回合并提请"))
def return_merge(pk: int, *, reason: str, by: Actor) -> None:
    """The second person does not agree: the pair is open again."""
    pair = _pair(pk)
    refuse_if(authority.why_not_confirm(pair, by))
    with whole_county("退回提请"):
        _told(pair, DuplicateState.OPEN, reason=reason)
        DuplicatePair.objects.filter(pk=pk).update(
            state=DuplicateState.OPEN, proposed_by=None, proposed_at=None, choices={}, reason=reason, decided_on=None
        )


@command("people.merge_across", label=_("合并两份记录（跨校）"))
def merge_across(pk: int, *, choices: Mapping[str, str], reason: str, by: Actor) -> None:
    """The bureau merges two records that different schools keep."""
    pair = _pair(pk)
    refuse_if(authority.why_not_merge(pair))
    with whole_county("合并两份记录"):
        _refuse_obstacles(pair, choices)
        _told(pair, DuplicateState.MERGED, reason=reason)
        merge(pair, _chosen(choices), reason=reason)


@command("people.undo_merge", label=_("撤销合并"))
def undo_merge(pk: int, *, reason: str, by: Actor) -> None:
    """Both records stand again as they were; refused with what later changes stand against it."""
    pair = _pair(pk)
    refuse_if(authority.why_not_undo(pair))
    with whole_county("撤销合并"):
        unmerge(pair, reason=reason)
        _told(pair, DuplicateState.OPEN, reason=reason)


def _chosen(choices: Mapping[str, str]) -> dict[str, str]:
    return {key: side for key, side in choices.items() if key != SEEN}


def _refuse_obstacles(pair: DuplicatePair, choices: Mapping[str, str]) -> None:
    found = obstacles(pair)
    if found:
        raise Refused(_t("未能合并：%(why)s") % {"why": "".join(found)})
    if choices.get(SEEN) not in (None, fingerprint(pair)):
        raise Refused(_t("未能合并：看过之后两份记录又有变化。请重新打开页面核对。"))
