"""Who may do what with major decisions."""

from xianxue.accounts.choices import Role
from xianxue.kernel.access import holds

PROPOSES = holds(Role.RECORDER, Role.MEMBER, Role.SECRETARY, Role.HEAD)
PREPARES = holds(Role.RECORDER, Role.MEMBER, Role.SECRETARY, Role.HEAD)
RECORDS = holds(Role.RECORDER)
LEADS = holds(Role.SECRETARY, Role.HEAD)
INSPECTS = holds(Role.INSPECTOR)
BUREAU = holds(Role.DECISIONS_OFFICER)
DISCIPLINE = holds(Role.DISCIPLINE)
OVERSEES = holds(Role.DECISIONS_OFFICER, Role.DISCIPLINE, Role.DIRECTOR, Role.AUDITOR)
"""Who sees all schools side by side."""
KEEPS_LEDGERS = holds(Role.RECORDER)
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
