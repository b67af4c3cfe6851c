"""Who may do what with major decisions; who leads, records and reads is who does so in the meetings that decide them."""

from xianxue.kernel.access import holds
from xianxue.meetings import access as sitting
from xianxue.meetings.roles import DECISIONS_OFFICER, DISCIPLINE, MEMBER
from xianxue.organisations import roles

RECORDS, LEADS, INSPECTS, READS = sitting.RECORDS, sitting.LEADS, sitting.INSPECTS, sitting.READS
PROPOSES = PREPARES = RECORDS | LEADS | holds(MEMBER)
BUREAU = holds(DECISIONS_OFFICER)
CONFIRMS = BUREAU | holds(roles.DIRECTOR)
"""Who gives force to what the bureau drafts."""
SUPERVISES = holds(DISCIPLINE)
OVERSEES = BUREAU | SUPERVISES | holds(roles.DIRECTOR, roles.AUDITOR)
"""Who sees all schools side by side."""
