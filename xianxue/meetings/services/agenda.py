"""The agenda: items before the notice, 临时动议 after it with reason and approver, their order, and taking them off."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command
from xianxue.meetings.choices import AgendaKind, ItemState
from xianxue.meetings.models import AgendaItem, Concern, Meeting
from xianxue.meetings.rules.provided import tell_dropped
from xianxue.meetings.services.frame import item_for, meeting_for, moment, refusal, trace
from xianxue.people.models import Person

STATES = ("planned", "noticed", "under_way")


@command("meetings.item_added", label=gettext_lazy("列入议程"))
def add_item(
    meeting: Meeting,
    *,
    by: Actor,
    kind: str,
    title: str,
    concerns: Sequence[Person | str] = (),
    late_reason: str = "",
    late_approved_by: str = "",
    at: datetime | None = None,
) -> AgendaItem:
    """Put an item at the end of the agenda. `concerns`: persons, and firms by name, whom it is about.

    Once the notice is out a reason and who agreed are required, and stay with the item.
    """
    held = meeting_for(meeting, by, STATES)
    if kind not in AgendaKind.values or not title.strip():
        raise refusal(_("没有写议程名称，或没有选类别。请填写完整。"), field="title")
    if held.noticed_at is not None and not (late_reason.strip() and late_approved_by.strip()):
        raise refusal(
            _("会议通知已经发出，这是临时动议。请写明理由和同意列入的人；不急的，留待下次会议。"), field="late_reason"
        )
    added_at = moment(at)
    last = AgendaItem.objects.filter(meeting=held).aggregate(last=Max("number"))["last"] or 0
    item: AgendaItem = AgendaItem.objects.create(
        meeting=held,
        number=last + 1,
        kind=kind,
        title=title.strip(),
        added_at=added_at,
        late_reason=late_reason.strip() if held.noticed_at else "",
        late_approved_by=late_approved_by.strip() if held.noticed_at else "",
    )
    Concern.objects.bulk_create(_concern(item, one) for one in concerns if one)
    trace(held, {"item": (None, f"{item.number} {item.title}")}, note=item.late_reason)
    return item


def _concern(item: AgendaItem, one: Person | str) -> Concern:
    if isinstance(one, str):
        return Concern(item=item, organisation=one.strip())
    return Concern(item=item, person=one)


@command("meetings.item_dropped", label=gettext_lazy("撤下议程"))
def drop_item(item: AgendaItem, *, by: Actor, reason: str) -> None:
    """Take a waiting item off the agenda; whoever put it there is told and has it back.

    The history of the meeting keeps item and reason. Once a meeting is under way the others keep their numbers.
    """
    found = _waiting(item, by)
    if not reason.strip():
        raise refusal(_("没有写撤下的理由。请填写。"), field="reason")
    if found.opinions.exists() or found.recusals.exists():
        raise refusal(_("这项议程上已经记有意见或回避，撤下会一并丢失。请写明理由缓议。"))
    held, number = found.meeting, found.number
    tell_dropped(found, reason.strip(), by)
    Concern.objects.filter(item=found).delete()
    AgendaItem.objects.filter(pk=found.pk).delete()
    if held.matter.state != "under_way":
        for pk, later in (
            AgendaItem.objects.filter(meeting=held, number__gt=number).order_by("number").values_list("pk", "number")
        ):
            AgendaItem.objects.filter(pk=pk).update(number=later - 1)
    trace(held, {"item": (f"{number} {found.title}", None)}, note=reason.strip())


@command("meetings.item_moved", label=gettext_lazy("调整议程顺序"))
def move_item(item: AgendaItem, *, by: Actor, up: bool) -> None:
    """Let a waiting item change places with the waiting one before it, or after it. What was dealt with stays."""
    found = _waiting(item, by)
    others = AgendaItem.objects.filter(meeting=found.meeting, state=ItemState.WAITING)
    if up:
        other = others.filter(number__lt=found.number).order_by("-number").first()
    else:
        other = others.filter(number__gt=found.number).order_by("number").first()
    if other is None:
        raise refusal(_("前面没有待议的议程了。") if up else _("后面没有待议的议程了。"))
    last = AgendaItem.objects.filter(meeting=found.meeting).aggregate(last=Max("number"))["last"]
    # Two of a number are refused at every moment: one of them steps aside.
    for pk, number in ((found.pk, last + 1), (other.pk, found.number), (found.pk, other.number)):
        AgendaItem.objects.filter(pk=pk).update(number=number)
    trace(found.meeting, {"item": (f"{found.number} {found.title}", f"{other.number} {found.title}")})


def _waiting(item: AgendaItem, by: Actor) -> AgendaItem:
    found = item_for(item, by, STATES)
    if found.state != ItemState.WAITING:
        raise refusal(_("这项议程已经开始讨论或者议毕，不能再动。还在讨论的，可以写明理由缓议。"))
    return found
