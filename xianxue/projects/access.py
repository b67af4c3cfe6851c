"""Who sees capital projects, and who keeps them."""

from xianxue.kernel.access import holds
from xianxue.organisations import roles
from xianxue.projects.roles import PROJECT_OFFICER

KEEPS_PROJECTS = holds(PROJECT_OFFICER)
SEES_PROJECTS = KEEPS_PROJECTS | holds(roles.DIRECTOR, roles.COUNTY_OFFICER, roles.AUDITOR, roles.HEAD)
