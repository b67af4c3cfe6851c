"""Who may do what with major decisions."""

from xianxue.kernel.access import holds
from xianxue.meetings.roles import DECISIONS_OFFICER, DISCIPLINE, INSPECTOR, MEMBER, RECORDER, SECRETARY
from xianxue.organisations import roles

PROPOSES = holds(RECORDER, MEMBER, SECRETARY, roles.HEAD)
PREPARES = holds(RECORDER, MEMBER, SECRETARY, roles.HEAD)
RECORDS = holds(RECORDER)
LEADS = holds(SECRETARY, roles.HEAD)
INSPECTS = holds(INSPECTOR)
BUREAU = holds(DECISIONS_OFFICER)
SUPERVISES = holds(DISCIPLINE)
CONFIRMS = BUREAU | holds(roles.DIRECTOR)
"""Who gives force to what the bureau drafts."""
OVERSEES = holds(DECISIONS_OFFICER, DISCIPLINE, roles.DIRECTOR, roles.AUDITOR)
"""Who sees all schools side by side."""
KEEPS_LEDGERS = holds(RECORDER)
READS = holds(
    SECRETARY,
    roles.HEAD,
    MEMBER,
    INSPECTOR,
    RECORDER,
    DECISIONS_OFFICER,
    DISCIPLINE,
    roles.AUDITOR,
    roles.DIRECTOR,
)
