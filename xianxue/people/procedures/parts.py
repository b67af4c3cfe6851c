"""What the procedures share: who acts, on what basis, within how long."""

from xianxue.accounts.choices import Role
from xianxue.kernel.access import holds
from xianxue.kernel.procedures import Basis, Days
from xianxue.people.rules.limits import limit

REGISTRAR = holds(Role.REGISTRAR)
HEAD = holds(Role.HEAD)
SCHOOL = holds(Role.REGISTRAR, Role.HEAD)
OFFICER = holds(Role.COUNTY_OFFICER)
READS = holds(Role.DIRECTOR, Role.COUNTY_OFFICER, Role.AUDITOR, Role.HEAD, Role.REGISTRAR)


def days(name: str) -> Days:
    """A limit of data/limits.toml as the limit of a step."""
    found = limit(name)
    return Days(found.count, found.source)


def basis(name: str) -> Basis:
    """The source of a limit as the basis of a procedure."""
    found = limit(name)
    return Basis(found.basis, found.article, is_checked=found.is_checked)
