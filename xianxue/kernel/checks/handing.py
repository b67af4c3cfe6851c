"""Where a confirmed finding goes to be put right: whoever keeps the ledger of problems says so, once, when apps are ready."""

from collections.abc import Callable

from xianxue.kernel.access import Actor
from xianxue.kernel.checks.models import AbstractFinding

Hook = Callable[[AbstractFinding, Actor], None]
"""Called in the transaction that sends a finding on; makes the matter of rectification. Raises Refused."""
_hooks: list[Hook] = []


def provide_rectification(hook: Hook) -> None:
    """Say what happens to a finding that is sent on."""
    _hooks.append(hook)


def send_on(finding: AbstractFinding, by: Actor) -> None:
    """Tell whoever asked. Where nobody did, the finding waits as sent on until it is confirmed as put right."""
    for hook in _hooks:
        hook(finding, by)
