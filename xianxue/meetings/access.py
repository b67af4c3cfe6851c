"""Who may do what with meetings; whose seat it is decides the rest."""

from xianxue.kernel.access import holds
from xianxue.meetings.roles import DECISIONS_OFFICER, DISCIPLINE, INSPECTOR, MEMBER, RECORDER, SECRETARY
from xianxue.organisations import roles

RECORDS = holds(RECORDER)
LEADS = holds(SECRETARY, roles.HEAD)
SITS = holds(SECRETARY, roles.HEAD, MEMBER, INSPECTOR, RECORDER)
INSPECTS = holds(INSPECTOR)
KEEPS_ROSTERS = holds(RECORDER, DECISIONS_OFFICER)
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
