"""Who keeps schools, classes and the calendar."""

from xianxue.kernel.access import holds
from xianxue.organisations import roles

KEEPS_SCHOOLS = holds(roles.COUNTY_OFFICER, roles.REGISTRAR)
KEEPS_CALENDAR = holds(roles.COUNTY_OFFICER, roles.SYSTEM_ADMIN)
