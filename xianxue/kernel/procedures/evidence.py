"""Where the evidence of a matter comes from: the part that makes packs stands beside this one, and an app above joins them."""

from collections.abc import Callable, Sequence

from xianxue.kernel.documents import Block
from xianxue.kernel.procedures.models import Matter

Packer = Callable[[Matter, Sequence[int]], bytes]
"""Makes the pack of a matter, a zip, from the numbers of its events."""
Checker = Callable[[Matter], Sequence[Block]]
"""The lines of the printed record by which it can be checked: short root and code."""
_packers: list[Packer] = []
_checkers: list[Checker] = []


def provide_evidence(packer: Packer, checker: Checker | None = None) -> None:
    """Say how a pack is made and what the printed record carries. Called once, when apps are ready."""
    _packers[:] = [packer]
    _checkers[:] = [checker] if checker else []


def has_packs() -> bool:
    """Whether this installation makes evidence packs."""
    return bool(_packers)


def pack(matter: Matter, events: Sequence[int]) -> bytes | None:
    """The pack with these events; None where packs are not made."""
    return _packers[0](matter, events) if _packers else None


def check_blocks(matter: Matter) -> list[Block]:
    """The last lines of the printed record; none where nothing is provided."""
    return [block for checker in _checkers for block in checker(matter)]
