"""Who sees the county as a whole, who may change the words of its report, and who prepares and releases it."""

from xianxue.accounts.choices import Role
from xianxue.kernel.access import holds

SEES_COUNTY = holds(
    Role.DIRECTOR, Role.COUNTY_OFFICER, Role.AID_OFFICER, Role.PROJECT_OFFICER, Role.AUDITOR, Role.SYSTEM_ADMIN
)
EDITS_REPORT = holds(Role.DIRECTOR, Role.COUNTY_OFFICER)
RECOMPUTES = holds(Role.DIRECTOR, Role.COUNTY_OFFICER, Role.AID_OFFICER, Role.PROJECT_OFFICER, Role.SYSTEM_ADMIN)
PREPARES = holds(Role.COUNTY_OFFICER)
RELEASES = holds(Role.DIRECTOR)
# Recomputing a released figure is an auditor's work too: it changes no record.
CHECKS = holds(Role.DIRECTOR, Role.COUNTY_OFFICER, Role.AUDITOR)
READS_RELEASED = SEES_COUNTY | holds(Role.HEAD, Role.REGISTRAR, Role.CLASS_TEACHER)
