"""Who sees the county as a whole, and who may change the words of its report."""

from xianxue.accounts.choices import Role
from xianxue.kernel.access import holds

SEES_COUNTY = holds(
    Role.DIRECTOR, Role.COUNTY_OFFICER, Role.AID_OFFICER, Role.PROJECT_OFFICER, Role.AUDITOR, Role.SYSTEM_ADMIN
)
EDITS_REPORT = holds(Role.DIRECTOR, Role.COUNTY_OFFICER)
RECOMPUTES = holds(Role.DIRECTOR, Role.COUNTY_OFFICER, Role.AID_OFFICER, Role.PROJECT_OFFICER, Role.SYSTEM_ADMIN)
