"""What the procedures share: on what basis, within how long."""

from xianxue.kernel.procedures import Basis, Days
from xianxue.people.rules.limits import limit


def days(name: str) -> Days:
    """A limit of data/limits.toml as the limit of a step."""
    found = limit(name)
    return Days(found.count, found.source)


def basis(name: str) -> Basis:
    """The source of a limit as the basis of a procedure."""
    found = limit(name)
    return Basis(found.basis, found.article, is_checked=found.is_checked)
