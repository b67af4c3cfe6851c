"""The agenda: items before the notice, and 临时动议 after it, with reason and approver."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.kernel.access import Actor
from xianxue.kernel.commands import command
from xianxue.meetings.choices import AgendaKind
from xianxue.meetings.models import AgendaItem, Concern, Meeting
from xianxue.meetings.services.frame import meeting_for, moment, refusal, trace
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
def drop_item(item: AgendaItem, *, by: Actor) -> None:
    """Take an item off before the notice is out; afterwards it is postponed at the meeting, with a reason."""
    held = meeting_for(item, by, ("planned",))
    if hasattr(item, "tabling"):
        raise refusal(_("这项议程是上会的议题。请在议题的页面上撤回。"))
    Concern.objects.filter(item=item).delete()
    AgendaItem.objects.filter(pk=item.pk).delete()
    trace(held, {"item": (f"{item.number} {item.title}", None)})
