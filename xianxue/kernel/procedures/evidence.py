"""Where the evidence of a matter comes from: the part that makes packs stands beside this one, and an app above joins them."""

from collections.abc import Callable, Sequence

from django.http import HttpResponse

from xianxue.kernel.access import Actor
from xianxue.kernel.documents import Block
from xianxue.kernel.procedures.models import Matter

Packer = Callable[[Matter, Sequence[int], Actor], HttpResponse]
"""Makes the pack of a matter, as a download, from the numbers of its events; records that it left. Raises Refused."""
Checker = Callable[[Matter, int], Sequence[Block]]
"""The lines of the printed record by which it can be checked: short root and code; with the last event's number."""
_packers: list[Packer] = []
_checkers: list[Checker] = []


def provide_evidence(packer: Packer, checker: Checker | None = None) -> None:
    """Say how a pack is made and what the printed record carries. Called once, when apps are ready."""
    _packers[:] = [packer]
    _checkers[:] = [checker] if checker else []


def has_packs() -> bool:
    """Whether this installation makes evidence packs."""
    return bool(_packers)


def pack(matter: Matter, events: Sequence[int], by: Actor) -> HttpResponse | None:
    """The pack with these events; None where packs are not made. Raises Refused."""
    return _packers[0](matter, events, by) if _packers else None


def check_blocks(matter: Matter, last_event: int) -> list[Block]:
    """The last lines of the printed record; none where nothing is provided."""
    return [block for checker in _checkers for block in checker(matter, last_event)]
