"""Who sees the county as a whole, who may change the words of its report, and who prepares and releases it."""

from xianxue.kernel.access import Trait, holds, holds_any
from xianxue.organisations import roles

SEES_COUNTY = holds_any(Trait.SEES_COUNTY)
EDITS_REPORT = holds(roles.DIRECTOR, roles.COUNTY_OFFICER)
RECOMPUTES = holds_any(Trait.COUNTS)
PREPARES = holds(roles.COUNTY_OFFICER)
RELEASES = holds(roles.DIRECTOR)
# Recomputing a released figure is an auditor's work too: it changes no record.
CHECKS = holds(roles.DIRECTOR, roles.COUNTY_OFFICER, roles.AUDITOR)
READS_RELEASED = SEES_COUNTY | holds(roles.HEAD, roles.REGISTRAR, roles.CLASS_TEACHER)
