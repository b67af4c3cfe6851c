"""Putting a decision into the archive, and looking back at it after a set time."""

from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from xianxue.decisions.models import Proposal
from xianxue.decisions.procedures import after_steps as steps
from xianxue.decisions.selectors.execution import open_ends
from xianxue.decisions.services import checking
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused
from xianxue.kernel.procedures import clock

OPEN_ENDS = {
    "tasks": gettext_lazy("任务"),
    "publications": gettext_lazy("公示"),
    "objections": gettext_lazy("公示异议"),
    "findings": gettext_lazy("发现的问题"),
}


@steps.ARCHIVE.command
def archive(proposal: Proposal, *, by: Actor, archive_number: str, review_due_on: date, open_reason: str = "") -> None:
    """Archive under a number, with the day for looking back. What is still open needs its reason."""
    today = clock.today()
    if not archive_number.strip():
        raise Refused(_("未能归档：没有档号。请按本校档案编号规则填写。"), field="archive_number")
    if review_due_on <= today:
        raise Refused(_("未能归档：后评估日期应在今天以后。请重新填写。"), field="review_due_on")
    left = open_ends(proposal)
    if left and not open_reason.strip():
        told = "、".join(f"{OPEN_ENDS[kind]} {count}" for kind, count in left)
        raise Refused(
            _("未能归档：还有没有办完的：%(left)s。请先办完，或逐项写明原因。") % {"left": told}, field="open_reason"
        )
    if Proposal.objects.filter(unit_id=proposal.unit_id, archive_number=archive_number.strip()).exists():
        raise Refused(_("未能归档：这个档号已经用过。请核对档号。"), field="archive_number")
    proposal.archive_number, proposal.archived_on = archive_number.strip(), today
    proposal.review_due_on, proposal.open_reason = review_due_on, open_reason.strip()
    proposal.save(update_fields=["archive_number", "archived_on", "review_due_on", "open_reason"])
    checking.changed(proposal, by)


@steps.REVIEW.command
def review(proposal: Proposal, *, by: Actor, text: str) -> None:
    """Say what came of the decision."""
    if not text.strip():
        raise Refused(_("未能登记后评估：没有写明评估结论。请写明效果如何、与目的是否一致。"), field="text")
    proposal.review, proposal.reviewed_on = text.strip(), clock.today()
    proposal.save(update_fields=["review", "reviewed_on"])
    checking.changed(proposal, by)
