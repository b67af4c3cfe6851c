"""What the procedures share: who acts, on what basis, within how long."""

from xianxue.kernel.access import holds
from xianxue.kernel.procedures import Basis, Days
from xianxue.organisations import roles
from xianxue.people.rules.limits import limit

REGISTRAR = holds(roles.REGISTRAR)
HEAD = holds(roles.HEAD)
SCHOOL = holds(roles.REGISTRAR, roles.HEAD)
OFFICER = holds(roles.COUNTY_OFFICER)
READS = holds(roles.DIRECTOR, roles.COUNTY_OFFICER, roles.AUDITOR, roles.HEAD, roles.REGISTRAR)


def days(name: str) -> Days:
    """A limit of data/limits.toml as the limit of a step."""
    found = limit(name)
    return Days(found.count, found.source)


def basis(name: str) -> Basis:
    """The source of a limit as the basis of a procedure."""
    found = limit(name)
    return Basis(found.basis, found.article, is_checked=found.is_checked)
