"""Who keeps accounts, who reads what happened to them, and who is the second of two people."""

from xianxue.kernel.access import Trait, holds, holds_any
from xianxue.organisations import roles

# The second person: another security administrator, or the director, who is the other of the two.
CONFIRMERS = (roles.SECURITY_ADMIN, roles.DIRECTOR)
KEEPS_ACCOUNTS = holds(roles.SECURITY_ADMIN)
READS_ACCOUNTS = holds(roles.SECURITY_ADMIN, roles.AUDIT_ADMIN)
READS_SIGN_INS = holds(roles.AUDIT_ADMIN)
CONFIRMS = holds(*CONFIRMERS)
ASKED = CONFIRMS | holds(roles.AUDIT_ADMIN)

KEEPERS = holds_any(Trait.OPENS_SEALED)
"""Whoever may reveal sealed columns of some register; the register's own grant is checked when a file is made."""
DECIDES_EXPORTS = holds(roles.HEAD, roles.DIRECTOR)
READS_EXPORTS = KEEPERS | DECIDES_EXPORTS | holds(roles.AUDITOR)
