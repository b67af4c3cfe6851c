"""Commands of the findings: explained, confirmed or dismissed, sent to be put right, accepted."""

from django.utils.translation import gettext as _

from xianxue.decisions.models import Finding
from xianxue.decisions.procedures.findings import FollowFinding
from xianxue.decisions.services.rectification import send_on
from xianxue.kernel.access import Actor
from xianxue.kernel.commands import Refused


@FollowFinding.open_finding.command
def open_finding(*, by: Actor, finding: Finding) -> Finding:
    """One finding, as the checks made it; thousands are opened by `kernel.procedures.opening.open_many`."""
    return finding


@FollowFinding.explain.command
def explain(finding: Finding, *, by: Actor, explanation: str) -> None:
    """The school says how it came about."""
    if not explanation.strip():
        raise Refused(_("未能提交说明：没有写内容。请写明当时的情况和理由。"), field="explanation")
    finding.explanation = explanation.strip()
    finding.save(update_fields=["explanation"])


def _judge(finding: Finding, reason: str, *, holds: bool) -> None:
    if not reason.strip():
        raise Refused(_("未能认定：没有写理由。请写明依据什么认定或者排除。"), field="reason")
    finding.is_confirmed, finding.verdict_reason = holds, reason.strip()
    finding.save(update_fields=["is_confirmed", "verdict_reason"])


@FollowFinding.confirm.command
def confirm(finding: Finding, *, by: Actor, reason: str) -> None:
    """The finding holds."""
    _judge(finding, reason, holds=True)


@FollowFinding.confirm_unexplained.command
def confirm_unexplained(finding: Finding, *, by: Actor, reason: str) -> None:
    """The school said nothing within its limit, and the finding holds."""
    _judge(finding, reason, holds=True)


@FollowFinding.dismiss.command
def dismiss(finding: Finding, *, by: Actor, reason: str) -> None:
    """The finding does not hold. It stays, with the reason, and the same failure is not found again."""
    _judge(finding, reason, holds=False)


@FollowFinding.except_.command
def make_exception(finding: Finding, *, by: Actor, reason: str) -> None:
    """The bureau lets it stand, with its reason, for everybody who watches to read."""
    if not reason.strip():
        raise Refused(_("未能按例外处理：没有写依据。请写明依据和理由。"), field="reason")
    finding.verdict_reason = reason.strip()
    finding.save(update_fields=["verdict_reason"])


@FollowFinding.send.command
def send(finding: Finding, *, by: Actor) -> None:
    """Hand it over to be put right."""
    send_on(finding, by)
