"""What is said on an item, in its order; who must leave the room for it; and what the inspector says."""

from datetime import datetime
from typing import Any

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command, nothing_changed
from xianxue.meetings.access import INSPECTS
from xianxue.meetings.choices import (
    AttendanceRole,
    ItemState,
    Presence,
    RecusalGround,
    RecusalSource,
    Stance,
)
from xianxue.meetings.models import AgendaItem, Attendance, Ballot, Opinion, Recusal, Vote
from xianxue.meetings.rules.provided import blocked, tell_changed
from xianxue.meetings.selectors.interests import known_interests
from xianxue.meetings.selectors.rosters import electors
from xianxue.meetings.services.frame import (
    OPEN,
    account_in,
    as_it_was_hint,
    is_told_as_it_was,
    item_for,
    moment,
    refusal,
    trace,
)
from xianxue.people.models import Person


@command("meetings.item_opened", label=gettext_lazy("开始讨论"))
def open_item(item: AgendaItem, *, by: Actor, at: datetime | None = None) -> None:
    """Take up an item; one at a time. Refused while what must come first is missing."""
    found = item_for(item, by)
    if found.state != ItemState.WAITING:
        raise refusal(_("这项议程不是待议。请刷新页面后核对。"))
    other = AgendaItem.objects.filter(meeting=found.meeting, state=ItemState.OPEN).first()
    if other is not None:
        raise refusal(_("正在议“%(title)s”。请先议毕，或写明理由缓议。") % {"title": other.title})
    if reason := blocked(found):
        raise refusal(reason)
    found.state, found.began_at = ItemState.OPEN, moment(at)
    found.save(update_fields=["state", "began_at"])
    trace(found.meeting, {"state": (ItemState.WAITING, ItemState.OPEN)}, facts={"item": found.number})


@command("meetings.recused", label=gettext_lazy("登记回避"))
def recuse(
    item: AgendaItem, *, by: Actor, person: Person, ground: str, source: str, at: datetime | None = None
) -> Recusal:
    """A member leaves the room for an item, and neither speaks nor votes. An open ballot of hers is taken out.

    Refused once she has cast a secret ballot: nobody can find it again.
    """
    found = item_for(item, by)
    one = _member(found, person)
    if ground not in RecusalGround.values or source not in RecusalSource.values:
        raise refusal(_("没有选回避事由或来源。请选择。"), field="ground")
    _refuse_closed(found)
    if Recusal.objects.filter(item=found, person=person).exists():
        raise refusal(_("%(name)s已经登记回避。") % {"name": one.name})
    vote = Vote.objects.filter(item=found).first()
    if vote is not None and vote.closed_at is not None:
        raise refusal(_("表决已经结束。请在记录锁定后用更正说明。"))
    if vote is not None and vote.turns.filter(person=person).exists():
        raise refusal(_("%(name)s已经投了无记名票，无法取回。请把这次表决作废，回避后重新表决。") % {"name": one.name})
    taken = Ballot.objects.filter(vote=vote, person=person).delete()[0] if vote else 0
    made: Recusal = Recusal.objects.create(item=found, person=person, ground=ground, source=source, left_at=moment(at))
    trace(found.meeting, {"recused": (None, one.name)}, facts={"item": found.number, "ballots_taken_out": taken})
    return made


@command("meetings.returned", label=gettext_lazy("登记回避后返回"))
def come_back(recusal: Recusal, *, by: Actor, at: datetime | None = None) -> None:
    """The member comes back into the room, once the item has ended."""
    found = item_for(recusal.item, by, OPEN)
    if Recusal.objects.filter(pk=recusal.pk, returned_at__isnull=False).exists():
        nothing_changed()
        return
    if found.state != ItemState.CLOSED:
        raise refusal(_("该项议程还没有议毕，回避人员不能返回。请先议毕。"))
    when = moment(at)
    Recusal.objects.filter(pk=recusal.pk).update(returned_at=when)
    trace(found.meeting, {"returned_at": (None, when)}, facts={"item": found.number, "recusal": recusal.pk})
    tell_changed(found, by)


def refuse_unrecused(item: AgendaItem, *, confirmed: bool) -> None:
    """Refuse to go on while members in the room are known to have an interest in the item.

    Of a meeting entered later it is written that they stayed, once that is `confirmed`.
    """
    if is_told_as_it_was(item.meeting, confirmed=confirmed):
        return
    recused = set(Recusal.objects.filter(item=item).values_list("person_id", flat=True))
    absent = set(
        Attendance.objects.filter(meeting=item.meeting)
        .exclude(presence=Presence.PRESENT)
        .values_list("person_id", flat=True)
    )
    left = [one for one in known_interests(item) if one.person_id not in recused | absent]
    if left:
        told = "；".join(f"{one.name}（{one.label}：{one.about}）" for one in left)
        reason = _("登记的利害关系表明应当回避：%(who)s。请先登记回避。") % {"who": told}
        raise refusal(reason + as_it_was_hint(item.meeting), field="confirmed")


