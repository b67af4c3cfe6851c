"""What other apps know of the ledgers: which decision a number names, and what follows when rows change.

A row names the decision that it rests on by that decision's number. Whose decisions those are, and what is checked again,
is said once by the app that keeps them, when apps are ready.
"""

from collections.abc import Callable, Collection, Iterable

from xianxue.kernel.access import Actor

Number = tuple[int, str]
"""A school and a number that is unique within it."""
DecisionsOf = Callable[[Collection[int], Collection[str]], dict[Number, int]]
"""Schools and numbers → (school, number) → key of the decision; those unknown are left out."""
WhenChanged = Callable[[Iterable[int], Iterable[int], Actor], None]
"""Called in the transaction that wrote rows: the schools, the decisions that the rows name or named, who wrote."""
_decisions: list[DecisionsOf] = []
_when_changed: list[WhenChanged] = []


def provide_decisions(decisions: DecisionsOf) -> None:
    """Say which decisions the numbers name. Called once, when apps are ready."""
    _decisions[:] = [decisions]


def provide_when_changed(when_changed: WhenChanged) -> None:
    """Say what follows when rows were written. Called once an app, when apps are ready."""
    _when_changed.append(when_changed)


def decisions_of(units: Collection[int], numbers: Collection[str]) -> dict[Number, int]:
    """The decisions that the numbers name, by school and number."""
    return _decisions[0](units, numbers) if _decisions else {}


def changed(units: Iterable[int], decisions: Iterable[int], *, by: Actor) -> None:
    """Tell whoever asked that rows of these schools were written, and which decisions they name or named."""
    schools, named = list(units), list(decisions)
    for when_changed in _when_changed:
        when_changed(schools, named, by)
