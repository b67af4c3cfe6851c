"""Commands of the findings: explained, confirmed or dismissed, excepted, sent to be put right."""

from collections.abc import Callable
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from xianxue.kernel.access import Actor
from xianxue.kernel.checks.handing import send_on
from xianxue.kernel.checks.models import AbstractFinding
from xianxue.kernel.checks.procedure import FindingProcedure
from xianxue.kernel.commands import Refused

Command = Callable[..., Any]


class Commands(NamedTuple):
    """The commands of one app's findings."""

    open_finding: Command
    explain: Command
    confirm: Command
    confirm_unexplained: Command
    dismiss: Command
    make_exception: Command
    send: Command


def commands_of(item: type[FindingProcedure]) -> Commands:
    """Give the steps of the procedure their commands; called once, in the app's `services`."""
    return Commands(
        item.open_finding.command(_open_finding),
        item.explain.command(_explain),
        item.confirm.command(_confirm),
        item.confirm_unexplained.command(_confirm),
        item.dismiss.command(_dismiss),
        item.except_.command(_make_exception),
        item.send.command(_send),
    )


def _open_finding(*, by: Actor, finding: AbstractFinding) -> AbstractFinding:
    """One finding, as the checks made it; thousands are opened by `kernel.procedures.opening.open_many`."""
    return finding


def _explain(finding: AbstractFinding, *, by: Actor, explanation: str) -> None:
    """The unit says how it came about."""
    if not explanation.strip():
        raise Refused(_("未能提交说明：没有写内容。请写明当时的情况和理由。"), field="explanation")
    finding.explanation = explanation.strip()
    finding.save(update_fields=["explanation"])


def _confirm(finding: AbstractFinding, *, by: Actor, reason: str) -> None:
    """The finding holds, explained or unexplained within its limit."""
    _judge(finding, reason, holds=True)


def _dismiss(finding: AbstractFinding, *, by: Actor, reason: str) -> None:
    """The finding does not hold. It stays, with the reason, and is not found again while the facts are the same."""
    _judge(finding, reason, holds=False)


def _judge(finding: AbstractFinding, reason: str, *, holds: bool) -> None:
    if not reason.strip():
        raise Refused(_("未能认定：没有写理由。请写明依据什么认定或者排除。"), field="reason")
    finding.is_confirmed, finding.verdict_reason = holds, reason.strip()
    finding.judged_digest = _judged(finding)
    finding.save(update_fields=["is_confirmed", "verdict_reason", "judged_digest"])


def _make_exception(finding: AbstractFinding, *, by: Actor, reason: str) -> None:
    """The bureau lets it stand, with its reason, for everybody who watches to read."""
    if not reason.strip():
        raise Refused(_("未能按例外处理：没有写依据。请写明依据和理由。"), field="reason")
    finding.verdict_reason, finding.judged_digest = reason.strip(), _judged(finding)
    finding.save(update_fields=["verdict_reason", "judged_digest"])


def _judged(finding: AbstractFinding) -> str:
    # Whoever judges a failure that is gone says nothing of one that comes back.
    return "" if finding.gone_on else finding.facts_digest


def _send(finding: AbstractFinding, *, by: Actor) -> None:
    """Hand it over to be put right."""
    send_on(finding, by)