@command("meetings.spoke", label=gettext_lazy("记录发言"))
def speak(
    item: AgendaItem,
    *,
    by: Actor,
    person: Person,
    stance: str = "",
    text: str = "",
    confirmed: bool = False,
    at: datetime | None = None,
) -> Opinion:
    """Write what somebody said, in the order in which it was said.

    The same words of the same person twice running, from two recorders perhaps, are one opinion. The chief speaks last:
    before the others have spoken a confirmation is asked for, and it is written as it happened.
    `confirmed` also lets a meeting entered later be told as it was.
    """
    found = item_for(item, by)
    _refuse_unopened(found)
    _refuse_closed(found)
    one = Attendance.objects.filter(meeting=found.meeting, person=person).first()
    if one is None or one.role == AttendanceRole.INSPECTOR or one.presence != Presence.PRESENT or one.left_at:
        raise refusal(_("发言人没有登记到会。请先登记到会；缺席成员的书面意见记在到会情况里。"), field="person")
    if Recusal.objects.filter(item=found, person=person).exists():
        raise refusal(_("%(name)s对这项议程已经回避，不能发言。") % {"name": one.name}, field="person")
    if stance not in {"", *Stance.values} or not (stance or text.strip()):
        raise refusal(_("没有写态度，也没有写意见。请至少填写一项。"), field="text")
    refuse_unrecused(found, confirmed=confirmed)
    silent = _silent(found) if one.is_chief and not confirmed else []
    if silent:
        raise refusal(
            _("主要负责人应当最后表态，%(names)s还没有发言。确已先讲的，请勾选“照实记录”后再记。")
            % {"names": "、".join(silent)},
            field="confirmed",
        )
    if (same := _last_word(found, person, stance, text)) is not None:
        nothing_changed()
        return same
    made = _write(found, one, stance=stance, text=text, at=moment(at))
    trace(found.meeting, {"spoke": (None, one.name)}, facts={"item": found.number, "order": made.order})
    return made


def _last_word(item: AgendaItem, person: Person, stance: str, text: str) -> Opinion | None:
    """What was said last, where it is this person's and the same."""
    said = Opinion.objects.filter(item=item).exclude(role=AttendanceRole.INSPECTOR)
    last: Opinion | None = said.order_by("-order").first()
    is_same = last is not None and (last.person_id, last.stance, last.text) == (person.pk, stance, text.strip())
    return last if is_same else None


def _silent(item: AgendaItem) -> list[str]:
    """Members who may speak, have not, and are not the chief."""
    spoken = set(Opinion.objects.filter(item=item).values_list("person_id", flat=True))
    room = electors(item, moment(None))
    return [one.name for one in room if not one.is_chief and one.person_id not in spoken]


def _write(item: AgendaItem, one: Any, *, stance: str, text: str, at: datetime) -> Opinion:
    last = Opinion.objects.filter(item=item).aggregate(last=Max("order"))["last"] or 0
    made: Opinion = Opinion.objects.create(
        item=item,
        order=last + 1,
        person_id=one.person_id,
        name=one.name,
        role=one.role,
        is_chief=one.is_chief,
        stance=stance,
        text=text.strip(),
        spoken_at=at,
    )
    return made


@command("meetings.inspected", label=gettext_lazy("填写监督意见"))
def inspect(item: AgendaItem, *, by: Actor, text: str) -> Opinion:
    """The inspector's opinion on an item, by the own account: it stands in the record; nobody else may write it."""
    found = item_for(item, by, OPEN, grant=INSPECTS)
    if not text.strip():
        raise refusal(_("没有写意见。请填写。"), field="text")
    # A discipline member sits in the body, and need not be invited besides.
    mine = account_in(found.meeting, by, AttendanceRole.MEMBER) or account_in(
        found.meeting, by, AttendanceRole.INSPECTOR
    )
    before: Opinion | None = Opinion.objects.filter(item=found, user_id=by.user_id).order_by("-order").first()
    if before is not None and before.text == text.strip():
        nothing_changed()
        return before
    last = Opinion.objects.filter(item=found).aggregate(last=Max("order"))["last"] or 0
    made: Opinion = Opinion.objects.create(
        item=found,
        order=last + 1,
        person_id=mine.person_id if mine else None,
        user_id=by.user_id,
        # Written by the own account, so under its name.
        name=by.label,
        role=AttendanceRole.INSPECTOR,
        text=text.strip(),
        spoken_at=moment(None),
    )
    trace(found.meeting, {"inspected": (None, made.name)}, facts={"item": found.number, "order": made.order})
    tell_changed(found, by)
    return made


@command("meetings.summed_up", label=gettext_lazy("记录讨论摘要"))
def sum_up(item: AgendaItem, *, by: Actor, summary: str, resolution: str = "") -> None:
    """The summary of the discussion and the words of the resolution; they may be put right until somebody signs."""
    found = item_for(item, by, OPEN)
    found.summary = summary.strip()
    found.resolution = resolution.strip() or found.resolution
    found.save(update_fields=["summary", "resolution"])
    trace(found.meeting, {}, facts={"item": found.number})
    tell_changed(found, by)


def _member(item: AgendaItem, person: Person) -> Attendance:
    one: Attendance | None = Attendance.objects.filter(
        meeting=item.meeting, person=person, role=AttendanceRole.MEMBER
    ).first()
    if one is None:
        raise refusal(_("这个人不是应到成员。请从名单中选择。"), field="person")
    return one


def _refuse_unopened(item: AgendaItem) -> None:
    if item.state == ItemState.WAITING:
        raise refusal(_("这项议程还没有开始讨论。请先“开始讨论”，再记录发言。"))


def _refuse_closed(item: AgendaItem) -> None:
    if item.state == ItemState.CLOSED:
        raise refusal(_("这项议程已经议毕。记录有误的，锁定后用更正说明。"))
