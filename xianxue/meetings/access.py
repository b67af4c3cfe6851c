"""Who may do what with meetings; whose seat it is decides the rest."""

from xianxue.accounts.choices import Role
from xianxue.kernel.access import holds

RECORDS = holds(Role.RECORDER)
LEADS = holds(Role.SECRETARY, Role.HEAD)
SITS = holds(Role.SECRETARY, Role.HEAD, Role.MEMBER, Role.INSPECTOR, Role.RECORDER)
INSPECTS = holds(Role.INSPECTOR)
KEEPS_ROSTERS = holds(Role.RECORDER, Role.DECISIONS_OFFICER)
READS = holds(
    Role.SECRETARY,
    Role.HEAD,
    Role.MEMBER,
    Role.INSPECTOR,
    Role.RECORDER,
    Role.DECISIONS_OFFICER,
    Role.DISCIPLINE,
    Role.AUDITOR,
    Role.DIRECTOR,
)
