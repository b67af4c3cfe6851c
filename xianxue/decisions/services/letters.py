"""Commands of the letters of notice."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from xianxue.decisions.models import Finding, NoticeLetter
from xianxue.decisions.procedures.letters import SendLetter
from xianxue.kernel.access import Actor, current_reach, whole_county
from xianxue.kernel.commands import Refused
from xianxue.kernel.procedures import clock
from xianxue.kernel.procedures.calendar import add_working_days

FARTHEST = 60
"""Working days at most until the reply."""


@SendLetter.issue.command
def issue(
    *, by: Actor, finding: Finding, number: str, demand: str, reply_days: int, others: Sequence[Finding] = ()
) -> NoticeLetter:
    """A letter about a finding, and `others` of the same school, to be answered within so many working days."""
    if finding.unit_id not in SendLetter.issue.by.scope(current_reach()):
        raise Refused(_("未能发提示函：这所学校不在您监督的范围内。"))
    listed = {one.pk: one for one in (finding, *others)}
    if {one.unit_id for one in listed.values()} != {finding.unit_id}:
        raise Refused(_("未能发提示函：所选问题不是同一所学校的。一封提示函只发一所学校，请分开发。"), field="others")
    if not 1 <= reply_days <= FARTHEST:
        told = {"most": FARTHEST}
        raise Refused(_("未能发提示函：回复期限应在 1 到 %(most)s 个工作日之间。") % told, field="reply_days")
    with whole_county("函号全县不重复"):
        is_taken = NoticeLetter.objects.filter(number=number.strip()).exists()
    if is_taken:
        raise Refused(_("未能发提示函：函号已经用过。请换一个函号。"), field="number")
    today = clock.today()
    letter = NoticeLetter(
        unit_id=finding.unit_id,
        county_id=finding.county_id,
        number=number.strip(),
        issued_on=today,
        reply_due_on=add_working_days(today, reply_days),
        demand=demand.strip(),
    )
    letter.once_saved = lambda: letter.findings.set(listed)
    return letter


@SendLetter.reply.command
def reply(letter: NoticeLetter, *, by: Actor, reply: str) -> None:
    """The school answers, point by point."""
    if not reply.strip():
        raise Refused(_("未能回复：没有写内容。请逐条回复。"), field="reply")
    letter.reply, letter.replied_on = reply.strip(), clock.today()
    letter.save(update_fields=["reply", "replied_on"])


@SendLetter.ask_again.command
def ask_again(letter: NoticeLetter, *, by: Actor) -> None:
    """The reply does not answer; the school writes another one."""
    letter.replied_on = None
    letter.save(update_fields=["replied_on"])
