"""Who keeps accounts, who reads what happened to them, and who is the second of two people."""

from xianxue.accounts.choices import CONFIRMERS, Role
from xianxue.kernel.access import holds

KEEPS_ACCOUNTS = holds(Role.SECURITY_ADMIN)
READS_ACCOUNTS = holds(Role.SECURITY_ADMIN, Role.AUDIT_ADMIN)
READS_SIGN_INS = holds(Role.AUDIT_ADMIN)
CONFIRMS = holds(*CONFIRMERS)
ASKED = CONFIRMS | holds(Role.AUDIT_ADMIN)
