"""Acting first and deciding afterwards: allowed for what cannot wait, noted at once, ratified at a meeting."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.decisions.access import LEADS, RECORDS
from xianxue.decisions.models import Proposal
from xianxue.decisions.services import checking
from xianxue.kernel.access import Actor, current_reach
from xianxue.kernel.commands import Refused, command
from xianxue.kernel.history.records import Subject, record
from xianxue.kernel.procedures import clock

ACTS = LEADS | RECORDS


@command("decisions.act_first", label=gettext_lazy("登记先行处置"))
def act_first(proposal: Proposal, *, acted_on: date, reason: str, by: Actor) -> None:
    """Note that an urgent matter was acted upon before any meeting. Refuses where a meeting has decided already."""
    if proposal.unit_id not in ACTS.scope(current_reach()):
        raise Refused(_("未能登记先行处置：只有本校的书记、校长和记录人可以登记。请由他们办理。"))
    if proposal.is_passed is not None:
        raise Refused(_("未能登记先行处置：该议题已经过会议。先行处置只能登记会前的。"))
    if acted_on > clock.today():
        raise Refused(_("未能登记先行处置：处置日期在今天之后。请核对日期。"), field="acted_on")
    if not reason.strip():
        raise Refused(_("未能登记先行处置：没有写明紧急情况。请写明为什么等不到会议。"), field="reason")
    old = proposal.acted_on
    proposal.is_urgent, proposal.acted_on, proposal.urgent_reason = True, acted_on, reason.strip()
    proposal.save(update_fields=["is_urgent", "acted_on", "urgent_reason"])
    changes = {"acted_on": [old.isoformat() if old else None, acted_on.isoformat()]}
    record(
        Subject(proposal._meta.label_lower, proposal.pk, proposal.title),
        changes,
        unit_id=proposal.unit_id,
        note=reason.strip(),
    )
    checking.changed(proposal, by)
