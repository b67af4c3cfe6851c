"""Who sees student aid, and who keeps it."""

from xianxue.aid.roles import AID_OFFICER
from xianxue.kernel.access import holds
from xianxue.organisations import roles

KEEPS_AID = holds(AID_OFFICER)
SEES_AID = KEEPS_AID | holds(roles.DIRECTOR, roles.COUNTY_OFFICER, roles.AUDITOR, roles.HEAD, roles.REGISTRAR)
